"""Use case: scan all pairs and keep the watchlist and its streams up to date (design 4.1)."""

import asyncio
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from domain.instruments import Instrument
from domain.market import Ticker
from domain.timeframes import to_ms
from domain.watchlist import WatchChange
from engine.market_state import MarketState
from engine.opportunity import (
    Opportunity,
    ScannerParameters,
    find_filter_failure,
    opportunity_score,
    update_watchlist,
)
from engine.ports.cache import Cache
from engine.ports.clock import Clock
from engine.ports.market import CandleFeed, MarketFacts
from engine.ports.order_flow import FlowStreams
from engine.ports.storage import Storage
from engine.volatility_memory import VolatilityMemory

_HISTORY_REQUESTS_AT_ONCE = 8
"""Bound on concurrent history requests: enough to hide latency, few enough to stay polite."""


class ScanMarket:
    """Fetches tickers, scores pairs, stores the watchlist with its changes, moves the streams."""

    def __init__(
        self,
        *,
        facts: MarketFacts,
        feed: CandleFeed,
        flow_streams: FlowStreams,
        market: MarketState,
        storage: Storage,
        cache: Cache,
        clock: Clock,
        parameters: ScannerParameters,
    ) -> None:
        self._facts = facts
        self._feed = feed
        self._flow_streams = flow_streams
        self._market = market
        self._storage = storage
        self._clock = clock
        self._parameters = parameters
        self._volatility = VolatilityMemory(
            facts, cache, minimum_candles=parameters.minimum_candles
        )
        self._instruments: Mapping[str, Instrument] = {}
        self._instruments_at: datetime | None = None

    async def __call__(self) -> list[WatchChange]:
        """Run one scan; the changes to the watchlist. A venue error passes through untouched."""
        instruments = await self._list_instruments()
        tickers = await self._facts.fetch_tickers()
        self._market.observe(instruments=instruments, tickers=tickers, at=self._clock.monotonic())
        opportunities = await self._score(instruments, tickers)
        changes, held = await self._store(opportunities)
        symbols = [pair.symbol for pair in self._market.watchlist]
        # Whoever holds a position needs its prices, whatever the pair is worth watching.
        self._flow_streams.set_symbols(held.union(symbols))
        await self._feed.stream(symbols)
        return changes

    async def _list_instruments(self) -> Mapping[str, Instrument]:
        now = self._clock.now()
        limit = timedelta(seconds=self._parameters.refresh_instruments_seconds)
        if self._instruments_at is None or now - self._instruments_at >= limit:
            self._instruments = await self._facts.fetch_instruments()
            self._instruments_at = now
        return self._instruments

    async def _score(
        self, instruments: Mapping[str, Instrument], tickers: Mapping[str, Ticker]
    ) -> dict[str, Opportunity]:
        opportunities: dict[str, Opportunity] = {}
        survivors: list[Ticker] = []
        for symbol in instruments:
            ticker = tickers.get(symbol)
            failure = (
                "no ticker" if ticker is None else find_filter_failure(ticker, self._parameters)
            )
            if ticker is None or failure is not None:
                opportunities[symbol] = Opportunity(symbol=symbol, score=None, reason=str(failure))
            else:
                survivors.append(ticker)
        for found in await self._judge_all(survivors):
            opportunities[found.symbol] = found
        return opportunities

    async def _judge_all(self, survivors: Sequence[Ticker]) -> list[Opportunity]:
        """One failure ends them all: after a call for silence nothing more may be asked."""
        now_ms = to_ms(self._clock.now())
        limit = asyncio.Semaphore(_HISTORY_REQUESTS_AT_ONCE)

        async def judge(ticker: Ticker) -> Opportunity:
            async with limit:
                atr_percent = await self._volatility.atr_percent(ticker.symbol, now_ms)
            return self._judge(ticker, atr_percent)

        try:
            async with asyncio.TaskGroup() as tasks:
                judging = [tasks.create_task(judge(ticker)) for ticker in survivors]
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None
        return [task.result() for task in judging]

    def _judge(self, ticker: Ticker, atr_percent: float | str) -> Opportunity:
        if isinstance(atr_percent, str):
            return Opportunity(symbol=ticker.symbol, score=None, reason=atr_percent)
        words = (
            f"volume {ticker.quote_volume_24h / 1e6:,.1f} M USDT, spread "
            f"{ticker.spread_percent:.3f} %, ATR {atr_percent:.2f} %, "
            f"24 h {ticker.change_24h_percent:+.1f} %"
        )
        score = opportunity_score(ticker, atr_percent, self._parameters)
        return Opportunity(symbol=ticker.symbol, score=score, reason=words)

    async def _store(
        self, opportunities: Mapping[str, Opportunity]
    ) -> tuple[list[WatchChange], frozenset[str]]:
        """Changes to the watchlist, and the symbols of open positions."""
        async with self._storage() as unit:
            watched = await unit.watchlist.list_pairs()
            pairs, changes = update_watchlist(
                watched, opportunities, self._clock.now(), self._parameters
            )
            await unit.watchlist.replace(pairs, changes)
            held = frozenset(books.position.symbol for books in await unit.positions.list_live())
            await unit.commit()
        self._market.watch(pairs)
        return changes, held
