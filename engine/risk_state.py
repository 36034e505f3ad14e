"""Collects what the risk gate must know before it may approve anything."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from domain.correlations import Correlations
from domain.instruments import to_decimal
from domain.sentiment import MacroReading
from domain.signals import FollowedSignal
from engine.ports.storage import UnitOfWork
from risk.gate import RiskParameters
from risk.state import RiskState

_LOOK_BACK = timedelta(days=1)
"""Longer than any breaker's window, and as long as the day that the drawdown ladder goes by."""

_LOOK_AHEAD = timedelta(days=1)
"""What a clock that has leapt back calls the future happened all the same."""


def _no_price(_symbol: str) -> Decimal | None:
    return None


def _no_correlations(_as_of: datetime, _symbols: Collection[str]) -> Correlations:
    return Correlations()


def _no_age() -> float | None:
    return None


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskFacts:
    """What the gate asks beside what is stored; by default nothing is known.

    `price` is the newest price of a symbol, None where there is none. `correlations` are those of
    all pairs that may be traded with each other and with these symbols, as of an instant.
    `clock_age_seconds` is how long ago exchange time was measured, None for a clock that needs no
    measuring.
    """

    price: Callable[[str], Decimal | None] = _no_price
    correlations: Callable[[datetime, Collection[str]], Correlations] = _no_correlations
    clock_age_seconds: Callable[[], float | None] = _no_age


NOTHING_KNOWN: Final = RiskFacts()


async def collect_risk_state(
    unit: UnitOfWork,
    as_of: datetime,
    now: datetime,
    parameters: RiskParameters,
    macro: MacroReading | None = None,
    *,
    facts: RiskFacts = NOTHING_KNOWN,
) -> RiskState:
    """State of the account and of the day for decisions at a boundary, as it stands `now`.

    Signals are sized for the reference equity of the settings, which is what subscribers read; who
    executes one has it sized anew for his own account (`engine.execution`).
    """
    since, until = as_of - _LOOK_BACK, now + _LOOK_AHEAD
    live = await unit.signals.list_live()
    return RiskState.of(
        now=as_of,
        equity=to_decimal(parameters.reference_equity),
        pause=await unit.state.get_pause(),
        live=live,
        published=await unit.signals.list_published_between(since, until),
        ended=await unit.signals.list_ended_between(since, until),
        macro=macro,
        today=now,
        prices=prices_of(live, facts),
        latches=await unit.state.list_latches(),
        correlations=facts.correlations(as_of, {each.signal.plan.symbol for each in live}),
        clock_age_seconds=facts.clock_age_seconds(),
    )


def prices_of(live: Sequence[FollowedSignal], facts: RiskFacts) -> dict[str, Decimal]:
    """Newest prices of the pairs of signals, without those that have none."""
    found = {
        symbol: facts.price(symbol) for symbol in (followed.signal.plan.symbol for followed in live)
    }
    return {symbol: price for symbol, price in found.items() if price is not None}
