"""Adapters ask their twins on the simulated venue's own port, while its faults are at work."""

import asyncio
import time
from collections.abc import AsyncIterator, Coroutine
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio

from domain.errors import FeedError
from domain.feeds import FeedAnswer
from domain.sentiment import MacroQuote
from domain.timeframes import from_ms
from engine.ports.feeds import Feed
from exchanges.simulator import (
    Fault,
    FaultKind,
    Market,
    SimulatedVenue,
    SimulatorClock,
    held_ms,
    synthetic_market,
)
from feeds.coingecko import CoinGeckoFeed
from feeds.fear_greed import FearGreedFeed
from feeds.provider import Provider
from feeds.simulator import World, feed_routes
from feeds.yahoo import YahooFeed
from tests.contract.feeds.feed_server import QUICK, provider_of
from tests.contract.feeds.simulated_world import Waves
from tests.fakes.clock import HandClock

NAMES = ("coingecko", "fear_greed", "yahoo")


def spawn(name: str, work: Coroutine[Any, Any, None]) -> "asyncio.Task[None]":
    return asyncio.create_task(work, name=name)


class VenueClock(HandClock):
    """Exchange time is the venue's."""

    def __init__(self, venue: SimulatorClock) -> None:
        super().__init__()
        self._venue = venue

    def now(self) -> datetime:
        return from_ms(self._venue.now_ms())


@dataclass
class Stage:
    """A running venue whose guests are the twins."""

    venue: SimulatedVenue
    folder: Path

    def feed(self, name: str, provider: Provider) -> Feed:
        clock = VenueClock(self.venue.clock)
        if name == "yahoo":
            return YahooFeed(provider, clock=clock)
        return CoinGeckoFeed(provider) if name == "coingecko" else FearGreedFeed(provider)

    async def ask(self, name: str, *, timeout_seconds: float = 10.0) -> FeedAnswer:
        """One question of a provider that nobody has asked before."""
        url = f"{self.venue.rest_url}/feeds/{name}"
        patience = replace(QUICK, timeout_seconds=timeout_seconds, attempts=2)
        async with provider_of(
            url, self.folder, name=name, patience=patience, clock=VenueClock(self.venue.clock)
        ) as provider:
            return await self.feed(name, provider).fetch()


@pytest.fixture(scope="module")
def market() -> Market:
    return synthetic_market(pairs=2, seed=3, history_minutes=1440, forward_minutes=1440)


@pytest_asyncio.fixture
async def stage(market: Market, tmp_path: Path) -> AsyncIterator[Stage]:
    clock = SimulatorClock(market.start_ms, 600.0, time.monotonic)
    world = World(Waves(), seed=3, now=clock.now_ms, held=held_ms)
    async with SimulatedVenue(market, clock, spawn=spawn, guests=feed_routes(world)) as venue:
        yield Stage(venue, tmp_path)


@pytest.mark.parametrize("name", NAMES)
async def test_every_twin_answers_on_the_venues_port(stage: Stage, name: str) -> None:
    assert (await stage.ask(name)).observations


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize(
    "fault",
    [
        Fault(kind=FaultKind.REST_MALFORMED, match="/feeds/", seconds=30),
        Fault(kind=FaultKind.REST_WRONG_TYPE, match="/feeds/", seconds=30),
        Fault(kind=FaultKind.REST_HTML, match="/feeds/", status=200, seconds=30),
    ],
)
async def test_spoiled_answers_are_refused_and_kept(stage: Stage, name: str, fault: Fault) -> None:
    stage.venue.faults.inject(fault)
    with pytest.raises(FeedError, match=f"{name}: the answer does not make sense"):
        await stage.ask(name)
    assert (stage.folder / f"{name}.txt").exists()
    stage.venue.faults.clear()
    assert (await stage.ask(name)).observations


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Fault(kind=FaultKind.REST_STATUS, match="/feeds/", status=503, seconds=30), "HTTP 503"),
        (
            Fault(
                kind=FaultKind.REST_STATUS,
                match="/feeds/",
                status=429,
                retry_after_seconds=60,
                seconds=30,
            ),
            "HTTP 429",
        ),
        (
            Fault(kind=FaultKind.REST_DELAY, match="/feeds/", delay_seconds=0.6, seconds=30),
            "no answer within",
        ),
    ],
)
async def test_a_twin_that_does_not_answer_is_told_so(
    stage: Stage, fault: Fault, told: str
) -> None:
    stage.venue.faults.inject(fault)
    with pytest.raises(FeedError, match=told):
        await stage.ask("coingecko", timeout_seconds=0.5)


async def test_one_slow_or_broken_moment_is_bridged_by_asking_again(stage: Stage) -> None:
    stage.venue.faults.inject(
        Fault(kind=FaultKind.REST_STATUS, match="/feeds/", status=502, count=1)
    )
    assert (await stage.ask("fear_greed")).observations


async def test_a_stale_twin_answers_as_of_when_it_stopped(stage: Stage) -> None:
    def newest(answer: FeedAnswer) -> int:
        return max(one.at_ms for one in answer.observations if isinstance(one, MacroQuote))

    stage.venue.faults.inject(Fault(kind=FaultKind.REST_STALE, match="/feeds/yahoo", seconds=30))
    stopped = newest(await stage.ask("yahoo"))
    await asyncio.sleep(0.1)
    again = await stage.ask("yahoo")
    assert newest(again) == stopped < again.answered_ms - 30_000

    stage.venue.faults.clear()
    assert newest(await stage.ask("yahoo")) > stopped
