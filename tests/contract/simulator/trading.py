"""Real ccxt clients that trade at the simulated venue, and what the tests do with them."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import ccxt.pro

from exchanges.simulator import USUAL_ACCOUNT, SimulatedAccount, SimulatedVenue

BTC = "BTC/USDT:USDT"
ETH = "ETH/USDT:USDT"

ACCOUNTS = (
    USUAL_ACCOUNT,
    *(
        SimulatedAccount(
            name=f"trader {number}", api_key=f"key-{number}", secret=f"secret-{number}"
        )
        for number in range(120)
    ),
)


class CcxtClient(ccxt.pro.binanceusdm):  # type: ignore[misc]  # ccxt is untyped
    """ccxt, which otherwise finds the futures error codes by the name of the real host."""

    def get_exceptions_by_url(self, _url: str, exactness: str) -> Any:
        return self.safe_dict(self.exceptions["linear"], exactness, {})


def point_at(exchange: Any, venue: SimulatedVenue) -> Any:
    """Send an unmodified ccxt client to the venue by its URLs alone."""
    api = exchange.urls["api"]
    for name, url in list(api.items()):
        if isinstance(url, str):
            api[name] = f"{venue.rest_url}/{url.split('/', 3)[3]}"
    api["ws"]["linear"] = f"{venue.ws_url}/ws"
    return exchange


def ccxt_trader(venue: SimulatedVenue, account: SimulatedAccount) -> Any:
    client = CcxtClient(
        {
            "apiKey": account.api_key,
            "secret": account.secret,
            "rateLimit": 1,
            "options": {
                "fetchCurrencies": False,
                "fetchMargins": False,
                "adjustForTimeDifference": True,
            },
        }
    )
    return point_at(client, venue)


@dataclass
class Desk:
    """One account of the venue and its ccxt client."""

    client: Any
    venue: SimulatedVenue
    account: SimulatedAccount

    async def price(self, symbol: str = BTC) -> float:
        """The last price."""
        row = await self.client.fapiPublicGetTickerPrice({"symbol": self.client.market_id(symbol)})
        return float(row["price"])

    async def buy(self, quantity: float = 0.01, symbol: str = BTC, **params: Any) -> Any:
        return await self.client.create_order(symbol, "market", "buy", quantity, None, params)

    async def rest(self, side: str, price: float, quantity: float = 0.01, **params: Any) -> Any:
        return await self.client.create_order(BTC, "limit", side, quantity, price, params)

    async def stop(self, side: str, trigger: float, quantity: float = 0.01, **params: Any) -> Any:
        return await self.client.create_order(
            BTC,
            "market",
            side,
            quantity,
            None,
            {"stopLossPrice": trigger, "reduceOnly": True, "workingType": "MARK_PRICE", **params},
        )

    async def position(self) -> Any:
        found = await self.client.fetch_positions([BTC])
        return found[0] if found else None

    def move(self, percent: float, symbol: str = "BTCUSDT") -> None:
        self.venue.move(symbol, 1.0 + percent / 100.0)

    @property
    def wallet(self) -> Decimal:
        return self.venue.books(self.account.name).wallet


async def until(look: Callable[[], Awaitable[Any]], seconds: float = 5.0) -> Any:
    """What `look` tells as soon as it is true."""
    end = time.monotonic() + seconds
    while not (seen := await look()):
        assert time.monotonic() < end, "it did not happen"
        await asyncio.sleep(0.01)
    return seen
