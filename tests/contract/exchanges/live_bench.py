"""A simulated venue and everything of ours that listens to it, over real sockets."""

import asyncio
from collections.abc import AsyncIterator, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

import numpy as np

from domain.timeframes import Timeframe, from_ms
from engine.ports.clock import Clock
from exchanges.binance.connection import ConnectionLimits
from exchanges.binance.kline_stream import BinanceKlineStream
from exchanges.candle_feed import LiveCandleFeed
from exchanges.candle_mender import FeedLimits
from exchanges.ccxt_client import open_client
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.ccxt_pro_stream import CcxtProKlineStream
from exchanges.exchange_time import measure
from exchanges.kline_stream import KlineStream
from exchanges.rejected_rows import RejectedRows
from exchanges.simulator import Market, SimulatedVenue, SimulatorClock, synthetic_market
from exchanges.venues import BINANCE_USDM
from exchanges.weight import WeightBudget

BTC, ETH, SOL = "BTCUSDT", "ETHUSDT", "SOLUSDT"
QUICK = ConnectionLimits(
    silence=1.5, heartbeat=1.0, check=0.1, first_back_off=0.05, longest_back_off=0.4, overlap=0.3
)
PATIENT = FeedLimits(grace=60.0)
"""Nothing is swept up within a test: what arrives came by the stream or was asked for."""


class RunningClock(Clock):
    """Follows the venue's clock at its speed."""

    def __init__(self, speed: float) -> None:
        self.speed = speed
        self._exchange_now = datetime(2000, 1, 1, tzinfo=UTC)
        self._at = 0.0

    def align(self, exchange_now: datetime, at_monotonic: float) -> None:
        self._exchange_now, self._at = exchange_now, at_monotonic

    def now(self) -> datetime:
        return self._exchange_now + timedelta(seconds=(self.monotonic() - self._at) * self.speed)

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, exchange_seconds: float) -> None:
        await asyncio.sleep(exchange_seconds / self.speed)


MakeStream = Callable[["LiveBench"], KlineStream]


class LiveBench:
    """The venue, our facts, a stream and a feed over them."""

    def __init__(
        self, venue: SimulatedVenue, make_stream: MakeStream, feed_limits: FeedLimits
    ) -> None:
        self.venue = venue
        self.clock = RunningClock(venue.clock.speed)
        self.budget = WeightBudget(self.clock)
        self.rejected = RejectedRows()
        self.facts = CcxtMarketFacts(
            self.client(), BINANCE_USDM, self.clock, self.budget, self.rejected
        )
        self.stream = make_stream(self)
        self.feed = LiveCandleFeed(
            self.facts, self.stream, self.clock, lambda: 0.5, limits=feed_limits
        )

    def client(self, *, streaming: bool = False) -> Any:
        client = open_client(
            BINANCE_USDM,
            self.budget,
            self.rejected,
            rest_url=self.venue.rest_url,
            ws_url=self.venue.ws_url,
            streaming=streaming,
        )
        client.timeout_on_exit = 0  # ccxt waits for TLS to end; there is none here
        return client

    async def next_boundary(self) -> datetime:
        """Wait for the next 15-minute boundary."""
        boundary = Timeframe.M15.next_boundary(self.clock.now())
        await self.clock.sleep((boundary - self.clock.now()).total_seconds())
        return boundary

    async def ready(self, *symbols: str, within: float) -> datetime:
        """Pass the next boundary and be ready there, by the stream or else by a mend."""
        boundary = await self.next_boundary()
        await self.feed.wait_ready(symbols, boundary, wall_seconds=within)
        assert await self.feed.mend(symbols, boundary) == frozenset(symbols)
        return boundary

    async def assert_equals_rest(self, symbol: str, boundary: datetime) -> None:
        """Every series of the pair is, bit for bit, what the venue's REST tells."""
        series = self.feed.series(symbol, boundary)
        assert set(series) == set(Timeframe)
        for timeframe, ours in series.items():
            theirs = await self.facts.fetch_candles(
                symbol, timeframe, first_index=ours.first_index, count=len(ours)
            )
            assert theirs is not None
            assert ours.closed_at == timeframe.previous_boundary(boundary)
            assert np.array_equal(np.asarray(ours.columns), np.asarray(theirs.columns))


def own_stream(bench: LiveBench, limits: ConnectionLimits = QUICK) -> KlineStream:
    return BinanceKlineStream(bench.clock, lambda: 0.5, base_url=bench.venue.ws_url, limits=limits)


def ccxt_stream(bench: LiveBench) -> KlineStream:
    client = bench.client(streaming=True)
    return CcxtProKlineStream(client, bench.clock, bench.budget, lambda: 0.0)


@cache
def small_market() -> Market:
    """Five pairs and the oddities; made once."""
    return synthetic_market(pairs=5, forward_minutes=24 * 60)


@asynccontextmanager
async def simulated_venue(speed: float) -> AsyncIterator[SimulatedVenue]:
    tasks = []

    def spawn(_name: str, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
        tasks.append(asyncio.create_task(work))
        return tasks[-1]

    market = small_market()
    clock = SimulatorClock(market.start_ms, speed, asyncio.get_running_loop().time)
    async with SimulatedVenue(market, clock, spawn=spawn) as venue:
        yield venue


@asynccontextmanager
async def live_bench(
    make_stream: MakeStream = own_stream,
    *,
    speed: float = 1500.0,
    symbols: tuple[str, ...] = (BTC, ETH),
    feed_limits: FeedLimits = PATIENT,
) -> AsyncIterator[LiveBench]:
    """A running feed whose history is loaded."""
    async with simulated_venue(speed) as venue:
        bench = LiveBench(venue, make_stream, feed_limits)
        reading = await measure(bench.facts, bench.clock)
        bench.clock.align(reading.exchange_now, reading.at_monotonic)
        running = asyncio.create_task(bench.feed.run())
        try:
            await bench.feed.stream(symbols)
            yield bench
        finally:
            running.cancel()
            with suppress(asyncio.CancelledError):
                await running
            await bench.facts.close()


def start_of_market() -> datetime:
    return from_ms(small_market().start_ms)
