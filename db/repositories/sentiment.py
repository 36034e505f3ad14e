"""Sentiment over time in SQL: one row for each quarter of an hour."""

from sqlalchemy import select

from db.codec import SENTIMENT_SNAPSHOT
from db.tables import sentiment_snapshots
from db.transaction import Transaction
from domain.sentiment import SentimentSnapshot


class SqlSentimentRepository:
    """Snapshots by their instant."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, snapshot: SentimentSnapshot) -> None:
        """Keep a snapshot; one of the same instant is left as it is."""
        statement = self._transaction.insert(sentiment_snapshots).values(
            at_ms=snapshot.at_ms,
            regime=snapshot.regime,
            macro=snapshot.macro,
            fear_greed=snapshot.fear_greed,
            payload=SENTIMENT_SNAPSHOT.encode(snapshot),
        )
        key = [sentiment_snapshots.c.at_ms]
        await self._transaction.execute(statement.on_conflict_do_nothing(index_elements=key))

    async def list_since(self, at_ms: int) -> list[SentimentSnapshot]:
        """Snapshots at or after an instant, oldest first."""
        column = sentiment_snapshots.c.at_ms
        statement = select(sentiment_snapshots).where(column >= at_ms).order_by(column)
        rows = await self._transaction.execute(statement)
        read = (SENTIMENT_SNAPSHOT.decode_or_leave_out(row.payload, key=row.at_ms) for row in rows)
        return [snapshot for snapshot in read if snapshot is not None]
