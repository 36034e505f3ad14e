"""CcxtDerivativeFacts with the real ccxt, over sockets, against a simulated venue."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import pytest

from domain.errors import RateLimitedError, TemporaryVenueError, VenueRefusedError
from domain.timeframes import to_ms
from engine.poll_derivatives import PollDerivatives
from exchanges.ccxt_derivatives import CcxtDerivativeFacts
from exchanges.ccxt_facts import CcxtMarketFacts
from exchanges.exchange_time import measure
from exchanges.request_pool import RequestPool
from exchanges.simulator import Fault, FaultKind
from exchanges.venues import BINANCE_USDM
from tests.contract.exchanges.live_bench import (
    BTC,
    ETH,
    PATIENT,
    SOL,
    LiveBench,
    own_stream,
    simulated_venue,
)
from tests.unit.engine.polling import ONE_BY_ONE, PERIOD_MS, Heard


@dataclass
class Bench:
    """A simulated venue, both kinds of facts over one client, and polls over them."""

    live: LiveBench
    market: CcxtMarketFacts
    facts: CcxtDerivativeFacts
    pool: RequestPool

    def now_ms(self) -> int:
        return to_ms(self.live.clock.now())

    def polling(self, *symbols: str) -> tuple[PollDerivatives, Heard]:
        heard = Heard()
        poll = PollDerivatives(
            facts=self.facts,
            market_facts=self.market,
            listener=heard,
            clock=self.live.clock,
            symbols=lambda: symbols,
            free_weight_share=lambda: self.live.budget.free_share,
            positioning_room=self.facts.positioning_room,
            parameters=ONE_BY_ONE,
        )
        return poll, heard

    def refuse(self, match: str, *, retry_after_seconds: int = 1) -> None:
        self.live.venue.faults.inject(
            Fault(
                kind=FaultKind.REST_STATUS,
                match=match,
                count=1,
                status=429,
                retry_after_seconds=retry_after_seconds,
            )
        )


@asynccontextmanager
async def derivatives(*, requests: int = 1000) -> AsyncIterator[Bench]:
    """Pairs are known already, so that only what a test asks for costs anything."""
    async with simulated_venue(speed=1.0) as venue:
        live = LiveBench(venue, own_stream, PATIENT)
        reading = await measure(live.facts, live.clock, samples=1)
        live.clock.align(reading.exchange_now, reading.at_monotonic)
        client = live.client()
        market = CcxtMarketFacts(client, BINANCE_USDM, live.clock, live.budget, live.rejected)
        await market.fetch_instruments()
        pool = RequestPool(live.clock, requests=requests, share=0.8)
        facts = CcxtDerivativeFacts(
            client,
            BINANCE_USDM,
            live.budget,
            live.rejected,
            pool=pool,
            name_of=market.name_of,
        )
        try:
            yield Bench(live, market, facts, pool)
        finally:
            await market.close()
            await live.facts.close()


async def test_open_interest_comes_in_base_units_with_the_venues_time() -> None:
    async with derivatives() as bench:
        asked = bench.now_ms()
        told = await bench.facts.fetch_open_interest(BTC)

        assert told is not None
        assert told.quantity > 0
        # Our clock follows the venue's as well as a busy machine lets it be measured.
        assert asked - 1_000 <= told.exchange_ms <= bench.now_ms() + 1_000
        assert not bench.live.rejected.counts


async def test_positioning_tells_three_shares_of_the_last_period_that_ended() -> None:
    async with derivatives() as bench:
        told = await bench.facts.fetch_positioning(ETH)

        assert told is not None
        assert told.exchange_ms == bench.now_ms() // PERIOD_MS * PERIOD_MS
        shares = (
            told.crowd_long_share,
            told.top_accounts_long_share,
            told.top_positions_long_share,
        )
        assert all(share is not None and 0 < share < 1 for share in shares)
        assert len(set(shares)) == 3
        assert not bench.live.rejected.counts


async def test_each_request_is_charged_to_where_the_venue_counts_it() -> None:
    async with derivatives() as bench:
        before = bench.live.budget.used
        await bench.facts.fetch_positioning(BTC)
        assert (bench.live.budget.used - before, bench.pool.used) == (0, 3)

        await bench.facts.fetch_open_interest(BTC)
        assert (bench.live.budget.used - before, bench.pool.used) == (1, 3)

        await bench.market.fetch_funding()
        assert (bench.live.budget.used - before, bench.pool.used) == (11, 3)


async def test_a_429_ends_the_round_and_silences_the_client() -> None:
    async with derivatives() as bench:
        poll, heard = bench.polling(BTC, ETH, SOL)
        bench.refuse("topLongShortAccountRatio")

        result = await poll.positioning()
        meanwhile = await poll.open_interest()

        assert (result.asked, result.failed, result.left_out) == (1, 1, 2)
        assert "429" in result.reason
        assert bench.live.budget.free_share == 0.0
        assert meanwhile.left_out == 3
        await asyncio.sleep(bench.live.budget.silent_seconds)
        again = await poll.positioning()
        assert (again.asked, again.answered) == (3, 3)
        assert list(heard.positioning) == [ETH, SOL, BTC]


async def test_a_429_is_told_with_its_silence() -> None:
    async with derivatives() as bench:
        bench.refuse("openInterest", retry_after_seconds=7)

        with pytest.raises(RateLimitedError) as refused:
            await bench.facts.fetch_open_interest(BTC)

        assert 6 < refused.value.retry_after_seconds <= 7


@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.REST_STATUS, count=1, status=503),
        Fault(kind=FaultKind.REST_HTML, count=1, status=502),
        Fault(kind=FaultKind.REST_HTML, count=1, status=200),
    ],
    ids=["overloaded", "bad gateway", "a page where JSON should be"],
)
async def test_a_venue_in_trouble_is_a_temporary_error(fault: Fault) -> None:
    async with derivatives() as bench:
        bench.live.venue.faults.inject(fault)
        with pytest.raises(TemporaryVenueError):
            await bench.facts.fetch_open_interest(BTC)
        bench.live.venue.faults.inject(fault)
        with pytest.raises(TemporaryVenueError):
            await bench.facts.fetch_positioning(BTC)


async def test_an_unknown_pair_is_refused_without_asking() -> None:
    async with derivatives() as bench:
        for fetch in (bench.facts.fetch_open_interest, bench.facts.fetch_positioning):
            with pytest.raises(VenueRefusedError, match="lists no pair NONEUSDT"):
                await fetch("NONEUSDT")
        assert bench.pool.used == 0


async def test_polls_bring_everything_to_the_listener() -> None:
    async with derivatives() as bench:
        poll, heard = bench.polling(BTC, ETH, "NONEUSDT")

        rounds = [await poll.open_interest(), await poll.positioning(), await poll.funding()]

        assert [(one.asked, one.answered, one.failed) for one in rounds] == [
            (3, 2, 1),
            (3, 2, 1),
            (3, 2, 0),
        ]
        assert heard.open_interest.keys() == heard.positioning.keys() == {BTC, ETH}
        assert heard.funding[0][0].keys() > {BTC, ETH}


async def test_a_round_takes_no_more_than_the_pool_holds() -> None:
    async with derivatives(requests=8) as bench:  # of which six may be used
        poll, heard = bench.polling(BTC, ETH, SOL)

        result = await poll.positioning()

        assert (result.answered, result.left_out) == (2, 1)
        assert heard.positioning.keys() == {BTC, ETH}
        assert bench.facts.positioning_room(3) == 0
