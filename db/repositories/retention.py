"""Deletes what is old, in SQL. It is looked up first, so that the write lock is held briefly."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import (
    Column,
    ColumnElement,
    Row,
    Select,
    and_,
    bindparam,
    delete,
    func,
    not_,
    or_,
    select,
    true,
)

from db.tables import (
    breaker_events,
    breaker_latches,
    decisions,
    observations,
    outbox,
    sentiment_snapshots,
    shadows,
    watch_changes,
    whale_events,
)
from db.transaction import Transaction
from domain.timeframes import from_ms, to_ms
from engine.ports.retention import History, Pruned
from engine.ports.storage import OutboxState

_SETTLED: Final = (OutboxState.SENT, OutboxState.FAILED, OutboxState.SUPERSEDED)

KEPT_MESSAGES: Final = ("signal:", "intent:")
"""Keys of messages that may be edited or answered at any age are one of these and a number."""

KEPT_MARKS: Final = "signal:%:late"
"""What the keys of edits are like that say of a post for as long as it is kept that it was late."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Prunable:
    """Where the time of a row stands, and what must hold of it besides being old."""

    at: Column[Any]
    may_go: ColumnElement[bool]
    is_in_milliseconds: bool = False

    def bound(self, at: datetime) -> datetime | int:
        """An instant as the column holds it."""
        return to_ms(at) if self.is_in_milliseconds else at

    def instant(self, value: Any) -> datetime:
        """What the column holds as an instant."""
        return from_ms(value) if self.is_in_milliseconds else value


def _is_needed_by_nobody() -> ColumnElement[bool]:
    """Of a decision that is no signal's: no shadow began between it and the pair's next one.

    The newest decision on a pair has no next one, so that nothing holds of it, and stays: people
    ask for it.
    """
    later = decisions.alias("later")
    next_decision = _earliest(later.c.as_of, later.c.symbol, later.c.as_of > decisions.c.as_of)
    next_shadow = _earliest(
        shadows.c.decided_at, shadows.c.symbol, shadows.c.decided_at >= decisions.c.as_of
    )
    return and_(
        decisions.c.signal_id.is_(None),
        func.coalesce(next_shadow, next_decision) >= next_decision,
    )


def _earliest(
    at: ColumnElement[Any], symbol: ColumnElement[str], condition: ColumnElement[bool]
) -> ColumnElement[Any]:
    earliest = select(at).where(symbol == decisions.c.symbol, condition).order_by(at).limit(1)
    return earliest.correlate(decisions).scalar_subquery()


def _is_settled() -> ColumnElement[bool]:
    """Of a message: nothing will happen to it any more, not even an edit or a reply."""
    begun_again = (
        and_(outbox.c.key.like(f"{prefix}%"), outbox.c.key.not_like(f"{prefix}%:%"))
        for prefix in KEPT_MESSAGES
    )
    # Not as a list: a statement for many rows can't take one.
    has_settled = or_(*(outbox.c.state == state for state in _SETTLED))
    return and_(has_settled, not_(or_(*begun_again, outbox.c.key.like(KEPT_MARKS))))


def _tells_of_no_standing_trip() -> ColumnElement[bool]:
    """Of a breaker's event: without it, a breaker that still stands would be told again."""
    latch = breaker_latches.c
    standing = select(latch.breaker).where(
        latch.breaker == breaker_events.c.breaker, latch.tripped_at <= breaker_events.c.at
    )
    return not_(standing.correlate(breaker_events).exists())


_PRUNABLE: Final = {
    History.DECISIONS: _Prunable(at=decisions.c.as_of, may_go=_is_needed_by_nobody()),
    # A shadow that is still followed has no end, and what is NULL is not old.
    History.SHADOWS: _Prunable(at=shadows.c.ended_at, may_go=true()),
    History.OBSERVATIONS: _Prunable(at=observations.c.boundary, may_go=true()),
    History.MESSAGES: _Prunable(at=outbox.c.created_at, may_go=_is_settled()),
    History.WATCH_CHANGES: _Prunable(at=watch_changes.c.at, may_go=true()),
    History.BREAKER_EVENTS: _Prunable(at=breaker_events.c.at, may_go=_tells_of_no_standing_trip()),
    History.TRANSFERS: _Prunable(
        at=whale_events.c.known_ms, may_go=true(), is_in_milliseconds=True
    ),
    History.SENTIMENT: _Prunable(
        at=sentiment_snapshots.c.at_ms, may_go=true(), is_in_milliseconds=True
    ),
}


class SqlRetentionRepository:
    """Deletes what is old and needed by nothing else."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def prune(
        self, history: History, *, after: datetime | None, before: datetime, limit: int
    ) -> Pruned:
        """Delete the oldest `limit` rows at most with after <= time < before."""
        prunable = _PRUNABLE[history]
        statement = _select_expired(prunable, after, before).limit(limit)
        rows = (await self._transaction.execute(statement)).all()
        if not rows:
            return Pruned()
        await self._delete(prunable, rows)
        return Pruned(rows=len(rows), until=prunable.instant(rows[-1].at))

    async def _delete(self, prunable: _Prunable, rows: Sequence[Row[Any]]) -> None:
        keys = _keys(prunable)
        matches = [key == bindparam(f"key_{key.name}") for key in keys]
        named = [{f"key_{key.name}": getattr(row, key.name) for key in keys} for row in rows]
        # A message may have been taken up again since it was read.
        statement = delete(prunable.at.table).where(*matches, prunable.may_go)
        await self._transaction.execute(statement, named)


def _select_expired(prunable: _Prunable, after: datetime | None, before: datetime) -> Select[Any]:
    period = [prunable.at < prunable.bound(before)]
    if after is not None:
        period.append(prunable.at >= prunable.bound(after))
    columns = (*_keys(prunable), prunable.at.label("at"))
    return select(*columns).where(*period, prunable.may_go).order_by(prunable.at)


def _keys(prunable: _Prunable) -> tuple[Column[Any], ...]:
    return tuple(prunable.at.table.primary_key.columns)
