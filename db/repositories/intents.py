"""What traders asked for, in SQL."""

from typing import Any

from sqlalchemy import ColumnElement, func, insert, select

from db.codec import INTENT
from db.compare_and_set import save_from_state
from db.tables import intents
from db.transaction import Transaction
from domain.intents import OPEN_INTENTS, Intent, IntentState


class SqlIntentRepository:
    """Intents, each in its present state."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def next_id(self) -> int:
        """One more than the newest id, 1 for the first."""
        newest = await self._transaction.execute(select(func.max(intents.c.id)))
        return (newest.scalar_one() or 0) + 1

    async def add(self, intent: Intent) -> None:
        """Keep a new one.

        Raises `ConflictError` when its id is taken or signal and account have an open one.
        """
        row = {
            "id": intent.id,
            "signal_id": intent.signal_id,
            "account": intent.account,
            "user_id": intent.user_id,
            "symbol": intent.instrument.symbol,
            "created_at": intent.created_at,
        }
        await self._transaction.execute(insert(intents).values(row | _changing_values(intent)))

    async def save(self, intent: Intent, *, was: IntentState) -> None:
        """Replace one. Raises `ConflictError` when it is not in state `was` any more."""
        key = (intents.c.id, intent.id)
        values = _changing_values(intent)
        await save_from_state(self._transaction, intents, key, was=was, values=values)

    async def find(self, intent_id: int) -> Intent | None:
        """One intent."""
        return await self._find(intents.c.id == intent_id)

    async def find_open(self, signal_id: int, account: str) -> Intent | None:
        """The one of a signal and account that is offered, confirmed or entered."""
        return await self._find(
            intents.c.signal_id == signal_id,
            intents.c.account == account,
            intents.c.state.in_(OPEN_INTENTS),
        )

    async def list_offered(self, user_id: int | None = None) -> list[Intent]:
        """Those that wait for a confirmation, of one trader or of all, oldest first."""
        offered = [intents.c.state == IntentState.OFFERED]
        if user_id is not None:
            offered.append(intents.c.user_id == user_id)
        return await self._list(*offered)

    async def _find(self, *conditions: ColumnElement[bool]) -> Intent | None:
        found = await self._list(*conditions)
        return found[0] if found else None

    async def _list(self, *conditions: ColumnElement[bool]) -> list[Intent]:
        statement = (
            select(intents.c.payload)
            .where(*conditions)
            .order_by(intents.c.created_at, intents.c.id)
        )
        texts = (await self._transaction.execute(statement)).scalars()
        return [INTENT.decode(text) for text in texts]


def _changing_values(intent: Intent) -> dict[str, Any]:
    return {"state": intent.state, "payload": INTENT.encode(intent)}
