"""A ccxt.pro client that exists only as caches: it collects, but wakes nobody unless told to."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from ccxt.async_support.base.ws.cache import ArrayCache

ABILITIES = (
    "watchOrderBookForSymbols",
    "watchTradesForSymbols",
    "watchLiquidationsForSymbols",
)
BTC, ETH = "BTC/USDT:USDT", "ETH/USDT:USDT"


def market(base: str, contract_size: float) -> dict[str, Any]:
    return {
        "id": f"{base}USDT",
        "base": base,
        "quote": "USDT",
        "swap": True,
        "linear": True,
        "contractSize": contract_size,
    }


@dataclass
class FakeProClient:
    """ETH is counted in contracts of a half. `failures` are raised by the next calls, in turn."""

    abilities: Sequence[str] = ABILITIES
    id: str = "fakevenue"
    failures: list[Exception] = field(default_factory=list)
    calls: list[tuple[str, tuple[str, ...]]] = field(default_factory=list)
    trades: dict[str, Any] = field(default_factory=dict)
    orderbooks: dict[str, Any] = field(default_factory=dict)
    liquidations: Any = None
    clients: dict[str, Any] = field(default_factory=dict)
    closed: bool = False

    def __post_init__(self) -> None:
        self.has = {name: name in self.abilities for name in ABILITIES}
        self.markets = {BTC: market("BTC", 1.0), ETH: market("ETH", 0.5)}

    async def load_markets(self, reload: bool) -> dict[str, Any]:
        return self.markets

    async def watch_order_book_for_symbols(self, names: list[str]) -> None:
        await self._watch("books", names)

    async def watch_trades_for_symbols(self, names: list[str]) -> None:
        await self._watch("trades", names)

    async def watch_liquidations_for_symbols(self, names: list[str]) -> None:
        await self._watch("liquidations", names)

    async def close(self) -> None:
        self.closed = True

    async def _watch(self, kind: str, names: list[str]) -> None:
        self.calls.append((kind, tuple(names)))
        if self.failures:
            raise self.failures.pop(0)
        await asyncio.Event().wait()

    def trade(self, name: str, **fields: Any) -> None:
        row = {"id": None, "timestamp": 1000, "price": 100.0, "amount": 2.0, "side": "buy"}
        self.trades.setdefault(name, ArrayCache(5)).append({**row, "symbol": name, **fields})

    def liquidate(self, name: str, **fields: Any) -> None:
        row = {"timestamp": 1000, "price": 90.0, "contracts": 3.0, "side": "sell", "symbol": name}
        self.liquidations = self.liquidations or ArrayCache(5)
        self.liquidations.append({**row, **fields})

    def book(self, name: str, timestamp: int | None, bids: Any, asks: Any) -> None:
        self.orderbooks[name] = {"timestamp": timestamp, "bids": bids, "asks": asks}

    def open_socket(self, url: str) -> None:
        self.clients[url] = _Socket()


class _Socket:
    """Like ccxt's own, equal to itself alone."""

    isConnected = True  # noqa: N815 - ccxt's name
