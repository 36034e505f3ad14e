"""Published signals in SQL: what was published stays, the course is replaced."""

from datetime import datetime
from functools import lru_cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, func, insert, select, update

from db.codec import COURSE, SIGNAL
from db.tables import signals
from db.transaction import Transaction
from domain.errors import NotFoundError
from domain.signals import Course, FollowedSignal, Signal, SignalState

_SIGNALS_KEPT: Final = 500
"""Decoded ones: the risk rules read those of the last day every minute, and they never change."""

_LIVE_STATES = [state for state in SignalState if not state.is_final]


class SqlSignalRepository:
    """Published signals and their courses."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def next_id(self) -> int:
        """One more than the newest id, 1 for the first."""
        newest = await self._transaction.execute(select(func.max(signals.c.id)))
        return (newest.scalar_one() or 0) + 1

    async def add(self, followed: FollowedSignal) -> None:
        """Keep a newly published signal. Raises `ConflictError` when its id is taken."""
        signal = followed.signal
        published = {
            "id": signal.id,
            "symbol": signal.instrument.symbol,
            "direction": signal.plan.direction,
            "published_at": signal.published_at,
            "valid_until": signal.valid_until,
            "payload": SIGNAL.encode(signal),
            "ledger_hash": followed.ledger_hash,
        }
        row = published | _course_values(followed.course)
        await self._transaction.execute(insert(signals).values(row))

    async def save_course(self, signal_id: int, course: Course) -> None:
        """Replace the course of a signal. Raises `NotFoundError`."""
        statement = update(signals).where(signals.c.id == signal_id).values(_course_values(course))
        changed = await self._transaction.execute(statement)
        if changed.rowcount == 0:
            raise NotFoundError(f"there is no signal {signal_id} whose course could be stored")

    async def find(self, signal_id: int) -> FollowedSignal | None:
        """One signal."""
        found = await self._list(signals.c.id == signal_id)
        return found[0] if found else None

    async def list_live(self) -> list[FollowedSignal]:
        """All that are published or open, oldest first."""
        return await self._list(signals.c.state.in_(_LIVE_STATES))

    async def list_published_between(self, start: datetime, end: datetime) -> list[FollowedSignal]:
        """Signals with start <= published_at < end, oldest first."""
        published_at = signals.c.published_at
        return await self._list(published_at >= start, published_at < end, order=published_at)

    async def list_ended_between(self, start: datetime, end: datetime) -> list[FollowedSignal]:
        """Signals with start <= ended_at < end, in order of their end."""
        ended_at = signals.c.ended_at
        return await self._list(ended_at >= start, ended_at < end, order=ended_at)

    async def _list(
        self, *conditions: ColumnElement[bool], order: ColumnElement[Any] = signals.c.published_at
    ) -> list[FollowedSignal]:
        statement = select(signals).where(*conditions).order_by(order, signals.c.id)
        return [_from_row(row) for row in await self._transaction.execute(statement)]


def _course_values(course: Course) -> dict[str, Any]:
    return {
        "state": course.state,
        "ended_at": course.ended_at,
        "realised_r": course.realised_r,
        "course": COURSE.encode(course),
    }


@lru_cache(maxsize=_SIGNALS_KEPT)
def _signal_of(payload: str) -> Signal:
    return SIGNAL.decode(payload)


def _from_row(row: Row[Any]) -> FollowedSignal:
    return FollowedSignal(
        signal=_signal_of(row.payload),
        course=COURSE.decode(row.course),
        ledger_hash=row.ledger_hash,
    )
