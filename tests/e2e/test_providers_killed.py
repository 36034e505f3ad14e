"""Providers die one after another, and coverage falls from close to close until signals stop.

Real questions over loopback to the simulated providers, and the product's own parts behind them.
The market's time is moved by hand, so that nothing but those deaths changes what is covered.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest

from app.clock import ExchangeClock
from app.feed_rounds import FeedRounds
from app.feeds import Watched, open_feeds
from app.market_view import VenueView
from app.settings import load_settings
from app.settings.feeds import FeedParameters, ProviderName
from app.supervisor import Supervisor
from domain.decisions import Decision, Discard
from domain.evidence import LayerName
from domain.feeds import FeedState
from domain.market import MarketSnapshot
from domain.order_flow import OrderFlow
from domain.timeframes import Timeframe, from_ms, to_ms
from engine.alerts import AlertParameters
from engine.confluence_parameters import ConfluenceParameters
from engine.decide import DecisionParameters, decide
from engine.macro_warnings import WarnOfMacro
from engine.outside import OutsideState
from engine.poll_feeds import PollFeeds
from engine.whale_alerts import AnnounceWhales
from exchanges.simulator import (
    Fault,
    FaultKind,
    Market,
    SimulatedVenue,
    SimulatorClock,
    held_ms,
    synthetic_market,
)
from feeds.simulator import World, feed_routes
from tests.builders.market import make_candles, make_instrument
from tests.builders.order_flow import make_book, make_tape
from tests.e2e.line import FEED_KEYS, MORNING
from tests.fakes.market import HandFacts, make_outside_state
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.layers.technical import markets

SPEED = 720.0
QUARTER = Timeframe.M15.length
BEFORE_THE_CLOSE = timedelta(minutes=1)
"""When all providers are asked, so that answers are young at the close."""

WARM_UP = 10
"""Closes until the state of the whole market is known: an hour of history, and it has to hold."""

PARAMETERS = DecisionParameters(
    confluence=ConfluenceParameters(
        medium_threshold=50.0, supporting_support=50.0, low_quality_hours=()
    )
)
TO_DIE = tuple(ProviderName)[::-1]
"""Those of sentiment first, those of chains last."""


@dataclass
class HandWall:
    """The seconds that all time is made of."""

    seconds: float = 1000.0

    def __call__(self) -> float:
        return self.seconds


@dataclass
class Stage:
    """A venue whose guests are the providers, what is known of them, and one pair to decide on."""

    venue: SimulatedVenue
    rounds: FeedRounds
    outside: OutsideState
    wall: HandWall
    dead: list[str] = field(default_factory=list)

    def kill(self, name: str) -> None:
        """Nobody gets an answer from a provider any more."""
        self.dead.append(name)
        self.venue.faults.inject(
            Fault(kind=FaultKind.REST_STATUS, match=f"/feeds/{name}", status=403, seconds=1e9)
        )

    async def next_close(self) -> Decision:
        """Ask everybody shortly before the next close, and decide at it."""
        now = from_ms(self.venue.clock.now_ms())
        boundary = Timeframe.M15.next_boundary(now)
        self._pass(boundary - BEFORE_THE_CLOSE - now)
        await asyncio.gather(*(self.rounds.ask(feed) for feed in self.rounds.feeds))
        self._observe_bitcoin()
        self._pass(BEFORE_THE_CLOSE)
        return decide(self._snapshot(to_ms(boundary)), PARAMETERS)

    @property
    def failing(self) -> set[str]:
        """Providers that do not answer, as an operator sees it."""
        return {one.provider for one in self.rounds.health() if one.state is not FeedState.GOOD}

    def _pass(self, span: timedelta) -> None:
        self.wall.seconds += span.total_seconds() / SPEED

    def _observe_bitcoin(self) -> None:
        closed_at = Timeframe.M15.previous_boundary(from_ms(self.venue.clock.now_ms()))
        self.outside.observe_bitcoin(make_candles(closed_at))

    def _snapshot(self, at_ms: int) -> MarketSnapshot:
        """A steady rise, a book and trades that lean with it, and what providers told."""
        instrument, boundary = make_instrument("BTC"), from_ms(at_ms)
        return MarketSnapshot(
            instrument=instrument,
            as_of=boundary,
            candles=rise_until(at_ms),
            order_flow=OrderFlow(
                book=make_book(0.6, exchange_ms=at_ms - 100),
                tape=make_tape(0.8, at_ms=at_ms, last_trade_ms=at_ms - 100),
            ),
            onchain=self.outside.onchain(instrument, boundary),
            sentiment=self.outside.sentiment(instrument, boundary),
            memory=self.outside.memory(boundary),
        )


def rise_until(at_ms: int) -> markets.Market:
    """1,200 quarters of an hour of waves on a steady rise."""
    minutes = 1200 * 15
    number = np.arange(minutes)
    close = 400.0 + number * 0.01 + 3.0 * np.sin(number / 400.0)
    opened = np.concatenate(([400.0], close[:-1]))
    high, low = np.maximum(opened, close) + 0.1, np.minimum(opened, close) - 0.1
    volume = 100.0 + 20.0 * np.sin(number / 30.0)
    columns = np.vstack([opened, high, low, close, volume, volume * 0.6])
    return markets.from_minutes(columns, at_ms // Timeframe.M1.milliseconds - minutes)


@pytest.fixture(scope="module")
def market() -> Market:
    return synthetic_market(
        pairs=3, seed=11, start_ms=to_ms(MORNING), history_minutes=1440, forward_minutes=1440
    )


@pytest.fixture
async def stage(market: Market, tmp_path: Path) -> AsyncIterator[Stage]:
    wall, supervisor = HandWall(), Supervisor(ExchangeClock())
    time = SimulatorClock(market.start_ms, SPEED, wall)
    world = World(VenueView(market), seed=11, now=time.now_ms, held=held_ms)
    guests = feed_routes(world)
    async with SimulatedVenue(market, time, spawn=supervisor.spawn, guests=guests) as venue:
        clock = ExchangeClock(speed=SPEED, monotonic=wall)
        clock.align(from_ms(time.now_ms()), wall())
        async with asking(venue, clock, tmp_path) as (rounds, outside):
            yield Stage(venue, rounds, outside, wall)
    await supervisor.stop()


@asynccontextmanager
async def asking(
    venue: SimulatedVenue, clock: ExchangeClock, folder: Path
) -> AsyncIterator[tuple[FeedRounds, OutsideState]]:
    """The providers as the application opens them, and what takes in their answers."""
    settings = load_settings(
        {},
        env_file=None,
        overrides={"feeds": {"base_url": f"{venue.rest_url}/feeds", **FEED_KEYS}},
    )
    opened = open_feeds(
        settings.feeds,
        FeedParameters(),
        clock,
        Watched(assets=lambda: frozenset({"BTC"}), price_of=lambda _: 60_000.0),
        layers=frozenset(LayerName),
        kept_in=folder,
    )
    outside, storage, presenter = make_outside_state(), InMemoryStorage(), PlainPresenter()
    alerts = AlertParameters()
    poll = PollFeeds(
        outside=outside,
        facts=HandFacts(clock),
        storage=storage,
        clock=clock,
        announce_whales=AnnounceWhales(
            storage=storage, presenter=presenter, clock=clock, parameters=alerts
        ),
        warn_of_macro=WarnOfMacro(
            storage=storage, presenter=presenter, clock=clock, parameters=alerts
        ),
    )
    rounds = FeedRounds(
        feeds=opened.feeds, unavailable=opened.unavailable, poll=poll, wake=lambda: None
    )
    try:
        yield rounds, outside
    finally:
        await opened.close()


async def test_coverage_falls_with_every_death_until_signals_stop_and_then_comes_back(
    stage: Stage,
) -> None:
    closes = [await stage.next_close() for _ in range(WARM_UP)]
    for name in TO_DIE:
        stage.kill(name)
        closes.append(await stage.next_close())
        assert stage.failing == set(stage.dead)
    closes += [await stage.next_close() for _ in range(3)]

    falling = closes[WARM_UP - 1 :]
    assert all(later.coverage <= earlier.coverage for earlier, later in pairwise(falling))
    least = PARAMETERS.confluence.minimum_coverage
    assert falling[0].is_signal
    assert falling[-1].coverage < least < falling[0].coverage
    for one in falling:
        assert (Discard.LOW_COVERAGE in one.discards) == (one.coverage < least)
        assert not (one.is_signal and one.coverage < least)

    stage.venue.faults.clear()
    back = await stage.next_close()
    # Those that have failed five times in a row are left alone for a minute yet.
    assert TO_DIE[-1] not in stage.failing
    assert back.coverage >= least
    assert back.is_signal
