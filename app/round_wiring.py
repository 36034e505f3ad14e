"""Wires the jobs at candle closes and the polls of derivatives, and puts them on the schedule."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from app.deciding import build_decide_at_close
from app.ground import Ground
from app.jobs import JobSchedule
from app.measures import Measures
from app.polls import Polls
from app.recorded_observations import KeepObservations
from app.risk import Risk
from app.rounds import Rounds
from domain.signals import FollowedSignal
from domain.timeframes import Timeframe
from engine.close import CloseRound
from engine.follow import FollowSignals
from engine.periodic_reports import PublishReports, ReadOverride
from engine.poll_derivatives import PollDerivatives
from engine.ports.cache import Cache
from engine.scan import ScanMarket
from engine.statistics import LedgerReader


@dataclass(frozen=True, slots=True, kw_only=True)
class Aftermath:
    """What is to happen with what a round brought.

    `remember` takes over the outcomes of signals that have ended; `execute` takes signals that
    nobody has to press for.
    """

    remember: Callable[[], Awaitable[None]]
    execute: Callable[[Sequence[FollowedSignal]], None]


def build_rounds(
    ground: Ground,
    *,
    risk: Risk,
    cache: Cache,
    reader: LedgerReader,
    live_override: ReadOverride,
    aftermath: Aftermath,
    measures: Measures,
) -> Rounds:
    """Asks nobody yet."""
    strategy, storage, clock = ground.settings.strategy, ground.storage, ground.clock
    feed, presenter = ground.data.feed, ground.presenter
    return Rounds(
        clock=clock,
        feed=feed,
        scan_market=ScanMarket(
            facts=ground.data.facts,
            feed=feed,
            flow_streams=ground.data.flow,
            market=ground.market,
            storage=storage,
            cache=cache,
            clock=clock,
            parameters=strategy.scanner,
        ),
        decide_at_close=build_decide_at_close(
            strategy,
            market=ground.market,
            feed=feed,
            storage=storage,
            presenter=presenter,
            clock=clock,
            risk_facts=risk.facts,
        ),
        follow_signals=FollowSignals(storage=storage, feed=feed, presenter=presenter, clock=clock),
        publish_reports=PublishReports(
            storage=storage,
            reader=reader,
            render=presenter.period_report,
            clock=clock,
            parameters=strategy.statistics,
            live_override=live_override,
        ),
        risk=risk.rounds,
        remember=aftermath.remember,
        execute=aftermath.execute,
        keep_observations=(
            KeepObservations(storage) if strategy.inputs.keep_observations else _forget
        ),
        activity=measures.activity,
        latency=measures.latency,
        tally=measures.tally,
        wake=ground.wake,
    )


def build_polls(ground: Ground) -> Polls:
    """Asks nobody yet."""
    data, market = ground.data, ground.market
    return Polls(
        poll=PollDerivatives(
            facts=data.derivatives,
            market_facts=data.facts,
            listener=market,
            clock=ground.clock,
            symbols=market.symbols,
            free_weight_share=lambda: data.budget.free_share,
            positioning_room=data.derivatives.positioning_room,
            parameters=ground.settings.strategy.polling,
        )
    )


def schedule_rounds(jobs: JobSchedule, rounds: Rounds, ground: Ground) -> None:
    """Decisions, what follows signals, reports, and the scan."""
    timing = ground.settings.strategy.timing
    settle = timing.settle_seconds
    jobs.at_candle_close("decide", rounds.close, Timeframe.M15)
    jobs.at_candle_close("follow", rounds.follow, Timeframe.M1, delay_seconds=settle)
    # All day, though only midnight has news: what was missed, or had to wait, is made up for.
    jobs.at_candle_close("report", rounds.report, Timeframe.M15, delay_seconds=2 * settle)
    jobs.every("scan", rounds.scan, exchange_seconds=timing.scan_seconds)


def schedule_polls(jobs: JobSchedule, polls: Polls, ground: Ground) -> None:
    """Each poll at its own interval."""
    polling = ground.settings.strategy.polling
    for name, job, seconds in (
        ("open interest", polls.open_interest, polling.open_interest_seconds),
        ("positioning", polls.positioning, polling.positioning_seconds),
        ("funding", polls.funding, polling.funding_seconds),
    ):
        jobs.every(
            name,
            job,
            exchange_seconds=seconds,
            shortest_wall_seconds=polling.shortest_wall_seconds,
        )


async def _forget(_closed: CloseRound) -> None:
    """Nobody asked for observations to be kept."""
