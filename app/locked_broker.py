"""A broker that holds its account's lock until it is closed."""

from contextlib import AsyncExitStack
from datetime import datetime

from domain.accounts import AccountStanding, KeyPermissions
from domain.orders import Fill, OrderReport, OrderRequest, VenuePosition
from engine.ports.broker import Broker, OnHint


class LockedBroker(Broker):
    """Passes everything on; `lock` is given back after the broker has been closed."""

    def __init__(self, broker: Broker, lock: AsyncExitStack) -> None:
        self._broker = broker
        self._lock = lock

    async def read_permissions(self) -> KeyPermissions:
        """What the key may do."""
        return await self._broker.read_permissions()

    async def read_standing(self) -> AccountStanding:
        """Equity, free margin and position mode."""
        return await self._broker.read_standing()

    async def prepare(self, symbol: str, leverage: int) -> None:
        """Isolated margin at a leverage for a pair."""
        await self._broker.prepare(symbol, leverage)

    async def place(self, request: OrderRequest) -> OrderReport:
        """Send an order."""
        return await self._broker.place(request)

    async def cancel(self, request: OrderRequest) -> OrderReport:
        """Cancel an order."""
        return await self._broker.cancel(request)

    async def find_order(self, request: OrderRequest) -> OrderReport | None:
        """An order by its client id."""
        return await self._broker.find_order(request)

    async def list_open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        """Open orders of both books."""
        return await self._broker.list_open_orders(symbol)

    async def list_positions(self) -> list[VenuePosition]:
        """Positions that are not flat."""
        return await self._broker.list_positions()

    async def list_fills(self, symbol: str, since: datetime) -> list[Fill]:
        """Fills of a pair at or after an instant."""
        return await self._broker.list_fills(symbol, since)

    async def run(self, on_hint: OnHint) -> None:
        """Listen to the account until cancelled."""
        await self._broker.run(on_hint)

    async def close(self) -> None:
        """Give the connections back, then the lock."""
        async with self._lock:
            await self._broker.close()
