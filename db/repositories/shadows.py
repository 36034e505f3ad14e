"""Decisions that were not sent, in SQL: what was decided stays, the courses are replaced."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, bindparam, func, insert, select, update

from db.codec import COURSE, SHADOW, JsonCodec
from db.tables import shadows
from db.transaction import Transaction
from domain.errors import NotFoundError
from domain.shadows import FollowedShadow
from domain.signals import Course, SignalState
from engine.ports.storage import ShadowResult

_LIVE_STATES = [state for state in SignalState if not state.is_final]
_SAVE_COURSE = update(shadows).where(shadows.c.id == bindparam("shadow_id"))


@dataclass(frozen=True, slots=True, kw_only=True)
class _RulesOfShadow:
    """The part of a stored shadow that a result is read from."""

    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class _EntryOfCourse:
    """The part of a stored course that a result is read from."""

    triggered_at: datetime | None


_RULES = JsonCodec(_RulesOfShadow)
_ENTRY = JsonCodec(_EntryOfCourse)


class SqlShadowRepository:
    """Shadows and their courses. One that cannot be read is left out, with a line in the log."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def next_id(self) -> int:
        """One more than the newest id, 1 for the first."""
        newest = await self._transaction.execute(select(func.max(shadows.c.id)))
        return (newest.scalar_one() or 0) + 1

    async def add(self, added: Sequence[FollowedShadow]) -> None:
        """Keep new shadows. Raises `ConflictError` when an id is taken."""
        if added:
            await self._transaction.execute(insert(shadows), [_to_row(each) for each in added])

    async def save_courses(self, courses: Mapping[int, Course]) -> None:
        """Replace the courses of shadows by id, in one statement. Raises `NotFoundError`."""
        if not courses:
            return
        await self._require(courses)
        rows = [{"shadow_id": id_} | _course_values(course) for id_, course in courses.items()]
        await self._transaction.execute(_SAVE_COURSE, rows)

    async def _require(self, courses: Mapping[int, Course]) -> None:
        # Of a statement for many rows, asyncpg doesn't tell how many it met.
        statement = select(shadows.c.id).where(shadows.c.id.in_(courses))
        known = set((await self._transaction.execute(statement)).scalars())
        if missing := sorted(courses.keys() - known):
            raise NotFoundError(f"there are no shadows {missing} whose courses could be stored")

    async def list_live(self) -> list[FollowedShadow]:
        """All that have not ended, oldest first."""
        return await self._list(shadows.c.state.in_(_LIVE_STATES), order=shadows.c.decided_at)

    async def list_ended_between(self, start: datetime, end: datetime) -> list[FollowedShadow]:
        """Shadows with start <= ended_at < end, in order of their end."""
        ended_at = shadows.c.ended_at
        return await self._list(ended_at >= start, ended_at < end, order=ended_at)

    async def list_results_between(self, start: datetime, end: datetime) -> list[ShadowResult]:
        """Results of the same shadows in the same order, for a fraction of the work."""
        ended_at = shadows.c.ended_at
        columns = (shadows.c.id, shadows.c.payload, shadows.c.course, shadows.c.realised_r)
        statement = select(*columns).where(ended_at >= start, ended_at < end)
        rows = await self._transaction.execute(statement.order_by(ended_at, shadows.c.id))
        return [result for row in rows if (result := _to_result(row)) is not None]

    async def _list(
        self, *conditions: ColumnElement[bool], order: ColumnElement[Any]
    ) -> list[FollowedShadow]:
        columns = (shadows.c.id, shadows.c.payload, shadows.c.course)
        statement = select(*columns).where(*conditions).order_by(order, shadows.c.id)
        read = [_from_row(row) for row in await self._transaction.execute(statement)]
        return [followed for followed in read if followed is not None]


def _to_row(followed: FollowedShadow) -> dict[str, Any]:
    shadow = followed.shadow
    decided = {
        "id": shadow.id,
        "symbol": shadow.instrument.symbol,
        "decided_at": shadow.decided_at,
        "payload": SHADOW.encode(shadow),
    }
    return decided | _course_values(followed.course)


def _course_values(course: Course) -> dict[str, Any]:
    return {
        "state": course.state,
        "ended_at": course.ended_at,
        "realised_r": course.realised_r,
        "course": COURSE.encode(course),
    }


def _from_row(row: Row[Any]) -> FollowedShadow | None:
    shadow = SHADOW.decode_or_leave_out(row.payload, key=row.id)
    course = COURSE.decode_or_leave_out(row.course, key=row.id)
    if shadow is None or course is None:
        return None
    return FollowedShadow(shadow=shadow, course=course)


def _to_result(row: Row[Any]) -> ShadowResult | None:
    stopped = _RULES.decode_or_leave_out(row.payload, key=row.id)
    course = _ENTRY.decode_or_leave_out(row.course, key=row.id)
    if stopped is None or course is None:
        return None
    return ShadowResult(
        rules=stopped.rules,
        was_entered=course.triggered_at is not None,
        realised_r=row.realised_r,
    )
