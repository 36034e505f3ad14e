"""Verdicts of the readiness gate in SQL: one row for each, never changed."""

from sqlalchemy import insert, select

from db.codec import READINESS_VERDICT
from db.tables import readiness_verdicts
from db.transaction import Transaction
from domain.readiness import ReadinessVerdict


class SqlReadinessRepository:
    """Verdicts by playbook and instant."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def add(self, verdict: ReadinessVerdict) -> None:
        """Keep a verdict."""
        row = {
            "playbook": verdict.playbook,
            "at": verdict.at,
            "strategy": verdict.strategy,
            "is_passed": verdict.is_passed,
            "payload": READINESS_VERDICT.encode(verdict),
        }
        await self._transaction.execute(insert(readiness_verdicts).values(row))

    async def find_latest(self, playbook: str) -> ReadinessVerdict | None:
        """The newest verdict on a playbook; of two of one instant the one stored last."""
        table = readiness_verdicts.c
        statement = (
            select(table.payload)
            .where(table.playbook == playbook)
            .order_by(table.at.desc(), table.id.desc())
            .limit(1)
        )
        text = (await self._transaction.execute(statement)).scalar_one_or_none()
        return None if text is None else READINESS_VERDICT.decode(text)
