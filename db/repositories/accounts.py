"""Connected accounts of traders with their sealed keys, and the books of paper accounts, in SQL."""

from dataclasses import replace

from sqlalchemy import ColumnElement, Table, delete, select, update

from db.codec import ACCOUNT
from db.tables import account_keys, accounts, paper_books
from db.transaction import Transaction
from domain.accounts import Account
from domain.errors import InvalidDataError, NotFoundError
from engine.ports.execution_storage import SealedKey


class SqlAccountRepository:
    """Accounts by the trader who connected them, paper books by account."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def connect(self, account: Account, key: SealedKey) -> None:
        """Keep a trader's account and key, in place of earlier ones.

        Raises `InvalidDataError` for an account that is not the key owner's, or without an instant
        of its connection.
        """
        if account.user_id != key.user_id or account.connected_at is None:
            raise InvalidDataError(
                f"account {account.name} of {account.user_id} cannot be connected with a key of "
                f"{key.user_id}, at {account.connected_at}"
            )
        values = {
            "name": account.name,
            "connected_at": account.connected_at,
            "payload": ACCOUNT.encode(account),
        }
        await self._put(accounts, {"user_id": key.user_id}, values)
        await self._put(account_keys, {"user_id": key.user_id}, {"sealed": key.sealed})

    async def find_of(self, user_id: int) -> Account | None:
        """The connected account of a trader."""
        found = await self._list(accounts.c.user_id == user_id)
        return found[0] if found else None

    async def list_connected(self) -> list[Account]:
        """All of them, in order of their connection."""
        return await self._list()

    async def find_key(self, user_id: int) -> SealedKey | None:
        """The key of a trader."""
        statement = select(account_keys.c.sealed).where(account_keys.c.user_id == user_id)
        sealed: bytes | None = (await self._transaction.execute(statement)).scalar_one_or_none()
        return None if sealed is None else SealedKey(user_id=user_id, sealed=sealed)

    async def replace_key(self, key: SealedKey) -> None:
        """The same key, sealed anew. Raises `NotFoundError`."""
        statement = (
            update(account_keys)
            .where(account_keys.c.user_id == key.user_id)
            .values(sealed=key.sealed)
        )
        if (await self._transaction.execute(statement)).rowcount == 0:
            raise NotFoundError(f"trader {key.user_id} has no key that could be replaced")

    async def save_limits(self, account: Account) -> None:
        """Change the limits of an account. Raises `NotFoundError`."""
        is_same = accounts.c.name == account.name
        found = await self._list(is_same)
        if not found:
            raise NotFoundError(f"there is no connected account {account.name}")
        changed = replace(
            found[0],
            risk_share=account.risk_share,
            maximum_positions=account.maximum_positions,
        )
        statement = update(accounts).where(is_same).values(payload=ACCOUNT.encode(changed))
        await self._transaction.execute(statement)

    async def disconnect(self, user_id: int) -> None:
        """Erase account and key of a trader; nothing happens where there are none."""
        for table in (account_keys, accounts):
            await self._transaction.execute(delete(table).where(table.c.user_id == user_id))

    async def load_paper(self, account: str) -> bytes | None:
        """The books of a paper account as its broker last left them."""
        statement = select(paper_books.c.books).where(paper_books.c.account == account)
        books: bytes | None = (await self._transaction.execute(statement)).scalar_one_or_none()
        return books

    async def save_paper(self, account: str, books: bytes) -> None:
        """Replace them."""
        await self._put(paper_books, {"account": account}, {"books": books})

    async def _list(self, *conditions: ColumnElement[bool]) -> list[Account]:
        statement = select(accounts.c.payload).where(*conditions)
        ordered = statement.order_by(accounts.c.connected_at, accounts.c.user_id)
        texts = (await self._transaction.execute(ordered)).scalars()
        return [ACCOUNT.decode(text) for text in texts]

    async def _put(self, table: Table, key: dict[str, object], values: dict[str, object]) -> None:
        statement = self._transaction.insert(table).values(key | values)
        await self._transaction.execute(
            statement.on_conflict_do_update(index_elements=list(key), set_=values)
        )
