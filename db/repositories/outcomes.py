"""What became of setups, in SQL: one row for each trade, live ones and backtested ones."""

from collections.abc import Collection, Sequence
from typing import Any

from sqlalchemy import delete, select

from db.codec import PAST_OUTCOME
from db.tables import past_outcomes
from db.transaction import Transaction
from domain.memory import Origin, PastOutcome


class SqlOutcomeRepository:
    """Outcomes by origin, symbol and decision."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, outcomes: Sequence[PastOutcome]) -> None:
        """Keep outcomes; one of the same origin, symbol and decision is left as it is."""
        if not outcomes:
            return
        table = past_outcomes.c
        statement = self._transaction.insert(past_outcomes).on_conflict_do_nothing(
            index_elements=[table.origin, table.symbol, table.decided_ms]
        )
        await self._transaction.execute(statement, [_to_row(outcome) for outcome in outcomes])

    async def drop_backtested(self, symbols: Collection[str], start_ms: int, end_ms: int) -> None:
        """Forget backtested outcomes of these pairs with start <= decision < end; no live ones."""
        table = past_outcomes.c
        await self._transaction.execute(
            delete(past_outcomes).where(
                table.origin == Origin.BACKTEST,
                table.symbol.in_(symbols),
                table.decided_ms >= start_ms,
                table.decided_ms < end_ms,
            )
        )

    async def list_all(self) -> list[PastOutcome]:
        """All of them, in the order in which they were known."""
        order = (past_outcomes.c.known_ms, past_outcomes.c.id)
        rows = await self._transaction.execute(select(past_outcomes).order_by(*order))
        read = (PAST_OUTCOME.decode_or_leave_out(row.payload, key=row.id) for row in rows)
        return [outcome for outcome in read if outcome is not None]


def _to_row(outcome: PastOutcome) -> dict[str, Any]:
    return {
        "origin": outcome.origin,
        "symbol": outcome.symbol,
        "decided_ms": outcome.decided_ms,
        "known_ms": outcome.known_ms,
        "realised_r": outcome.realised_r,
        "payload": PAST_OUTCOME.encode(outcome),
    }
