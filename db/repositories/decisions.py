"""Decisions in SQL: one batch insert per closing burst."""

from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, func, insert, select

from db.codec import DECISION, DENIALS
from db.tables import decisions
from db.transaction import Transaction
from engine.ports.storage import DecisionCounts, DecisionRecord


class Outcome(StrEnum):
    """What became of a decision."""

    SENT = "sent"
    DENIED = "denied"
    DISCARDED = "discarded"


class SqlDecisionRepository:
    """Decisions, for as long as they are kept."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, records: Sequence[DecisionRecord]) -> None:
        """Keep a batch in one statement."""
        if records:
            await self._transaction.execute(insert(decisions), [_to_row(r) for r in records])

    async def find_latest(self, symbol: str) -> DecisionRecord | None:
        """The newest decision on a pair."""
        newest_first = (decisions.c.as_of.desc(), decisions.c.id.desc())
        statement = (
            select(decisions).where(decisions.c.symbol == symbol).order_by(*newest_first).limit(1)
        )
        row = (await self._transaction.execute(statement)).one_or_none()
        return None if row is None else _from_row(row)

    async def count_between(self, start: datetime, end: datetime) -> DecisionCounts:
        """Counts of decisions with start <= as_of < end."""
        statement = select(
            func.count().label("decided"),
            func.count().filter(decisions.c.outcome == Outcome.SENT).label("sent"),
            func.count().filter(decisions.c.outcome == Outcome.DENIED).label("denied"),
        ).where(decisions.c.as_of >= start, decisions.c.as_of < end)
        row = (await self._transaction.execute(statement)).one()
        return DecisionCounts(decided=row.decided, sent=row.sent, denied=row.denied)


def _to_row(record: DecisionRecord) -> dict[str, Any]:
    decision = record.decision
    return {
        "symbol": decision.symbol,
        "as_of": decision.as_of,
        "direction": decision.direction,
        "score": decision.score,
        "tier": decision.tier,
        "outcome": _outcome_of(record),
        "signal_id": record.signal_id,
        "denials": DENIALS.encode(record.denials),
        "payload": DECISION.encode(decision),
    }


def _outcome_of(record: DecisionRecord) -> Outcome:
    if record.signal_id is not None:
        return Outcome.SENT
    return Outcome.DENIED if record.denials else Outcome.DISCARDED


def _from_row(row: Row[Any]) -> DecisionRecord:
    return DecisionRecord(
        decision=DECISION.decode(row.payload),
        signal_id=row.signal_id,
        denials=DENIALS.decode(row.denials),
    )
