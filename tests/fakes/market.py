"""Market data by hand: facts that answer as told, and a feed whose candles arrive as told."""

import asyncio
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import numpy as np

from domain.candles import Candle, CandleSeries
from domain.derivatives import Funding
from domain.errors import QuorumError, StaleDataError
from domain.instruments import Instrument
from domain.market import Ticker
from domain.timeframes import Timeframe, to_ms
from engine.market_state import MarketState
from engine.order_flow import OrderFlowState
from engine.outside import OutsideState
from engine.ports.clock import Clock
from engine.ports.market import CandleFeed, MarketFacts
from engine.ports.order_flow import FlowStreams
from layers.memory import OutcomeBook
from layers.onchain import OnChainParameters, OnChainTracker
from layers.orderflow import OrderFlowParameters
from layers.sentiment import SentimentParameters, SentimentTracker
from tests.fakes.clock import HandClock

Market = Mapping[Timeframe, CandleSeries]


def part_of(series: CandleSeries, first: int, last: int) -> CandleSeries | None:
    """Candles number `first` to `last`, as far as the series has them; None where it has none."""
    begin, end = max(first, series.first_index), min(last, series.last_index)
    if begin > end:
        return None
    offset = series.first_index
    columns = np.ascontiguousarray(np.asarray(series.columns)[:, begin - offset : end + 1 - offset])
    view: Any = columns.data.toreadonly()  # numpy's stubs know no memoryview of floats
    return CandleSeries(series.timeframe, begin, view)


