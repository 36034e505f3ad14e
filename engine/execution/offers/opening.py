"""From a wish to a position: what is stored the moment a trader has said yes."""

from datetime import datetime, timedelta
from typing import Final

from domain.intents import Intent
from domain.positions import ExitPolicy, Position, PositionState
from domain.signals import Signal
from engine.ports.storage import UnitOfWork

_CLOCK_TOLERANCE: Final = timedelta(seconds=2)
"""A fill is dated by the venue's clock, which ours follows only so closely."""

_TICK: Final = timedelta(milliseconds=1)
"""Venues date fills to the millisecond."""


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
        watched_from=await _watched_from(unit, intent, now),
    )
    await unit.positions.add(position)
    return position.id


async def _watched_from(unit: UnitOfWork, intent: Intent, now: datetime) -> datetime:
    """From when on fills are asked for: not those of a trade that has just ended on the pair."""
    begin = now - _CLOCK_TOLERANCE
    ended = await unit.positions.list_closed_between(
        begin - _CLOCK_TOLERANCE, now + _CLOCK_TOLERANCE, account=intent.account
    )
    of_pair = [books for books in ended if books.position.symbol == intent.instrument.symbol]
    newest = [fill.at for books in of_pair for fill in books.fills]
    return max([begin, *(at + _TICK for at in newest)])
