"""Market facts of any venue over ccxt's REST methods."""

from collections.abc import Mapping
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any

import structlog

from domain.candles import Candle, CandleSeries
from domain.derivatives import Funding
from domain.errors import VenueRefusedError
from domain.instruments import Instrument
from domain.market import Ticker
from domain.timeframes import Timeframe, from_ms, to_ms
from engine.ports.clock import Clock
from engine.ports.market import MarketFacts
from exchanges.candle_rows import candles_from
from exchanges.ccxt_errors import translated
from exchanges.ccxt_values import (
    funding_of,
    instrument_of,
    perpetual_names,
    symbol_of,
    ticker_of,
)
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import Market, Venue
from exchanges.weight import WeightBudget

log = structlog.get_logger()


class CcxtMarketFacts(MarketFacts):
    """Facts of one venue; `client` comes from `open_client` and is closed by `close`.

    A row that makes no sense is left out and counted in `rejected`.
    """

    def __init__(
        self,
        client: Any,
        venue: Venue,
        clock: Clock,
        budget: WeightBudget,
        rejected: RejectedRows,
    ) -> None:
        self._client = client
        self._venue = venue
        self._clock = clock
        self._budget = budget
        self.rejected = rejected
        self._names: dict[str, str] = {}  # symbol -> ccxt's name, of every linear perpetual
        self._tradable: dict[str, str] = {}  # ccxt's name -> symbol
        self._tells_funding = bool(client.has.get("fetchFundingRates"))
        if not self._tells_funding:
            log.info("funding_not_offered", exchange=venue.exchange_id)

    async def close(self) -> None:
        """Let go of the connections."""
        await self._client.close()

    async def fetch_exchange_time(self) -> datetime:
        """The venue's clock."""
        with self._translated("fetch time"):
            return from_ms(int(await self._client.fetch_time()))

    async def fetch_instruments(self) -> Mapping[str, Instrument]:
        """Tradable crypto perpetuals by symbol, fresh from the venue."""
        with self._translated("fetch instruments"):
            markets = await self._client.load_markets(True)
            if not markets:
                raise ValueError("no market is listed")
            self._names = perpetual_names(markets)
        tradable = [market for market in markets.values() if self._is_tradable(market)]
        self._tradable = {market["symbol"]: symbol_of(market) for market in tradable}
        instruments = (
            self.rejected.kept("instrument", market["id"], instrument_of, market)
            for market in tradable
        )
        return {one.symbol: one for one in instruments if one is not None}

    async def fetch_tickers(self) -> Mapping[str, Ticker]:
        """Newest ticker with best bid and ask of every pair that has one.

        Raises `TemporaryVenueError` where none makes sense: a scan of nothing would look like a
        market without a pair worth watching.
        """
        await self._know_symbols()
        with self._translated("fetch tickers"):
            tickers = await self._client.fetch_tickers()
            # Binance's 24-hour tickers carry neither bid nor ask.
            apart = self._client.has["fetchBidsAsks"] is True
            books = await self._client.fetch_bids_asks() if apart else tickers
            rows = [
                (self._tradable[name], ticker, books[name])
                for name, ticker in tickers.items()
                if name in self._tradable and name in books
            ]
            if not rows:
                raise ValueError("no pair has a ticker")
            coins = self._venue.coins_told_as
            kept = [self.rejected.kept("ticker", row[0], ticker_of, *row, coins) for row in rows]
            if not any(kept):
                raise ValueError(f"no ticker of {len(rows)} makes sense")
        return {ticker.symbol: ticker for ticker in kept if ticker is not None}

    async def fetch_candles(
        self, symbol: str, timeframe: Timeframe, *, first_index: int, count: int
    ) -> CandleSeries | None:
        """Up to `count` closed candles from number `first_index` on; None where there are none.

        Raises `InvalidDataError` when the venue's candles have a hole or are impossible.
        """
        name = await self.name_of(symbol)
        newest = timeframe.last_closed_index(to_ms(self._clock.now()))
        last = min(first_index + count - 1, newest)
        candles: list[Candle] = []
        for first in range(first_index, last + 1, self._venue.rows_per_request):
            candles += await self._page(
                name, timeframe, first, min(last, first + self._venue.rows_per_request - 1)
            )
        return CandleSeries.of(candles) if candles else None

    async def fetch_funding(self) -> Mapping[str, Funding]:
        """Funding to come, by symbol; empty where the venue does not tell it for all pairs."""
        if not self._tells_funding:
            return {}
        await self._know_symbols()
        with self._translated("fetch funding"):
            rates = await self._client.fetch_funding_rates()
            rows = [(self._tradable[name], rates[name]) for name in rates if name in self._tradable]
        kept = (
            (symbol, self.rejected.kept("funding", symbol, funding_of, row)) for symbol, row in rows
        )
        return {symbol: funding for symbol, funding in kept if funding is not None}

    async def name_of(self, symbol: str) -> str:
        """ccxt's name of a pair; one that is being settled has a name as well.

        Raises `VenueRefusedError` for a pair that the venue does not list.
        """
        await self._know_symbols()
        if symbol not in self._names:
            raise VenueRefusedError(f"{self._venue.exchange_id} lists no pair {symbol}")
        return self._names[symbol]

    async def _page(self, name: str, timeframe: Timeframe, first: int, last: int) -> list[Candle]:
        """Candles number `first` to `last`, as many as one request brings, as far as they exist."""
        length = timeframe.milliseconds
        with self._translated(f"fetch {name} {timeframe} candles"):
            rows = await self._venue.fetch_rows(
                self._client,
                name,
                timeframe,
                first * length,
                (last + 1) * length - 1,
                last - first + 1,
            )
        return candles_from(rows, timeframe, first, last)

    async def _know_symbols(self) -> None:
        if not self._tradable:
            await self.fetch_instruments()

    def _is_tradable(self, market: Market) -> bool:
        return bool(self.rejected.kept("market", market.get("id"), self._venue.is_tradable, market))

    def _translated(self, action: str) -> AbstractContextManager[None]:
        return translated(action, self._budget)
