"""LiveCandleFeed over a made-up venue: ready when all is in, mended when it is not."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

import pytest

from domain.errors import StaleDataError, TemporaryVenueError, VenueRefusedError
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, to_ms
from exchanges.candle_feed import LiveCandleFeed
from exchanges.candle_mender import FeedLimits
from tests.unit.exchanges.fakes import (
    NOON,
    ManualStream,
    TrueFacts,
    WallClock,
    rows_of,
    soon,
    true_values,
)

BTC, ETH = "BTCUSDT", "ETHUSDT"
QUARTER = NOON + timedelta(minutes=15)
FOREVER = 3600.0
LIMITS = FeedLimits(grace=0.02, first_retry=0.02, longest_retry=0.04)


@dataclass
class Bench:
    """A feed and everything around it, at noon."""

    limits: FeedLimits = LIMITS
    clock: WallClock = field(default_factory=WallClock)
    stream: ManualStream = field(default_factory=ManualStream)
    progress: list[tuple[int, int]] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.facts = TrueFacts(self.clock)
        self.feed = LiveCandleFeed(
            self.facts,
            self.stream,
            self.clock,
            lambda: 0.5,
            limits=self.limits,
            on_progress=lambda done, total: self.progress.append((done, total)),
        )

    def final(self, symbol: str, timeframe: Timeframe, index: int, received: float = 1.0) -> None:
        self.feed.on_kline(symbol, timeframe, index, true_values(index), True, received)

    def finals_until(self, symbol: str, minutes: int, *, without: Timeframe | None = None) -> None:
        """All finals of the first minutes after noon."""
        for timeframe in Timeframe:
            first = timeframe.index_of(to_ms(NOON))
            last = timeframe.last_closed_index(to_ms(NOON) + minutes * 60_000)
            for index in range(first, last + 1):
                if timeframe is not without:
                    self.final(symbol, timeframe, index)

    def assert_true(self, symbol: str, boundary: datetime = QUARTER) -> None:
        for timeframe, series in self.feed.series(symbol, boundary).items():
            last = timeframe.last_closed_index(to_ms(boundary))
            assert series.last_index == last
            assert rows_of(series) == [true_values(i) for i in range(series.first_index, last + 1)]


@asynccontextmanager
async def running(bench: Bench) -> AsyncIterator[None]:
    task = asyncio.create_task(bench.feed.run())
    await bench.stream.running.wait()
    try:
        yield
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def both(waiting: Awaitable[frozenset[str]], *steps: Callable[[], None]) -> frozenset[str]:
    """Start waiting, then take the steps."""
    task = asyncio.ensure_future(waiting)
    await asyncio.sleep(0)
    for step in steps:
        assert not task.done()
        step()
    async with asyncio.timeout(2):
        return await task


async def test_history_reaches_the_depth_of_every_window() -> None:
    bench = Bench()

    await bench.feed.stream([BTC, ETH])

    assert bench.stream.symbols == {BTC, ETH}
    assert bench.progress == [(0, 2), (1, 2), (2, 2)]
    bench.assert_true(BTC, NOON)
    for timeframe, series in bench.feed.series(BTC, NOON).items():
        assert len(series) == ANCHORED_WINDOWS[timeframe].depth
    assert len(bench.facts.requests) == 2 * len(Timeframe)


async def test_a_pair_is_ready_when_its_last_due_candle_is_in() -> None:
    bench = Bench()
    await bench.feed.stream([BTC])
    bench.clock.advance(15 * 60)
    bench.finals_until(BTC, 15, without=Timeframe.M15)

    assert not bench.feed.is_ready(BTC, QUARTER)
    with pytest.raises(StaleDataError, match="no 15m candle"):
        bench.feed.series(BTC, QUARTER)
    bench.final(BTC, Timeframe.M15, Timeframe.M15.index_of(to_ms(NOON)), received=77.0)

    assert bench.feed.is_ready(BTC, QUARTER)
    assert bench.feed.ready_since(BTC, QUARTER) == 77.0
    bench.assert_true(BTC)


async def test_waiting_ends_with_the_last_pair() -> None:
    bench = Bench()
    await bench.feed.stream([BTC, ETH])
    bench.clock.advance(15 * 60)

    ready = await both(
        bench.feed.wait_ready([BTC, ETH], QUARTER, wall_seconds=FOREVER),
        lambda: bench.finals_until(BTC, 15),
        lambda: bench.finals_until(ETH, 15),
    )

    assert ready == {BTC, ETH}


async def test_waiting_ends_with_the_time_and_tells_who_is_ready() -> None:
    bench = Bench()
    await bench.feed.stream([BTC, ETH])
    bench.clock.advance(15 * 60)
    bench.finals_until(BTC, 15)

    ready = await bench.feed.wait_ready([BTC, ETH], QUARTER, wall_seconds=0.02)

    assert ready == {BTC}


async def test_nobody_waits_for_a_pair_that_is_not_streamed() -> None:
    bench = Bench()
    await bench.feed.stream([BTC, ETH])
    bench.clock.advance(15 * 60)
    bench.finals_until(BTC, 15)

    assert await bench.feed.wait_ready(["XRPUSDT"], QUARTER, wall_seconds=FOREVER) == frozenset()
    leaving = asyncio.create_task(bench.feed.wait_ready([BTC, ETH], QUARTER, wall_seconds=FOREVER))
    await asyncio.sleep(0)
    await bench.feed.stream([BTC])

    async with asyncio.timeout(2):
        assert await leaving == {BTC}


async def test_a_lost_final_makes_the_pair_wait_for_rest() -> None:
    bench = Bench()
    await bench.feed.stream([BTC])
    bench.clock.advance(15 * 60)
    bench.finals_until(BTC, 15, without=Timeframe.M5)
    bench.feed.on_gap([BTC])

    assert not bench.feed.is_ready(BTC, QUARTER)
    assert await bench.feed.mend([BTC], QUARTER) == {BTC}

    bench.assert_true(BTC)
    assert bench.facts.requests[-1] == (BTC, Timeframe.M5, Timeframe.M5.index_of(to_ms(NOON)), 3)
    health = bench.feed.health()
    assert (health.gaps, health.mends, health.failed_mends) == (1, 1, 0)


async def test_a_mend_wakes_whoever_waits() -> None:
    bench = Bench()
    await bench.feed.stream([BTC])
    bench.clock.advance(15 * 60)
    waiting = asyncio.create_task(bench.feed.wait_ready([BTC], QUARTER, wall_seconds=FOREVER))
    await asyncio.sleep(0)

    await bench.feed.mend([BTC], QUARTER)

    async with asyncio.timeout(2):
        assert await waiting == {BTC}


async def test_a_silent_pair_is_swept_up() -> None:
    bench = Bench()
    await bench.feed.stream([BTC])
    async with running(bench):
        bench.clock.advance(15 * 60)

        await soon(lambda: bench.feed.is_ready(BTC, QUARTER))

    bench.assert_true(BTC)


async def test_a_failing_venue_is_asked_again_until_it_answers() -> None:
    bench = Bench()
    bench.facts.failure = TemporaryVenueError("down")
    await bench.feed.stream([BTC])
    assert not bench.feed.is_ready(BTC, NOON)
    async with running(bench):
        await soon(lambda: bench.feed.health().failed_mends > 2)
        bench.facts.failure = None

        await soon(lambda: bench.feed.is_ready(BTC, NOON))

    bench.assert_true(BTC, NOON)


async def test_a_venue_that_fails_is_left_in_peace_for_a_while() -> None:
    bench = Bench(limits=replace(LIMITS, first_retry=60.0, longest_retry=60.0))
    bench.facts.failure = TemporaryVenueError("down")
    await bench.feed.stream([BTC])
    async with running(bench):
        await asyncio.sleep(5 * LIMITS.grace)

    assert bench.feed.health().failed_mends == 1


async def test_a_delisted_pair_stays_unready_and_harms_nobody() -> None:
    bench = Bench()
    await bench.feed.stream([BTC])
    bench.clock.advance(15 * 60)
    bench.facts.failure = VenueRefusedError("Invalid symbol.")

    assert await bench.feed.mend([BTC, ETH], QUARTER) == frozenset()

    assert bench.feed.health().failed_mends == 1


async def test_a_young_pair_begins_at_its_listing() -> None:
    bench = Bench()
    listed_ms = to_ms(NOON - timedelta(hours=3))
    bench.facts.listed_from[BTC] = listed_ms

    await bench.feed.stream([BTC])

    assert bench.feed.is_ready(BTC, NOON)
    assert {tf: len(s) for tf, s in bench.feed.series(BTC, NOON).items()} == {
        Timeframe.M1: 180,
        Timeframe.M5: 36,
        Timeframe.M15: 12,
        Timeframe.H1: 3,
    }


async def test_frames_that_cannot_be_believed_are_counted_and_skipped() -> None:
    bench = Bench()
    await bench.feed.stream([BTC])
    minute = Timeframe.M1.index_of(to_ms(NOON))

    bench.final(BTC, Timeframe.M1, minute + 5)
    bench.feed.on_kline(BTC, Timeframe.M1, minute, (5.0, 1.0, 2.0, 3.0, 1.0, 1.0), True, 1.0)
    bench.final("XRPUSDT", Timeframe.M1, minute)

    assert bench.feed.health().bad_frames == 2 + 3
    bench.assert_true(BTC, NOON)


async def test_a_contradiction_withdraws_readiness_until_rest_has_spoken() -> None:
    bench = Bench()
    await bench.feed.stream([BTC])
    bench.clock.advance(15 * 60)
    bench.finals_until(BTC, 15)
    minute = Timeframe.M1.index_of(to_ms(NOON)) + 3

    bench.feed.on_kline(BTC, Timeframe.M1, minute, true_values(minute + 1), True, 2.0)

    assert not bench.feed.is_ready(BTC, QUARTER)
    assert await bench.feed.mend([BTC], QUARTER) == {BTC}
    bench.assert_true(BTC)
    assert bench.feed.health().contradictions == 1


async def test_a_pair_that_leaves_is_forgotten() -> None:
    bench = Bench()
    await bench.feed.stream([BTC, ETH])

    await bench.feed.stream([ETH])

    assert bench.stream.symbols == {ETH}
    assert not bench.feed.is_ready(BTC, NOON)
    with pytest.raises(StaleDataError, match="not streamed"):
        bench.feed.series(BTC, NOON)
    assert len(bench.facts.requests) == 2 * len(Timeframe)


async def test_minute_candles_come_from_the_store_where_it_reaches() -> None:
    bench = Bench()
    await bench.feed.stream([BTC])
    newest = Timeframe.M1.last_closed_index(to_ms(NOON))
    depth = ANCHORED_WINDOWS[Timeframe.M1].depth
    asked = len(bench.facts.requests)

    tail = await bench.feed.minute_candles(BTC, after_index=newest - 3)
    everything = await bench.feed.minute_candles(BTC, after_index=newest - depth)

    assert [candle.index for candle in tail] == [newest - 2, newest - 1, newest]
    assert len(everything) == depth
    assert await bench.feed.minute_candles(BTC, after_index=newest) == []
    assert await bench.feed.minute_candles(BTC, after_index=newest + 5) == []
    assert len(bench.facts.requests) == asked


async def test_minute_candles_come_by_rest_where_the_store_does_not_reach() -> None:
    bench = Bench()
    await bench.feed.stream([BTC])
    newest = Timeframe.M1.last_closed_index(to_ms(NOON))

    old = await bench.feed.minute_candles(BTC, after_index=newest - 1000)
    stranger = await bench.feed.minute_candles(ETH, after_index=newest - 2)

    assert [candle.index for candle in old] == list(range(newest - 999, newest + 1))
    assert [candle.values for candle in stranger] == [true_values(newest - 1), true_values(newest)]
    assert await bench.feed.minute_candles(ETH, after_index=newest) == ()


async def test_health_tells_the_age_of_each_pairs_last_message() -> None:
    bench = Bench()
    await bench.feed.stream([BTC, ETH])
    minute = Timeframe.M1.index_of(to_ms(NOON))
    now = bench.clock.monotonic()

    bench.feed.on_kline(BTC, Timeframe.M1, minute, true_values(minute), False, now - 4.0)

    ages = bench.feed.health().message_ages
    assert ages[ETH] is None
    assert 4.0 <= (ages[BTC] or 0.0) < 5.0
