"""From a wish to a position: what is stored the moment a trader has said yes."""

from datetime import datetime, timedelta
from typing import Final

from domain.intents import Intent
from domain.positions import ExitPolicy, Position, PositionState
from domain.signals import Signal
from engine.ports.storage import UnitOfWork

_CLOCK_TOLERANCE: Final = timedelta(seconds=2)
"""A fill is dated by the venue's clock, which ours follows only so closely."""


async def open_position(unit: UnitOfWork, intent: Intent, signal: Signal, now: datetime) -> int:
    """Keep the position of a confirmed intent, still without orders; returns its id.

    Raises `ConflictError` where account and pair have one already.
    """
    position = Position(
        id=await unit.positions.next_id(),
        intent_id=intent.id,
        signal_id=intent.signal_id,
        account=intent.account,
        user_id=intent.user_id,
        instrument=intent.instrument,
        plan=intent.plan,
        exits=ExitPolicy(maximum_hold=signal.rules.maximum_hold),
        state=PositionState.OPENING,
        stop=intent.plan.stop,
        watched_from=now - _CLOCK_TOLERANCE,
    )
    await unit.positions.add(position)
    return position.id
