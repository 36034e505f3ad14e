"""Wires what the risk gate knows beside the storage, and the jobs around it."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from app.clock import ExchangeClock
from app.ground import Ground
from app.jobs import JobSchedule
from app.risk_rounds import RiskRounds
from domain.instruments import to_decimal
from domain.timeframes import Timeframe
from engine.correlations import CorrelationState
from engine.drawdown import WatchDrawdown
from engine.follow_shadows import FollowShadows
from engine.market_state import MarketState
from engine.note_shadows import NoteShadows
from engine.observe_trades import ObserveTrades
from engine.poll_correlations import PollCorrelations
from engine.portfolio_watch import WatchPortfolio
from engine.risk_state import RiskFacts
from engine.shadows import ShadowRules
from engine.timing import TimingParameters

_PRICE_WALL_SECONDS: Final = timedelta(minutes=3).total_seconds()
"""Three scans: a price older than that is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """What the gate asks, and the jobs that keep it current."""

    facts: RiskFacts
    rounds: RiskRounds

    def schedule(self, jobs: JobSchedule, timing: TimingParameters) -> None:
        """Shadows each minute, behind the signals; correlations as often as pairs may join."""
        jobs.at_candle_close(
            "shadows", self.rounds.shadows, Timeframe.M1, delay_seconds=3 * timing.settle_seconds
        )
        jobs.every("correlations", self.rounds.correlations, exchange_seconds=timing.scan_seconds)


def build_facts(
    market: MarketState, correlations: CorrelationState, clock: ExchangeClock
) -> RiskFacts:
    """Prices of the newest scan, correlations of watched pairs, the age of the clock."""
    return RiskFacts(
        price=lambda symbol: market.price(symbol, since=clock.monotonic() - _PRICE_WALL_SECONDS),
        correlations=lambda as_of, live: correlations.correlations(
            as_of, market.symbols().union(live)
        ),
        clock_age_seconds=clock.age_seconds,
    )


def build_risk(ground: Ground) -> Risk:
    """Asks nobody yet."""
    strategy, market, data = ground.settings.strategy, ground.market, ground.data
    storage, presenter, clock = ground.storage, ground.presenter, ground.clock
    correlations = CorrelationState(strategy.correlations)
    facts = build_facts(market, correlations, clock)
    observe = ObserveTrades(
        feed=data.feed,
        facts=data.facts,
        order_flow=market.order_flow.order_flow,
        parameters=strategy.watch,
    )
    rounds = RiskRounds(
        watch_drawdown=WatchDrawdown(
            storage=storage, presenter=presenter, clock=clock, risk=strategy.risk, facts=facts
        ),
        watch_portfolio=WatchPortfolio(
            storage=storage,
            observe=observe,
            correlations=correlations,
            presenter=presenter,
            clock=clock,
            equity=to_decimal(strategy.risk.reference_equity),
            parameters=strategy.watch,
        ),
        note_shadows=NoteShadows(
            storage=storage,
            rules=ShadowRules(shadows=strategy.shadows, risk=strategy.risk, issuing=strategy.issue),
        ),
        follow_shadows=FollowShadows(storage=storage, feed=data.feed, clock=clock),
        poll_correlations=PollCorrelations(
            facts=data.facts,
            storage=storage,
            state=correlations,
            clock=clock,
            watched=market.symbols,
            is_room=lambda: data.budget.free_share > strategy.polling.free_weight_share,
        ),
        wake=ground.wake,
    )
    return Risk(facts=facts, rounds=rounds)
