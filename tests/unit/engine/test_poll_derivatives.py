"""Polls of open positions: who is asked, what stops a round, and what is passed on."""

import asyncio
from datetime import timedelta

import pytest

from domain.derivatives import Funding
from domain.errors import QuorumError, RateLimitedError, TemporaryVenueError, VenueRefusedError
from domain.timeframes import to_ms
from engine.pair_round import PollRound
from engine.poll_derivatives import PollingParameters
from tests.unit.engine.polling import ONE_BY_ONE, PERIOD_MS, Halt, PollBench

BTC, ETH, SOL = "BTCUSDT", "ETHUSDT", "SOLUSDT"
MANY = [f"PAIR{number:02}USDT" for number in range(20)]


async def test_every_streamed_pair_is_asked_for_its_open_interest() -> None:
    bench = PollBench([BTC, ETH])

    result = await bench.poll.open_interest()

    assert result == PollRound(asked=2, answered=2)
    assert bench.heard.open_interest.keys() == {BTC, ETH}


async def test_only_so_many_pairs_are_asked_at_once() -> None:
    bench = PollBench(MANY, PollingParameters(requests_at_once=3))

    await bench.poll.open_interest()

    assert bench.facts.most_running == 3
    assert sorted(bench.facts.asked) == MANY


@pytest.mark.parametrize(
    "failure", [TemporaryVenueError("no answer"), VenueRefusedError("no such pair")]
)
async def test_a_failing_pair_does_not_stop_the_others(failure: QuorumError) -> None:
    bench = PollBench([BTC, ETH, SOL], ONE_BY_ONE)
    bench.fail(BTC, failure)

    result = await bench.poll.open_interest()

    assert result == PollRound(asked=3, answered=2, failed=1, reason=str(failure))
    assert bench.heard.open_interest.keys() == {ETH, SOL}


async def test_a_pair_that_nothing_is_told_of_is_asked_but_not_answered() -> None:
    bench = PollBench([BTC, ETH])
    bench.facts.silent = {ETH}

    assert await bench.poll.open_interest() == PollRound(asked=2, answered=1)
    assert bench.heard.open_interest.keys() == {BTC}


async def test_a_call_for_silence_ends_the_round() -> None:
    bench = PollBench([BTC, ETH, SOL], ONE_BY_ONE)
    bench.fail(ETH, RateLimitedError("slow down", 60.0))

    result = await bench.poll.open_interest()

    assert result == PollRound(asked=2, answered=1, failed=1, left_out=1, reason="slow down")
    assert bench.facts.asked == [BTC, ETH]


async def test_a_call_for_silence_also_ends_what_is_being_asked() -> None:
    bench = PollBench([BTC, ETH, SOL], PollingParameters(requests_at_once=2))
    bench.facts.halts[BTC] = Halt()
    bench.fail(ETH, RateLimitedError("slow down", 60.0))

    result = await asyncio.wait_for(bench.poll.open_interest(), 5.0)

    assert result == PollRound(asked=1, failed=1, left_out=2, reason="slow down")
    assert bench.facts.running == 0
    assert not bench.heard.open_interest


async def test_an_error_of_our_own_is_not_swallowed() -> None:
    bench = PollBench([BTC])
    bench.facts.failures[BTC] = ZeroDivisionError()

    with pytest.raises(ExceptionGroup):
        await bench.poll.open_interest()


@pytest.mark.parametrize("free", [0.0, 0.5])
async def test_polls_leave_weight_for_the_candle_close(free: float) -> None:
    bench = PollBench([BTC, ETH], PollingParameters(free_weight_share=0.5))
    bench.free = free

    rounds = [
        await bench.poll.open_interest(),
        await bench.poll.positioning(),
        await bench.poll.funding(),
    ]

    assert rounds == [PollRound(left_out=2)] * 3
    assert not bench.facts.asked
    assert not bench.market_facts.requests


async def test_a_round_stops_where_weight_runs_short() -> None:
    bench = PollBench(MANY, ONE_BY_ONE)
    halt = bench.facts.halts[MANY[4]] = Halt()
    running = asyncio.create_task(bench.poll.open_interest())
    await halt.reached.wait()

    bench.free = 0.1
    halt.released.set()

    assert await running == PollRound(asked=5, answered=5, left_out=15)


