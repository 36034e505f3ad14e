"""Wires the live use cases to the past: storage in memory, a clock that is set, histories."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.backtest.candidates import Candidates
from engine.backtest.clock import SteppedClock
from engine.backtest.day_estimate import DayEstimate
from engine.backtest.deciding import DecideCandidates, OnDecision
from engine.backtest.feed import HistoryFeed
from engine.backtest.follower_clock import FollowerClock
from engine.backtest.likeness import PastCorrelations
from engine.backtest.observations import Observations, RecordedTimes
from engine.backtest.outbox import OnMessages
from engine.backtest.passing_time import PassingTime
from engine.backtest.silence import SilentPresenter
from engine.backtest.snapshots import PastSnapshots
from engine.backtest.storage import BacktestStorage
from engine.backtest.values import PairHistory, TestedStrategy
from engine.commands import ResumeSignals
from engine.drawdown import WatchDrawdown
from engine.follow import FollowSignals
from engine.issue import IssueSignals
from engine.risk_state import RiskFacts
from risk.breakers.drawdown import LATCHING_STEP


@dataclass(frozen=True, slots=True, kw_only=True)
class Backtest:
    """A bot of the past: `time` passes, and at each close with candidates it may `decide`."""

    storage: BacktestStorage
    feed: HistoryFeed
    time: PassingTime
    decide: DecideCandidates


def build_backtest(
    histories: Mapping[str, PairHistory],
    candidates: Mapping[str, Candidates],
    strategy: TestedStrategy,
    start: datetime,
    observations: Observations,
    times: RecordedTimes,
    on_decision: OnDecision | None,
    on_messages: OnMessages | None,
) -> Backtest:
    """Nothing runs yet; the clock stands at `start`."""
    clock, storage = SteppedClock(start), BacktestStorage(on_messages)
    feed, presenter = HistoryFeed(histories, clock), SilentPresenter()
    correlations = PastCorrelations(histories, strategy.correlations)
    prices = RiskFacts(price=feed.price)
    return Backtest(
        storage=storage,
        feed=feed,
        time=_build_time(strategy, clock, feed, storage, times, prices),
        decide=DecideCandidates(
            candidates=candidates,
            strategy=strategy,
            clock=clock,
            storage=storage,
            snapshots=PastSnapshots(histories, feed, observations),
            issue=IssueSignals(
                storage=storage,
                presenter=presenter,
                clock=clock,
                risk=strategy.risk,
                parameters=strategy.issuing,
                facts=RiskFacts(price=feed.price, correlations=correlations.correlations),
            ),
            on_decision=on_decision,
        ),
    )


def _build_time(
    strategy: TestedStrategy,
    clock: SteppedClock,
    feed: HistoryFeed,
    storage: BacktestStorage,
    times: RecordedTimes,
    prices: RiskFacts,
) -> PassingTime:
    follower_clock = FollowerClock(clock, feed, storage.ledger, times)
    presenter = SilentPresenter()
    return PassingTime(
        clock=clock,
        follower_clock=follower_clock,
        feed=feed,
        storage=storage,
        follow=FollowSignals(
            storage=storage,
            feed=feed,
            presenter=presenter,
            clock=follower_clock,
            timeframe_of=feed.timeframe_of,
        ),
        watch=WatchDrawdown(
            storage=storage, presenter=presenter, clock=clock, risk=strategy.risk, facts=prices
        ),
        resume=ResumeSignals(storage, clock),
        estimate=DayEstimate(
            equity=strategy.risk.reference_equity,
            step_percent=strategy.risk.breakers.drawdown.steps_percent[LATCHING_STEP - 1],
            series=feed.finest,
        ),
        assumed=strategy.assumed,
    )
