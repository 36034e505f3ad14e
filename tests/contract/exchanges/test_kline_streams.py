"""What every KlineStream has to do, held against both of them over real sockets."""

import pytest

from exchanges.simulator import Fault, FaultKind
from tests.contract.exchanges.live_bench import (
    BTC,
    ETH,
    SOL,
    MakeStream,
    ccxt_stream,
    live_bench,
    own_stream,
)
from tests.unit.exchanges.fakes import soon

both_streams = pytest.mark.parametrize(
    "make_stream", [own_stream, ccxt_stream], ids=["own ingest", "ccxt.pro"]
)


@both_streams
async def test_candles_equal_rest_bit_for_bit_at_every_boundary(make_stream: MakeStream) -> None:
    async with live_bench(make_stream) as bench:
        for _ in range(2):
            boundary = await bench.ready(BTC, ETH, within=0.3)
            await bench.assert_equals_rest(BTC, boundary)
            await bench.assert_equals_rest(ETH, boundary)

        ages = bench.feed.health().message_ages
        assert all(age is not None and age < 2.0 for age in ages.values())


@both_streams
async def test_pairs_join_and_leave_while_it_runs(make_stream: MakeStream) -> None:
    async with live_bench(make_stream) as bench:
        await bench.feed.stream([ETH, SOL])

        await soon(lambda: bench.feed.health().message_ages[SOL] is not None)
        boundary = await bench.ready(ETH, SOL, within=0.3)

        await bench.assert_equals_rest(SOL, boundary)
        await bench.assert_equals_rest(ETH, boundary)
        assert BTC not in bench.feed.health().message_ages


@both_streams
async def test_a_dropped_connection_comes_back_and_leaves_no_gap(make_stream: MakeStream) -> None:
    async with live_bench(make_stream) as bench:
        await soon(lambda: bench.feed.health().message_ages[BTC] is not None)

        assert bench.venue.faults.drop() > 0
        await soon(lambda: bench.feed.health().gaps > 0)
        await soon(lambda: (bench.feed.health().message_ages[BTC] or 9.0) < 0.1)

        assert bench.feed.health().reconnects > 0
        boundary = await bench.ready(BTC, ETH, within=0.3)
        await bench.assert_equals_rest(BTC, boundary)
        await bench.assert_equals_rest(ETH, boundary)


@both_streams
async def test_duplicated_and_lost_frames_change_nothing(make_stream: MakeStream) -> None:
    async with live_bench(make_stream) as bench:
        bench.venue.faults.inject(Fault(kind=FaultKind.FRAME_DUPLICATE, match="btc", seconds=5))
        bench.venue.faults.inject(Fault(kind=FaultKind.FRAME_LOSS, match="eth", seconds=1))

        boundary = await bench.ready(BTC, ETH, within=0.3)

        await bench.assert_equals_rest(BTC, boundary)
        await bench.assert_equals_rest(ETH, boundary)