async def test_pairs_that_left_are_neither_asked_nor_told() -> None:
    bench = PollBench([BTC, ETH, SOL], ONE_BY_ONE)
    for poll in (bench.poll.open_interest, bench.poll.positioning):
        bench.symbols = [BTC, ETH, SOL]
        halt = bench.facts.halts[BTC] = Halt()
        running = asyncio.create_task(poll())
        await halt.reached.wait()
        bench.symbols = [SOL]
        halt.released.set()

        assert await running == PollRound(asked=2, answered=2)
        assert bench.facts.told_anew() == [BTC, SOL]
    assert bench.heard.open_interest.keys() == {SOL}
    assert bench.heard.positioning.keys() == {SOL}


async def test_a_pair_with_a_young_row_is_not_asked_again_until_the_period_ended() -> None:
    bench = PollBench([BTC])
    bench.clock.advance(10)
    await bench.poll.positioning()

    bench.clock.advance(289)
    assert await bench.poll.positioning() == PollRound()
    bench.clock.advance(1)
    await bench.poll.positioning()

    assert bench.facts.asked == [BTC, BTC]
    assert bench.heard.positioning[BTC].exchange_ms == to_ms(bench.clock.now())


async def test_a_row_that_comes_late_is_looked_for_at_every_round() -> None:
    bench = PollBench([BTC])
    bench.facts.lag_ms = 70_000
    asked = []
    for _ in range(20):  # ten minutes
        await bench.poll.positioning()
        asked.append(len(bench.facts.told_anew()))
        bench.clock.advance(30)

    assert asked == [1, 1, 1, 1, 0, 0, 0, 0, 0, 0] * 2


async def test_a_row_from_the_future_does_not_silence_a_pair() -> None:
    bench = PollBench([BTC])
    bench.facts.lag_ms = -1_000 * PERIOD_MS
    await bench.poll.positioning()

    bench.clock.advance(300)

    assert (await bench.poll.positioning()).asked == 1


async def test_a_pair_without_long_shares_is_asked_once_a_period() -> None:
    bench = PollBench([BTC])
    bench.facts.silent = {BTC}
    for _ in range(20):
        await bench.poll.positioning()
        bench.clock.advance(30)

    assert bench.facts.asked == [BTC, BTC]


async def test_a_full_pool_takes_those_that_waited_longest() -> None:
    bench = PollBench(MANY[:5])
    bench.room = 2
    rounds = []
    for _ in range(3):
        rounds.append((await bench.poll.positioning(), bench.facts.told_anew()))
        bench.clock.advance(30)

    assert [asked for _, asked in rounds] == [MANY[:2], MANY[2:4], MANY[4:5]]
    assert [result.left_out for result, _ in rounds] == [3, 1, 0]


async def test_a_pair_that_keeps_failing_does_not_crowd_out_the_others() -> None:
    bench = PollBench(MANY[:4])
    bench.room = 1
    bench.fail(MANY[0], TemporaryVenueError("no answer"))
    for _ in range(5):
        await bench.poll.positioning()
        bench.clock.advance(1)

    assert bench.facts.asked == [*MANY[:4], MANY[0]]


async def test_a_pair_that_comes_back_is_asked_at_once() -> None:
    bench = PollBench([BTC, ETH])
    await bench.poll.positioning()
    bench.symbols = [ETH]
    await bench.poll.positioning()
    bench.symbols = [BTC, ETH]
    await bench.poll.positioning()

    assert bench.facts.asked == [BTC, ETH, BTC]


async def test_funding_of_all_pairs_is_passed_on_with_the_time_of_asking() -> None:
    bench = PollBench([BTC, ETH])
    funding = Funding(rate=0.0001, next_at=bench.clock.now() + timedelta(hours=3))
    bench.market_facts.funding = {BTC: funding, SOL: funding}

    assert await bench.poll.funding() == PollRound(asked=2, answered=1)
    assert bench.heard.funding == [({BTC: funding, SOL: funding}, to_ms(bench.clock.now()))]
    assert bench.market_facts.requests == ["funding"]


@pytest.mark.parametrize(
    "failure", [RateLimitedError("slow down", 9.0), VenueRefusedError("not here")]
)
async def test_failing_funding_is_told_in_the_summary(failure: QuorumError) -> None:
    bench = PollBench([BTC, ETH])
    bench.market_facts.failures["funding"] = failure

    assert await bench.poll.funding() == PollRound(asked=2, failed=2, reason=str(failure))
    assert not bench.heard.funding


async def test_without_pairs_nothing_is_asked() -> None:
    bench = PollBench([])

    rounds = [
        await bench.poll.open_interest(),
        await bench.poll.positioning(),
        await bench.poll.funding(),
    ]

    assert rounds == [PollRound()] * 3
    assert not bench.market_facts.requests


def test_parameters_say_what_is_out_of_range() -> None:
    with pytest.raises(ValueError, match="requests_at_once"):
        PollingParameters(requests_at_once=0)
