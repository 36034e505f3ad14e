"""Positions, their orders and their fills, in SQL. What belongs together is read at one instant."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, insert, select

from db.codec import FILL, ORDER, POSITION
from db.compare_and_set import save_from_state
from db.position_books import gather_books, select_books
from db.tables import fills, orders, positions
from db.transaction import Transaction
from domain.errors import NotFoundError
from domain.orders import Fill, Order, OrderState
from domain.positions import Position, PositionBooks, PositionState

# Named one by one: "not closed" is a condition that no index answers.
_LIVE_STATES = [state for state in PositionState if state is not PositionState.CLOSED]


class SqlPositionRepository:
    """Positions and whatever is kept of them."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def next_id(self) -> int:
        """One more than the newest id, 1 for the first."""
        newest = await self._transaction.execute(select(func.max(positions.c.id)))
        return (newest.scalar_one() or 0) + 1

    async def add(self, position: Position) -> None:
        """Keep a new one.

        Raises `ConflictError` when its id is taken, its intent has one, or account and symbol have
        one that is not closed; `NotFoundError` when there is no such intent.
        """
        row = {
            "id": position.id,
            "intent_id": position.intent_id,
            "signal_id": position.signal_id,
            "account": position.account,
            "symbol": position.symbol,
        }
        statement = insert(positions).values(row | _changing_position(position))
        await self._transaction.execute(statement)

    async def save(self, position: Position, *, was: PositionState) -> None:
        """Replace one. Raises `ConflictError` when it is not in state `was` any more."""
        key = (positions.c.id, position.id)
        values = _changing_position(position)
        await save_from_state(self._transaction, positions, key, was=was, values=values)

    async def add_orders(self, added: Sequence[Order]) -> None:
        """Keep new orders.

        Raises `ConflictError` when a client id is taken, `NotFoundError` without a position.
        """
        if added:
            await self._transaction.execute(insert(orders), [_order_row(each) for each in added])

    async def save_order(self, order: Order, *, was: OrderState) -> None:
        """Replace one. Raises `ConflictError` when it is not in state `was` any more."""
        key = (orders.c.client_id, order.client_id)
        values = _changing_order(order)
        await save_from_state(self._transaction, orders, key, was=was, values=values)

    async def add_fills(self, position_id: int, added: Sequence[Fill]) -> None:
        """Keep fills; one whose account, symbol and trade id are known is left as it is.

        Raises `NotFoundError` without a position.
        """
        if not added:
            return
        account = await self._account_of(position_id)
        key = [fills.c.account, fills.c.symbol, fills.c.trade_id]
        statement = self._transaction.insert(fills).on_conflict_do_nothing(index_elements=key)
        rows = [_fill_row(each, position_id, account) for each in added]
        await self._transaction.execute(statement, rows)

    async def find_books(self, position_id: int) -> PositionBooks | None:
        """Everything kept of one position."""
        found = await self._read_books(positions.c.id == position_id)
        return found[0] if found else None

    async def list_live(self, account: str | None = None) -> list[PositionBooks]:
        """Everything kept of positions that are not closed, of an account or all, oldest first."""
        live = [positions.c.state.in_(_LIVE_STATES), *_of_account(account)]
        return sorted(await self._read_books(*live), key=lambda books: books.position.id)

    async def list_closed_between(
        self, start: datetime, end: datetime, *, account: str | None = None
    ) -> list[PositionBooks]:
        """Positions with start <= closed_at < end, in order of their end."""
        closed_at = positions.c.closed_at
        period = [closed_at >= start, closed_at < end, *_of_account(account)]
        return sorted(await self._read_books(*period), key=_by_end)

    async def list_accounts_with_live(self) -> list[str]:
        """Accounts with positions that are not closed, by name."""
        return await self._list_accounts(positions.c.state.in_(_LIVE_STATES))

    async def list_accounts_closing_between(self, start: datetime, end: datetime) -> list[str]:
        """Accounts with positions of which start <= closed_at < end, by name."""
        closed_at = positions.c.closed_at
        return await self._list_accounts(closed_at >= start, closed_at < end)

    async def _list_accounts(self, *conditions: ColumnElement[bool]) -> list[str]:
        account = positions.c.account
        statement = select(account).where(*conditions).distinct().order_by(account)
        return list((await self._transaction.execute(statement)).scalars())

    async def _read_books(self, *conditions: ColumnElement[bool]) -> list[PositionBooks]:
        return gather_books(await self._transaction.execute(select_books(*conditions)))

    async def _account_of(self, position_id: int) -> str:
        statement = select(positions.c.account).where(positions.c.id == position_id)
        account: str | None = (await self._transaction.execute(statement)).scalar_one_or_none()
        if account is None:
            raise NotFoundError(f"there is no position {position_id} whose fills could be stored")
        return account


def _of_account(account: str | None) -> list[ColumnElement[bool]]:
    return [] if account is None else [positions.c.account == account]


def _by_end(books: PositionBooks) -> tuple[datetime | None, int]:
    return books.position.closed_at, books.position.id


def _changing_position(position: Position) -> dict[str, Any]:
    return {
        "state": position.state,
        "closed_at": position.closed_at,
        "payload": POSITION.encode(position),
    }


def _order_row(order: Order) -> dict[str, Any]:
    kept = {
        "client_id": order.client_id,
        "position_id": order.position_id,
        "account": order.account,
        "symbol": order.request.symbol,
        "role": order.role.name.lower(),
    }
    return kept | _changing_order(order)


def _changing_order(order: Order) -> dict[str, Any]:
    return {"state": order.state, "venue_id": order.venue_id, "payload": ORDER.encode(order)}


def _fill_row(fill: Fill, position_id: int, account: str) -> dict[str, Any]:
    return {
        "position_id": position_id,
        "account": account,
        "symbol": fill.symbol,
        "trade_id": fill.trade_id,
        "venue_id": fill.venue_id,
        "at": fill.at,
        "payload": FILL.encode(fill),
    }
