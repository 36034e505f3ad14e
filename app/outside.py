"""Wires what is known beyond the exchange: trackers, providers, and the jobs that ask them."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from app.feed_rounds import FeedRounds
from app.feeds import OpenFeeds, Watched, open_feeds
from app.ground import Ground
from app.jobs import JobSchedule
from app.settings import Settings
from domain.evidence import LayerName
from domain.timeframes import Timeframe
from engine.macro_warnings import WarnOfMacro
from engine.outside import OutsideState
from engine.poll_feeds import PollFeeds
from engine.whale_alerts import AnnounceWhales
from layers.memory import OutcomeBook
from layers.onchain import OnChainTracker
from layers.sentiment import SentimentTracker

_MALFORMED: Final = Path("var/feeds")
_SETTLE_SECONDS: Final = 1.0

_SPREAD: Final = 0.618
"""Multiples of the golden section lie apart: neighbours in the list are not asked together."""


def build_outside_state(settings: Settings) -> OutsideState:
    """Trackers that know nothing yet."""
    strategy = settings.strategy
    return OutsideState(
        OnChainTracker(strategy.onchain, smart_wallets=settings.feeds.smart_wallets),
        SentimentTracker(strategy.sentiment),
        OutcomeBook(),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """The providers and the jobs that ask them."""

    opened: OpenFeeds
    rounds: FeedRounds
    bitcoin_seconds: float
    shortest_wall_seconds: float

    def schedule(self, jobs: JobSchedule) -> None:
        """A job for each provider, one for bitcoin's candles, one that keeps the sentiment."""
        for number, feed in enumerate(self.opened.feeds, start=1):
            jobs.every(
                f"feed {feed.provider}",
                self.rounds.asking(feed),
                exchange_seconds=feed.every_seconds,
                shortest_wall_seconds=self.shortest_wall_seconds,
                phase=number * _SPREAD % 1.0,
            )
        jobs.every(
            "bitcoin",
            self.rounds.bitcoin,
            exchange_seconds=self.bitcoin_seconds,
            shortest_wall_seconds=self.shortest_wall_seconds,
        )
        jobs.at_candle_close(
            "keep sentiment",
            self.rounds.keep_sentiment,
            Timeframe.M15,
            delay_seconds=_SETTLE_SECONDS,
        )


def build_outside(ground: Ground) -> Outside:
    """Connects nowhere yet."""
    settings, market, clock = ground.settings, ground.market, ground.clock
    storage, presenter = ground.storage, ground.presenter
    strategy = settings.strategy
    opened = open_feeds(
        settings.feeds,
        strategy.feeds,
        clock,
        Watched(assets=market.assets, price_of=market.price_of),
        layers=frozenset(LayerName(name) for name in strategy.confluence.layers),
        kept_in=_MALFORMED,
    )
    poll = PollFeeds(
        outside=market.outside,
        facts=ground.data.facts,
        storage=storage,
        clock=clock,
        announce_whales=AnnounceWhales(
            storage=storage, presenter=presenter, clock=clock, parameters=strategy.alerts
        ),
        warn_of_macro=WarnOfMacro(
            storage=storage, presenter=presenter, clock=clock, parameters=strategy.alerts
        ),
    )
    return Outside(
        opened=opened,
        rounds=FeedRounds(
            feeds=opened.feeds, unavailable=opened.unavailable, poll=poll, wake=ground.wake
        ),
        bitcoin_seconds=strategy.feeds.bitcoin_seconds,
        shortest_wall_seconds=strategy.feeds.shortest_wall_seconds,
    )
