"""What many bots do: a market order by ccxt, a look at it every half second, and then the stop."""

import asyncio
from typing import Any, Final

import ccxt.async_support

from domain.instruments import Instrument
from exchanges.ccxt_client import redirected
from exchanges.ccxt_values import instrument_of, perpetual_names
from exchanges.simulator import USUAL_ACCOUNT

_LOOK_SECONDS: Final = 0.5


class NaiveTrader:
    """Nothing is written down, nothing is checked; a lost answer would be a lost order."""

    def __init__(self, url: str) -> None:
        self._client: Any = ccxt.async_support.binanceusdm(
            {
                "apiKey": USUAL_ACCOUNT.api_key,
                "secret": USUAL_ACCOUNT.secret,
                "has": {"fetchCurrencies": False},
                "options": {"adjustForTimeDifference": True, "fetchMargins": False},
            }
        )
        self._client.urls["api"] = redirected(self._client.urls["api"], url, None)

    async def instruments(self, count: int) -> list[Instrument]:
        """Pairs of the venue, each with its filters."""
        markets = await self._client.load_markets()
        names = list(perpetual_names(markets).values())[:count]
        return [instrument_of(markets[name]) for name in names]

    async def prepare(self, instruments: list[Instrument]) -> None:
        """Set margin and leverage, ahead of every order."""
        for instrument in instruments:
            await self._client.set_margin_mode("isolated", _name(instrument))
            await self._client.set_leverage(5, _name(instrument))

    async def trade(self, instrument: Instrument, quantity: float, stop: float) -> None:
        """Enter, wait until it is seen to be filled, protect."""
        name = _name(instrument)
        order = await self._client.create_order(name, "market", "buy", quantity)
        while order["status"] != "closed":
            await asyncio.sleep(_LOOK_SECONDS)
            order = await self._client.fetch_order(order["id"], name)
        await self._client.create_order(
            name, "market", "sell", quantity, None, {"stopLossPrice": stop, "reduceOnly": True}
        )

    async def check(self, instruments: list[Instrument]) -> None:
        """After a start: what is held, and whether each position has a stop, pair by pair.

        Raises `RuntimeError` where one has none.
        """
        await self._client.load_markets(reload=True)
        held = await self._client.fetch_positions([_name(each) for each in instruments])
        for position in held:
            if not await self._client.fetch_open_orders(
                position["symbol"], None, None, {"trigger": True}
            ):
                raise RuntimeError(f"{position['symbol']} has no stop")

    async def close(self) -> None:
        await self._client.close()


def _name(instrument: Instrument) -> str:
    return f"{instrument.base}/{instrument.quote}:{instrument.quote}"
