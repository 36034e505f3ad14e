"""A venue that exists only as numbers, a clock moved by hand, and a stream that does as told."""

import asyncio
import math
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, datetime, timedelta

from domain.candles import Candle, CandleSeries
from domain.derivatives import Funding
from domain.errors import QuorumError
from domain.instruments import Instrument
from domain.market import Ticker
from domain.timeframes import Timeframe, to_ms
from engine.ports.clock import Clock
from engine.ports.market import MarketFacts
from exchanges.kline_stream import KlineListener, KlineStream, StreamHealth, Values

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


class ManualClock(Clock):
    """Time stands still until `advance`; sleeping advances it by what was asked for."""

    def __init__(self, at: datetime = NOON) -> None:
        self._now = at
        self._wall = 1000.0
        self.slept: list[float] = []

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._wall

    async def sleep(self, exchange_seconds: float) -> None:
        self.slept.append(exchange_seconds)
        self.advance(exchange_seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._wall += seconds


class WallClock(ManualClock):
    """Exchange time by hand, but wall seconds as they pass."""

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def true_values(index: int, salt: int = 0) -> Values:
    """What candle number `index` of the made-up market looks like."""
    opened = 100.0 + 10.0 * math.sin(index / 7.0 + salt)
    close = 100.0 + 10.0 * math.sin((index + 1) / 7.0 + salt)
    high, low = max(opened, close) + 0.5, min(opened, close) - 0.25
    return (opened, high, low, close, 1000.0 + index % 13, 400.0 + index % 7)


def true_candle(timeframe: Timeframe, index: int) -> Candle:
    opened, high, low, close, volume, taker_buy_volume = true_values(index)
    return Candle(
        timeframe=timeframe,
        index=index,
        open=opened,
        high=high,
        low=low,
        close=close,
        volume=volume,
        taker_buy_volume=taker_buy_volume,
    )


def true_series(timeframe: Timeframe, first: int, last: int) -> CandleSeries:
    return CandleSeries.of([true_candle(timeframe, index) for index in range(first, last + 1)])


def rows_of(series: CandleSeries) -> list[tuple[float, ...]]:
    """The candles of a series as plain rows, to be compared."""
    return [series.candle(position).values for position in range(len(series))]


class TrueFacts(MarketFacts):
    """Tells the true candles up to the clock; fails with `failure` while that is set."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.failure: QuorumError | None = None
        self.listed_from: dict[str, int] = {}
        self.requests: list[tuple[str, Timeframe, int, int]] = []

    async def fetch_candles(
        self, symbol: str, timeframe: Timeframe, *, first_index: int, count: int
    ) -> CandleSeries | None:
        self.requests.append((symbol, timeframe, first_index, count))
        await asyncio.sleep(0)
        if self.failure is not None:
            raise self.failure
        first = max(first_index, self.listed_from.get(symbol, 0) // timeframe.milliseconds)
        newest = timeframe.last_closed_index(to_ms(self._clock.now()))
        last = min(first_index + count - 1, newest)
        return true_series(timeframe, first, last) if first <= last else None

    async def fetch_instruments(self) -> Mapping[str, Instrument]:
        raise NotImplementedError

    async def fetch_tickers(self) -> Mapping[str, Ticker]:
        raise NotImplementedError

    async def fetch_funding(self) -> Mapping[str, Funding]:
        raise NotImplementedError


class ManualStream(KlineStream):
    """Streams what the test says through `listener`, once it runs."""

    def __init__(self) -> None:
        self.symbols: set[str] = set()
        self.running = asyncio.Event()
        self.listener: KlineListener | None = None

    async def run(self, listener: KlineListener) -> None:
        self.listener = listener
        self.running.set()
        await asyncio.Event().wait()

    def set_symbols(self, symbols: Collection[str]) -> None:
        self.symbols = set(symbols)

    def health(self) -> StreamHealth:
        return StreamHealth(open_connections=1, reconnects=2, bad_frames=3)


async def soon(condition: Callable[[], bool], within: float = 5.0) -> None:
    """Wait until a condition holds; fails after `within` wall seconds."""
    for _ in range(round(within / 0.01)):
        if condition():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("what was waited for did not happen")
