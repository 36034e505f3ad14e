"""The feed through everything that goes wrong at a venue, over real sockets."""

import asyncio
from dataclasses import replace

from exchanges.candle_mender import FeedLimits
from exchanges.kline_stream import KlineStream
from exchanges.simulator import Fault, FaultKind
from tests.contract.exchanges.live_bench import (
    BTC,
    ETH,
    QUICK,
    LiveBench,
    live_bench,
    own_stream,
)
from tests.unit.exchanges.fakes import soon

SWEEPING = FeedLimits(grace=0.2, first_retry=0.1, longest_retry=0.4)


async def assert_recovers(bench: LiveBench, within: float = 0.3) -> None:
    """Ready at the next boundary, by a mend if the stream does not manage within so long."""
    boundary = await bench.ready(BTC, ETH, within=within)
    await bench.assert_equals_rest(BTC, boundary)
    await bench.assert_equals_rest(ETH, boundary)


async def streaming(bench: LiveBench) -> None:
    await soon(lambda: bench.feed.health().message_ages[BTC] is not None)


async def test_without_faults_every_candle_comes_by_stream() -> None:
    async with live_bench() as bench:
        await bench.ready(BTC, ETH, within=0.3)
        mends = bench.feed.health().mends

        for _ in range(2):
            await assert_recovers(bench, within=10)

        health = bench.feed.health()
        assert (health.mends, health.gaps, health.contradictions) == (mends, 0, 0)


def watchful(bench: LiveBench) -> KlineStream:
    return own_stream(bench, replace(QUICK, silence=60.0, heartbeat=0.4))


async def test_a_half_open_socket_is_found_out_by_its_missing_pong() -> None:
    async with live_bench(watchful) as bench:
        await streaming(bench)

        assert bench.venue.faults.half_open() == 1
        await soon(lambda: bench.feed.health().gaps > 0)

        await assert_recovers(bench)


def impatient(bench: LiveBench) -> KlineStream:
    return own_stream(bench, replace(QUICK, silence=0.5))


async def test_a_silent_connection_that_still_pongs_is_replaced() -> None:
    async with live_bench(impatient) as bench:
        await streaming(bench)

        bench.venue.faults.inject(Fault(kind=FaultKind.FRAME_LOSS, seconds=0.9))
        await soon(lambda: bench.feed.health().gaps > 0)

        await assert_recovers(bench)


async def test_unreadable_frames_are_counted_and_skipped() -> None:
    async with live_bench() as bench:
        await streaming(bench)

        bench.venue.faults.inject(Fault(kind=FaultKind.FRAME_UNPARSABLE, count=5))
        bench.venue.faults.inject(Fault(kind=FaultKind.FRAME_WRONG_TYPE, count=5))
        await soon(lambda: bench.feed.health().bad_frames >= 10)

        assert bench.feed.health().reconnects == 0
        await assert_recovers(bench)


async def test_late_frames_change_nothing() -> None:
    async with live_bench() as bench:
        bench.venue.faults.inject(
            Fault(kind=FaultKind.FRAME_DELAY, match="kline", seconds=1.0, delay_seconds=0.4)
        )

        await assert_recovers(bench)
        await assert_recovers(bench)

        assert bench.feed.health().contradictions == 0


async def test_lost_finals_are_swept_up_without_being_asked_for() -> None:
    async with live_bench(feed_limits=SWEEPING) as bench:
        await streaming(bench)
        bench.venue.faults.inject(Fault(kind=FaultKind.FRAME_LOSS, match="btc", seconds=20))
        boundary = await bench.next_boundary()

        await soon(lambda: bench.feed.is_ready(BTC, boundary))

        await bench.assert_equals_rest(BTC, boundary)


async def test_a_429_pauses_every_request_and_then_all_goes_on() -> None:
    async with live_bench() as bench:
        refusal = Fault(kind=FaultKind.REST_STATUS, count=1, status=429, retry_after_seconds=1)
        bench.venue.faults.inject(refusal)
        boundary = await bench.next_boundary()
        lossy = Fault(kind=FaultKind.FRAME_LOSS, seconds=0.5)
        bench.venue.faults.inject(lossy)

        await bench.feed.mend([BTC, ETH], await bench.next_boundary())
        asked_at = bench.clock.monotonic()
        assert bench.budget.refusals == 1
        ready = await bench.feed.mend([BTC, ETH], boundary)

        assert ready == {BTC, ETH}
        assert bench.clock.monotonic() - asked_at < 2.0
        assert bench.budget.refusals == 1


async def test_a_venue_that_fails_is_asked_again() -> None:
    async with live_bench(feed_limits=SWEEPING) as bench:
        broken = Fault(kind=FaultKind.REST_STATUS, match="klines", count=3, status=503)
        page = Fault(kind=FaultKind.REST_HTML, match="klines", count=3, status=200)
        bench.venue.faults.inject(broken)
        bench.venue.faults.inject(page)
        bench.venue.faults.inject(Fault(kind=FaultKind.FRAME_LOSS, seconds=20))
        boundary = await bench.next_boundary()

        await soon(lambda: bench.feed.is_ready(BTC, boundary))

        assert bench.feed.health().failed_mends > 0
        await bench.assert_equals_rest(BTC, boundary)


def short_lived(bench: LiveBench) -> KlineStream:
    return own_stream(bench, replace(QUICK, lifetime=0.5))


async def test_sockets_are_changed_over_without_losing_a_candle() -> None:
    async with live_bench(short_lived) as bench:
        await bench.ready(BTC, ETH, within=0.3)
        mends = bench.feed.health().mends

        for _ in range(3):
            await assert_recovers(bench, within=10)

        health = bench.feed.health()
        assert (health.mends, health.gaps, health.reconnects) == (mends, 0, 0)


def few_per_socket(bench: LiveBench) -> KlineStream:
    return own_stream(bench, replace(QUICK, streams=3))


async def test_streams_spread_over_connections_and_close_with_the_last_pair() -> None:
    async with live_bench(few_per_socket) as bench:
        await soon(lambda: bench.feed.health().open_connections == 3)
        await assert_recovers(bench)

        await bench.feed.stream([ETH])
        await soon(lambda: bench.feed.health().open_connections == 2)
        await bench.feed.stream([])
        await soon(lambda: bench.feed.health().open_connections == 0)
        await bench.feed.stream([BTC, ETH])

        await assert_recovers(bench)


async def test_a_venue_that_is_not_there_yet_is_dialled_until_it_is() -> None:
    async with live_bench() as bench:
        await streaming(bench)

        await bench.venue.stop()
        await soon(lambda: bench.feed.health().open_connections == 0)
        await asyncio.sleep(0.2)
        await bench.venue.start()
        await soon(lambda: bench.feed.health().open_connections == 1)

        await assert_recovers(bench)
