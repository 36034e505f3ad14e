"""Collects from storage what the risk gate must know before it may approve anything."""

from datetime import datetime, timedelta

from domain.instruments import to_decimal
from domain.sentiment import MacroReading
from engine.ports.storage import UnitOfWork
from risk.gate import RiskParameters
from risk.state import RiskState

_LOOK_BACK = timedelta(days=1)
"""Longer than any breaker's window."""


async def collect_risk_state(
    unit: UnitOfWork,
    as_of: datetime,
    now: datetime,
    parameters: RiskParameters,
    macro: MacroReading | None = None,
) -> RiskState:
    """State of the account and of the day for decisions at a boundary, as it stands `now`.

    While signals are not executed, equity is the reference equity of the settings.
    """
    since, until = as_of - _LOOK_BACK, now + timedelta(microseconds=1)
    return RiskState.of(
        now=as_of,
        equity=to_decimal(parameters.reference_equity),
        pause=await unit.state.get_pause(),
        live=await unit.signals.list_live(),
        published=await unit.signals.list_published_between(since, until),
        ended=await unit.signals.list_ended_between(since, until),
        macro=macro,
    )