class HandFacts(MarketFacts):
    """Knows what a test puts in; never tells a candle that is not closed yet."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.instruments: dict[str, Instrument] = {}
        self.tickers: dict[str, Ticker] = {}
        self.funding: dict[str, Funding] = {}
        self.candles: dict[str, CandleSeries] = {}
        self.failures: dict[str, QuorumError] = {}
        """By symbol for candles; by "instruments", "tickers" or "funding" for the rest."""
        self.requests: list[str] = []

    async def fetch_instruments(self) -> Mapping[str, Instrument]:
        await self._answer("instruments")
        return dict(self.instruments)

    async def fetch_tickers(self) -> Mapping[str, Ticker]:
        await self._answer("tickers")
        return dict(self.tickers)

    async def fetch_funding(self) -> Mapping[str, Funding]:
        await self._answer("funding")
        return dict(self.funding)

    async def fetch_candles(
        self, symbol: str, timeframe: Timeframe, *, first_index: int, count: int
    ) -> CandleSeries | None:
        await self._answer(symbol)
        series = self.candles.get(symbol)
        if series is None or series.timeframe is not timeframe:
            return None
        newest = timeframe.last_closed_index(to_ms(self._clock.now()))
        return part_of(series, first_index, min(first_index + count - 1, newest))

    async def _answer(self, what: str) -> None:
        self.requests.append(what)
        await asyncio.sleep(0)
        if what in self.failures:
            raise self.failures[what]


@dataclass(slots=True, kw_only=True)
class HandFeed(CandleFeed):
    """Candles of `markets`; a pair's final candles arrive `delays` seconds after each boundary.

    A pair without a delay never becomes ready by itself; `mendable` ones do when REST is asked,
    which takes `mend_seconds`. Waiting moves the clock. `minutes` are told as far as they are
    closed; `failures` are raised instead of them.
    """

    clock: HandClock
    markets: dict[str, Market] = field(default_factory=dict)
    delays: dict[str, float] = field(default_factory=dict)
    mendable: set[str] = field(default_factory=set)
    mend_seconds: float = 1.0
    minutes: dict[str, list[Candle]] = field(default_factory=dict)
    failures: dict[str, QuorumError] = field(default_factory=dict)
    streamed: list[str] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    mends: list[set[str]] = field(default_factory=list)
    _mended: dict[tuple[str, datetime], float] = field(default_factory=dict)

    async def stream(self, symbols: Collection[str]) -> None:
        self.streamed = list(symbols)

    def series(self, symbol: str, as_of: datetime) -> Market:
        if not self.is_ready(symbol, as_of):
            raise StaleDataError(f"{symbol} is not ready at {as_of.isoformat()}")
        at_ms = to_ms(as_of)
        parts = {
            timeframe: part_of(series, series.first_index, timeframe.last_closed_index(at_ms))
            for timeframe, series in self.markets[symbol].items()
        }
        return {timeframe: series for timeframe, series in parts.items() if series is not None}

    def is_ready(self, symbol: str, boundary: datetime) -> bool:
        return self.ready_since(symbol, boundary) is not None

    async def wait_ready(
        self, symbols: Collection[str], boundary: datetime, *, wall_seconds: float
    ) -> frozenset[str]:
        self.waits.append(wall_seconds)
        given_up_at = self.clock.now() + timedelta(seconds=wall_seconds)
        due = [self._arrival(symbol, boundary) or given_up_at for symbol in symbols]
        self.clock.set(max(self.clock.now(), min(given_up_at, max(due, default=boundary))))
        await asyncio.sleep(0)
        return self._ready(symbols, boundary)

    async def mend(self, symbols: Collection[str], boundary: datetime) -> frozenset[str]:
        self.mends.append(set(symbols))
        await self.clock.sleep(self.mend_seconds)
        for symbol in self.mendable & set(symbols):
            self._mended[symbol, boundary] = self.clock.monotonic()
        return self._ready(symbols, boundary)

    def ready_since(self, symbol: str, boundary: datetime) -> float | None:
        if (symbol, boundary) in self._mended:
            return self._mended[symbol, boundary]
        arrival = self._arrival(symbol, boundary)
        if symbol not in self.markets or arrival is None or arrival > self.clock.now():
            return None
        return self.clock.monotonic() - (self.clock.now() - arrival).total_seconds()

    async def minute_candles(self, symbol: str, *, after_index: int) -> Sequence[Candle]:
        await asyncio.sleep(0)
        if symbol in self.failures:
            raise self.failures[symbol]
        newest = Timeframe.M1.last_closed_index(to_ms(self.clock.now()))
        known = self.minutes.get(symbol, [])
        return [candle for candle in known if after_index < candle.index <= newest]

    def _arrival(self, symbol: str, boundary: datetime) -> datetime | None:
        delay = self.delays.get(symbol)
        return None if delay is None else boundary + timedelta(seconds=delay)

    def _ready(self, symbols: Collection[str], boundary: datetime) -> frozenset[str]:
        return frozenset(symbol for symbol in symbols if self.is_ready(symbol, boundary))


class HandFlowStreams(FlowStreams):
    """Remembers which pairs are to be streamed."""

    def __init__(self) -> None:
        self.symbols: list[str] = []

    def set_symbols(self, symbols: Collection[str]) -> None:
        self.symbols = list(symbols)


def make_market_state(clock: Clock | None = None) -> MarketState:
    """Knows nothing yet."""
    return MarketState(
        OrderFlowState(OrderFlowParameters(), clock or HandClock()), make_outside_state()
    )


def make_outside_state() -> OutsideState:
    """Nothing outside the exchange was ever heard of."""
    return OutsideState(
        OnChainTracker(OnChainParameters()), SentimentTracker(SentimentParameters()), OutcomeBook()
    )


def make_ticker(
    symbol: str = "BTCUSDT",
    *,
    volume: float = 5_000_000.0,
    spread_percent: float = 0.02,
    change: float = 2.0,
    last: float = 100.0,
) -> Ticker:
    """A ticker that passes the scanner's filter; bid lies `spread_percent` of the ask below it."""
    return Ticker(
        symbol=symbol,
        last=last,
        bid=last * (1 - spread_percent / 100),
        ask=last,
        quote_volume_24h=volume,
        change_24h_percent=change,
    )
