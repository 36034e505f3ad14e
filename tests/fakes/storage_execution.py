"""Intents, positions and accounts in memory."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime

from domain.accounts import Account
from domain.errors import ConflictError, InvalidDataError, NotFoundError
from domain.intents import OPEN_INTENTS, Intent, IntentState
from domain.orders import Fill, Order, OrderState
from domain.positions import Position, PositionBooks, PositionState
from engine.ports.execution_storage import SealedKey
from tests.fakes.storage_transaction import Kept, MemoryTransaction, to_utc


class InMemoryIntents:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def next_id(self) -> int:
        return max(self._transaction.seen.intents, default=0) + 1

    async def add(self, intent: Intent) -> None:
        to_utc(intent.created_at)
        kept = await self._transaction.writable()
        if intent.id in kept.intents:
            raise self._transaction.refuse(f"intent {intent.id} is there already")
        self._refuse_second_open(kept, intent)
        kept.intents[intent.id] = intent

    async def save(self, intent: Intent, *, was: IntentState) -> None:
        kept = await self._transaction.writable()
        stored = kept.intents.get(intent.id)
        if stored is None or stored.state is not was:
            raise ConflictError(f"intent {intent.id} is not {was}")
        self._refuse_second_open(kept, intent)
        kept.intents[intent.id] = intent

    async def find(self, intent_id: int) -> Intent | None:
        return self._transaction.seen.intents.get(intent_id)

    async def find_open(self, signal_id: int, account: str) -> Intent | None:
        return _open_intent(self._transaction.seen, signal_id, account)

    async def list_offered(self, user_id: int | None = None) -> list[Intent]:
        offered = [
            intent
            for intent in self._transaction.seen.intents.values()
            if intent.state is IntentState.OFFERED and user_id in (None, intent.user_id)
        ]
        return sorted(offered, key=lambda intent: (intent.created_at, intent.id))

    def _refuse_second_open(self, kept: Kept, intent: Intent) -> None:
        other = _open_intent(kept, intent.signal_id, intent.account)
        if intent.state in OPEN_INTENTS and other is not None and other.id != intent.id:
            raise self._transaction.refuse(f"intent {other.id} is open for signal and account")


def _open_intent(kept: Kept, signal_id: int, account: str) -> Intent | None:
    wanted = (signal_id, account)
    return next(
        (
            intent
            for intent in kept.intents.values()
            if intent.state in OPEN_INTENTS and (intent.signal_id, intent.account) == wanted
        ),
        None,
    )


class InMemoryPositions:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def next_id(self) -> int:
        return max(self._transaction.seen.positions, default=0) + 1

    async def add(self, position: Position) -> None:
        kept = await self._transaction.writable()
        if any(
            position.id == each.id or position.intent_id == each.intent_id
            for each in kept.positions.values()
        ):
            raise self._transaction.refuse(f"position {position.id} is there already")
        if position.intent_id not in kept.intents:
            raise self._transaction.miss(f"there is no intent {position.intent_id}")
        self._refuse_second_live(kept, position)
        kept.positions[position.id] = position

    async def save(self, position: Position, *, was: PositionState) -> None:
        kept = await self._transaction.writable()
        stored = kept.positions.get(position.id)
        if stored is None or stored.state is not was:
            raise ConflictError(f"position {position.id} is not {was}")
        self._refuse_second_live(kept, position)
        kept.positions[position.id] = position

    async def add_orders(self, orders: Sequence[Order]) -> None:
        if not orders:
            return
        kept = await self._transaction.writable()
        for order in orders:
            to_utc(order.created_at)
            if order.client_id in kept.orders:
                raise self._transaction.refuse(f"order {order.client_id} is there already")
            if order.position_id not in kept.positions:
                raise self._transaction.miss(f"there is no position {order.position_id}")
            kept.orders[order.client_id] = order

    async def save_order(self, order: Order, *, was: OrderState) -> None:
        kept = await self._transaction.writable()
        stored = kept.orders.get(order.client_id)
        if stored is None or stored.state is not was:
            raise ConflictError(f"order {order.client_id} is not {was}")
        kept.orders[order.client_id] = order

    async def add_fills(self, position_id: int, fills: Sequence[Fill]) -> None:
        if not fills:
            return
        kept = await self._transaction.writable()
        if position_id not in kept.positions:
            raise self._transaction.miss(f"there is no position {position_id}")
        account = kept.positions[position_id].account
        for fill in fills:
            to_utc(fill.at)
            kept.fills.setdefault((account, fill.symbol, fill.trade_id), (position_id, fill))

    async def find_books(self, position_id: int) -> PositionBooks | None:
        position = self._transaction.seen.positions.get(position_id)
        return None if position is None else self._books(position)

    async def list_live(self, account: str | None = None) -> list[PositionBooks]:
        live = [each for each in self._of(account) if each.state is not PositionState.CLOSED]
        return [self._books(each) for each in sorted(live, key=lambda each: each.id)]

    async def list_closed_between(
        self, start: datetime, end: datetime, *, account: str | None = None
    ) -> list[PositionBooks]:
        closed = [
            (each.closed_at, each.id, each)
            for each in self._of(account)
            if each.closed_at is not None and start <= each.closed_at < end
        ]
        return [self._books(each) for *_, each in sorted(closed, key=lambda item: item[:2])]

    async def list_accounts_with_live(self) -> list[str]:
        return sorted({books.position.account for books in await self.list_live()})

    async def list_accounts_closing_between(self, start: datetime, end: datetime) -> list[str]:
        closed = await self.list_closed_between(start, end)
        return sorted({books.position.account for books in closed})

    def _of(self, account: str | None) -> Iterable[Position]:
        positions = self._transaction.seen.positions.values()
        return [each for each in positions if account in (None, each.account)]

    def _books(self, position: Position) -> PositionBooks:
        kept = self._transaction.seen
        orders = [each for each in kept.orders.values() if each.position_id == position.id]
        fills = [fill for owner, fill in kept.fills.values() if owner == position.id]
        return PositionBooks(
            intent=kept.intents[position.intent_id],
            position=position,
            orders=tuple(sorted(orders, key=lambda order: order.created_at)),
            fills=tuple(sorted(fills, key=lambda fill: fill.at)),
        )

    def _refuse_second_live(self, kept: Kept, position: Position) -> None:
        for other in kept.positions.values():
            is_same_pair = (other.account, other.symbol) == (position.account, position.symbol)
            is_live = PositionState.CLOSED not in (other.state, position.state)
            if other.id != position.id and is_same_pair and is_live:
                raise self._transaction.refuse(f"position {other.id} is live on the same pair")


class InMemoryAccounts:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def connect(self, account: Account, key: SealedKey) -> None:
        if account.user_id != key.user_id or account.connected_at is None:
            raise InvalidDataError(f"account {account.name}: whose is it, and since when?")
        to_utc(account.connected_at)
        kept = await self._transaction.writable()
        for user_id, other in kept.accounts.items():
            if other.name == account.name and user_id != key.user_id:
                raise self._transaction.refuse(f"{account.name} is another trader's")
        kept.accounts[key.user_id] = account
        kept.keys[key.user_id] = key

    async def find_of(self, user_id: int) -> Account | None:
        return self._transaction.seen.accounts.get(user_id)

    async def list_connected(self) -> list[Account]:
        connected = [
            (account.connected_at, user_id, account)
            for user_id, account in self._transaction.seen.accounts.items()
            if account.connected_at is not None
        ]
        return [account for *_, account in sorted(connected, key=lambda item: item[:2])]

    async def find_key(self, user_id: int) -> SealedKey | None:
        return self._transaction.seen.keys.get(user_id)

    async def replace_key(self, key: SealedKey) -> None:
        kept = await self._transaction.writable()
        if key.user_id not in kept.keys:
            raise NotFoundError(f"trader {key.user_id} has no key")
        kept.keys[key.user_id] = key

    async def save_limits(self, account: Account) -> None:
        kept = await self._transaction.writable()
        for user_id, stored in kept.accounts.items():
            if stored.name == account.name:
                kept.accounts[user_id] = replace(
                    stored,
                    risk_share=account.risk_share,
                    maximum_positions=account.maximum_positions,
                )
                return
        raise NotFoundError(f"there is no connected account {account.name}")

    async def disconnect(self, user_id: int) -> None:
        kept = await self._transaction.writable()
        kept.accounts.pop(user_id, None)
        kept.keys.pop(user_id, None)

    async def load_paper(self, account: str) -> bytes | None:
        return self._transaction.seen.paper_books.get(account)

    async def save_paper(self, account: str, books: bytes) -> None:
        (await self._transaction.writable()).paper_books[account] = books
