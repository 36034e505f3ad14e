"""Hourly candles for correlations: who is asked, for what, and what a failure stops."""

import pytest

from domain.candles import CandleSeries
from domain.errors import (
    InvalidDataError,
    QuorumError,
    RateLimitedError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.timeframes import Timeframe, to_ms
from engine.correlations import CorrelationParameters, CorrelationState
from engine.pair_round import PollRound
from engine.poll_correlations import PollCorrelations
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFacts
from tests.unit.engine.candles_of_returns import WAVE, make_series
from tests.unit.engine.following import ENTRY, Following

BTC, ETH, SOL = "BTCUSDT", "ETHUSDT", "SOLUSDT"


class CountingFacts(HandFacts):
    """Remembers the stretches that are asked for."""

    def __init__(self, clock: HandClock) -> None:
        super().__init__(clock)
        self.stretches: list[tuple[int, int]] = []

    async def fetch_candles(
        self, symbol: str, timeframe: Timeframe, *, first_index: int, count: int
    ) -> CandleSeries | None:
        self.stretches.append((first_index, count))
        return await super().fetch_candles(symbol, timeframe, first_index=first_index, count=count)


class Bench:
    def __init__(self, *watched: str) -> None:
        self.following = Following()
        self.clock = self.following.clock
        self.facts = CountingFacts(self.clock)
        self.watched = list(watched)
        self.is_room = True
        self.state = CorrelationState(CorrelationParameters(returns=48, least_common_returns=12))
        self.last = Timeframe.H1.last_closed_index(to_ms(self.clock.now()))
        for symbol in (BTC, ETH, SOL):
            self.facts.candles[symbol] = make_series(WAVE, self.last + 5)
        self.poll = PollCorrelations(
            facts=self.facts,
            storage=self.following.storage,
            state=self.state,
            clock=self.clock,
            watched=lambda: self.watched,
            is_room=lambda: self.is_room,
        )

    def asked_anew(self) -> list[str]:
        asked, self.facts.requests = self.facts.requests, []
        return asked

    def is_known(self, symbol: str) -> bool:
        return self.state.missing(symbol, self.clock.now()) is None


async def test_watched_pairs_those_of_live_signals_and_the_leader_are_asked() -> None:
    bench = Bench(ETH)
    await bench.following.publish([ENTRY])

    assert await bench.poll() == PollRound(asked=3, answered=3)
    assert bench.asked_anew() == [SOL, BTC, ETH]
    assert bench.facts.stretches == [(bench.last - 48, 49)] * 3
    correlations = bench.state.correlations(bench.clock.now(), [BTC, ETH, SOL])
    assert correlations.between(BTC, ETH) == pytest.approx(1.0)


async def test_nothing_is_asked_twice_and_later_only_what_is_new() -> None:
    bench = Bench(BTC)
    await bench.poll()
    assert await bench.poll() == PollRound()
    bench.clock.advance(2 * 3600)
    assert await bench.poll() == PollRound(asked=1, answered=1)
    assert bench.facts.stretches == [(bench.last - 48, 49), (bench.last + 1, 2)]


@pytest.mark.parametrize(
    "failure",
    [TemporaryVenueError("HTTP 502"), VenueRefusedError("no such pair"), InvalidDataError("hole")],
)
async def test_failing_pair_does_not_stop_the_others(failure: QuorumError) -> None:
    bench = Bench(ETH, SOL)
    bench.facts.failures[ETH] = failure

    result = await bench.poll()

    assert (result.asked, result.answered, result.failed) == (3, 2, 1)
    assert str(failure) in result.reason
    assert [bench.is_known(symbol) for symbol in (BTC, ETH, SOL)] == [True, False, True]
    del bench.facts.failures[ETH]
    assert await bench.poll() == PollRound(asked=1, answered=1)


async def test_call_for_silence_ends_the_round() -> None:
    bench = Bench(ETH, SOL)
    bench.facts.failures[ETH] = RateLimitedError("slow down", 60.0)
    assert await bench.poll() == PollRound(
        asked=2, answered=1, failed=1, left_out=1, reason="slow down"
    )


async def test_pair_without_candles_is_asked_but_not_answered() -> None:
    bench = Bench("NEWUSDT")
    assert await bench.poll() == PollRound(asked=2, answered=1)


async def test_without_room_nothing_is_asked() -> None:
    bench = Bench(ETH)
    bench.is_room = False
    assert await bench.poll() == PollRound(left_out=2)
    assert not bench.facts.requests


async def test_pair_that_nobody_asks_about_is_forgotten() -> None:
    bench = Bench(ETH)
    await bench.poll()
    bench.watched = []
    await bench.poll()
    assert not bench.is_known(ETH)
    assert bench.is_known(BTC)
