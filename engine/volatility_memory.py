"""ATR of each pair, fetched once per closed 15-minute candle and kept in the cache."""

import json

from domain.errors import (
    InvalidDataError,
    RateLimitedError,
    StaleDataError,
    StorageUnavailableError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.timeframes import Timeframe
from engine.ports.cache import Cache
from engine.ports.market import MarketFacts
from layers.volatility import latest_atr_percent

_KEPT_SECONDS = 900.0
"""Longer than a candle is of no use; a restart within it finds every pair's ATR again."""


class VolatilityMemory:
    """Spares the venue hundreds of history requests a minute, and a restart all of them."""

    def __init__(self, facts: MarketFacts, cache: Cache, *, minimum_candles: int) -> None:
        self._facts = facts
        self._cache = cache
        self._minimum_candles = minimum_candles

    async def atr_percent(self, symbol: str, now_ms: int) -> float | str:
        """ATR in percent of price, or in words why there is none.

        Raises `RateLimitedError`; whatever else the venue does concerns this pair only.
        """
        last = Timeframe.M15.last_closed_index(now_ms)
        known = await self._recall(symbol, last)
        if known is not None:
            return known
        try:
            value = await self._fetch(symbol, last)
        except RateLimitedError:
            raise
        except TemporaryVenueError as error:
            return f"venue did not answer: {error}"
        await self._keep(symbol, last, value)
        return value

    async def _fetch(self, symbol: str, last: int) -> float | str:
        count = self._minimum_candles
        try:
            series = await self._facts.fetch_candles(
                symbol, Timeframe.M15, first_index=last - count + 1, count=count
            )
        except (InvalidDataError, StaleDataError, VenueRefusedError) as error:
            return f"history unusable: {error}"
        if series is None or len(series) < count:
            return f"fewer than {count} closed 15m candles"
        return latest_atr_percent(series) or "history unusable: no volatility"

    async def _recall(self, symbol: str, last: int) -> float | str | None:
        try:
            kept = await self._cache.get(_key(symbol))
        except StorageUnavailableError:
            return None  # a cache that is away only costs a request
        if kept is None:
            return None
        index, value = json.loads(kept)
        if index != last or not isinstance(value, float | str):
            return None
        return value

    async def _keep(self, symbol: str, last: int, value: float | str) -> None:
        try:
            await self._cache.put(
                _key(symbol), json.dumps([last, value]).encode(), seconds=_KEPT_SECONDS
            )
        except StorageUnavailableError:
            return  # asked again at the next scan


def _key(symbol: str) -> str:
    return f"atr:{symbol}"
