"""A broker with a boundary before each request leaves, and one after it was answered."""

from collections.abc import Awaitable
from datetime import datetime
from typing import TypeVar

from domain.accounts import Account, AccountStanding, KeyPermissions
from domain.orders import Fill, OrderReport, OrderRequest, VenuePosition
from engine.ports.broker import Broker, OnHint, OpenBroker
from tests.killpoints.boundaries import Boundaries
from tests.killpoints.marked_storage import short_name

Answer = TypeVar("Answer")


def marking(open_broker: OpenBroker, boundaries: Boundaries) -> OpenBroker:
    """Opens the same brokers, marked."""

    async def open_marked(account: Account) -> Broker:
        return MarkedBroker(await open_broker(account), boundaries)

    return open_marked


class MarkedBroker(Broker):
    """The same broker; requests and questions have names."""

    def __init__(self, broker: Broker, boundaries: Boundaries) -> None:
        self._broker = broker
        self._boundaries = boundaries

    async def read_permissions(self) -> KeyPermissions:
        return await self._marked("read permissions", self._broker.read_permissions())

    async def read_standing(self) -> AccountStanding:
        return await self._marked("read standing", self._broker.read_standing())

    async def prepare(self, symbol: str, leverage: int) -> None:
        await self._marked("prepare", self._broker.prepare(symbol, leverage))

    async def place(self, request: OrderRequest) -> OrderReport:
        name = short_name(request.client_id)
        return await self._marked(f"place {name}", self._broker.place(request))

    async def cancel(self, request: OrderRequest) -> OrderReport:
        name = short_name(request.client_id)
        return await self._marked(f"cancel {name}", self._broker.cancel(request))

    async def find_order(self, request: OrderRequest) -> OrderReport | None:
        name = short_name(request.client_id)
        return await self._marked(f"find {name}", self._broker.find_order(request))

    async def list_open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        words = "list open orders" if symbol is None else "list open orders of the pair"
        return await self._marked(words, self._broker.list_open_orders(symbol))

    async def list_positions(self) -> list[VenuePosition]:
        return await self._marked("list positions", self._broker.list_positions())

    async def list_fills(self, symbol: str, since: datetime) -> list[Fill]:
        return await self._marked("list fills", self._broker.list_fills(symbol, since))

    async def run(self, on_hint: OnHint) -> None:
        await self._broker.run(on_hint)

    async def close(self) -> None:
        await self._broker.close()

    async def _marked(self, words: str, request: Awaitable[Answer]) -> Answer:
        async with self._boundaries.around(words, "before it leaves", "answered"):
            return await request
