"""What the jobs do around the use cases: count, wake, note, measure."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

import pytest

from app.clock import ExchangeClock
from app.latency import Handed, LatencyRecorder
from app.rounds import Rounds
from app.tally import Tally
from db.cache import MemoryCache
from domain.decisions import Discard
from domain.errors import TemporaryVenueError
from domain.signals import FollowedSignal
from engine.activity import Activity
from engine.close import CloseRound
from engine.follow import FollowSignals
from engine.issue import post_key
from engine.monitoring.values import LatencyStage
from engine.opportunity import ScannerParameters
from engine.periodic_reports import PublishReports
from engine.ports.storage import DecisionRecord
from engine.scan import ScanMarket
from engine.statistics import LedgerReader, StatisticsParameters
from monitoring.metrics import Metrics
from tests.builders.market import make_candles, make_instrument
from tests.builders.signals import make_decision
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFacts, HandFlowStreams, make_ticker
from tests.unit.app.risk_jobs import risk_rounds_of
from tests.unit.engine.closing import BOUNDARY, Desk
from tests.unit.engine.following import ENTRY, STOP, Following
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter


def following_clock(hand: HandClock) -> ExchangeClock:
    clock = ExchangeClock(monotonic=hand.monotonic)
    clock.align(hand.now(), hand.monotonic())
    return clock


@dataclass
class Bench:
    """The jobs over a desk whose clock is moved by hand."""

    desk: Desk = field(default_factory=Desk)
    wakes: int = 0
    watches: int = 0
    times_remembered: int = 0
    executed: list[FollowedSignal] = field(default_factory=list)
    closed: list[tuple[CloseRound, int]] = field(default_factory=list)
    """Closes to be kept, and how often the delivery had been woken by then."""

    def __post_init__(self) -> None:
        desk = self.desk
        self.facts = HandFacts(desk.clock)
        self.rounds = Rounds(
            clock=following_clock(desk.clock),
            feed=desk.feed,
            scan_market=ScanMarket(
                facts=self.facts,
                feed=desk.feed,
                flow_streams=HandFlowStreams(),
                market=desk.market,
                storage=desk.storage,
                cache=MemoryCache(desk.clock),
                clock=desk.clock,
                parameters=ScannerParameters(),
            ),
            decide_at_close=desk.decide,
            follow_signals=FollowSignals(
                storage=desk.storage,
                feed=desk.feed,
                presenter=PlainPresenter(),
                clock=desk.clock,
            ),
            publish_reports=PublishReports(
                storage=desk.storage,
                reader=LedgerReader(),
                render=PlainPresenter().period_report,
                clock=desk.clock,
                parameters=StatisticsParameters(),
            ),
            risk=risk_rounds_of(desk, self.facts, self._count_watch),
            remember=self._count_remembering,
            execute=self.executed.extend,
            keep_observations=self._note_closed,
            activity=Activity(),
            latency=LatencyRecorder(),
            tally=Tally(metrics=Metrics(version="0")),
            wake=self._count_wake,
        )

    def _count_wake(self) -> None:
        self.wakes += 1

    async def _note_closed(self, closed: CloseRound) -> None:
        self.closed.append((closed, self.wakes))

    def _count_watch(self) -> None:
        self.watches += 1

    async def _count_remembering(self) -> None:
        self.times_remembered += 1

    @property
    def tally(self) -> Tally:
        return self.rounds.tally


def over(following: Following) -> Bench:
    """The jobs over signals that are followed."""
    desk = Desk(storage=following.storage)
    bench = Bench(desk=desk)
    desk.clock.set(following.clock.now())
    bench.rounds.clock.align(desk.clock.now(), desk.clock.monotonic())
    desk.feed.minutes = following.feed.minutes
    return bench


async def test_close_is_decided_counted_noted_and_handed_to_delivery() -> None:
    bench = Bench()
    await bench.rounds.close()
    assert (bench.tally.closes, bench.tally.late_closes, bench.tally.decisions) == (1, 0, 6)
    kept = await look_into(bench.desk.storage)
    assert bench.tally.signals == len(kept.signals) > 0
    assert bench.tally.denied == kept.decisions.denied
    activity = bench.rounds.activity
    assert activity.last_decision_at == activity.last_signal_at == BOUNDARY
    assert bench.wakes == 1


async def test_what_a_close_was_decided_on_is_kept_after_its_signals_went_out() -> None:
    bench = Bench()
    await bench.rounds.close()
    ((closed, wakes),) = bench.closed
    assert wakes == 1
    assert set(closed.snapshots) == set(bench.desk.symbols)


async def test_what_was_issued_is_handed_to_automatic_execution() -> None:
    bench = Bench()
    await bench.rounds.close()
    kept = await look_into(bench.desk.storage)
    assert [followed.signal.id for followed in bench.executed] == [
        followed.signal.id for followed in kept.signals
    ]


@pytest.mark.parametrize("seconds", [0.0, 0.4, 300.0])
async def test_boundary_decided_on_is_the_one_that_has_just_passed(seconds: float) -> None:
    bench = Bench()
    bench.desk.clock.advance(seconds)
    await bench.rounds.close()
    decided = {decision.as_of for batch in bench.desk.issue.batches for decision in batch}
    assert decided == {BOUNDARY}


async def test_latency_runs_from_the_final_candle_to_the_hand_over() -> None:
    bench = Bench()
    ready_at = bench.desk.clock.monotonic() + 2.0
    await bench.rounds.close()
    (first, *_) = (await look_into(bench.desk.storage)).signals
    handed = Handed(over_at=ready_at + 0.08, accepted_at=ready_at + 0.1)
    bench.rounds.latency.delivered(post_key(first.signal.id), handed)
    milliseconds = {
        summary.stage: summary.p50_milliseconds for summary in bench.rounds.latency.summaries()
    }
    assert milliseconds[LatencyStage.HANDED_OVER] == pytest.approx(80.0)
    assert milliseconds[LatencyStage.ACCEPTED] == pytest.approx(100.0)
    assert 0 <= milliseconds[LatencyStage.DECIDED] <= milliseconds[LatencyStage.STORED]


async def test_close_on_which_nothing_could_be_decided_is_no_decision() -> None:
    bench = Bench()
    bench.desk.feed.delays.clear()
    await bench.rounds.close()
    assert (bench.tally.closes, bench.tally.decisions) == (1, 0)
    assert bench.rounds.activity.last_decision_at is None


async def test_late_close_is_counted_as_such() -> None:
    bench = Bench()
    bench.desk.clock.advance(600)
    await bench.rounds.close()
    assert (bench.tally.closes, bench.tally.late_closes, bench.tally.decisions) == (1, 1, 0)


async def test_ends_of_signals_are_counted_by_their_kind() -> None:
    following = Following()
    await following.publish([ENTRY, STOP], base="SOL")
    await following.publish([ENTRY, ENTRY], base="ETH")
    following.minutes_later(2)
    bench = over(following)
    await bench.rounds.follow()
    assert bench.tally.outcomes == {"stopped": 1}
    assert (bench.wakes, bench.times_remembered) == (1, 1)


async def test_minute_without_news_wakes_nobody() -> None:
    bench = over(Following())
    await bench.rounds.follow()
    assert (bench.wakes, bench.times_remembered) == (0, 0)


async def test_step_that_ends_no_signal_leaves_memory_as_it_is() -> None:
    following = Following()
    await following.publish([ENTRY, ENTRY])
    following.minutes_later(2)
    bench = over(following)
    await bench.rounds.follow()
    assert (bench.wakes, bench.times_remembered) == (1, 0)


async def test_report_is_made_after_what_happened_yesterday_is_recorded() -> None:
    following = Following()
    await following.publish([ENTRY, STOP])
    bench = over(following)
    await _decide_something(bench, following.clock.now())
    bench.desk.clock.set(_midnight_after(following.clock.now()))
    bench.rounds.clock.align(bench.desk.clock.now(), bench.desk.clock.monotonic())
    await bench.rounds.report()
    kept = await look_into(bench.desk.storage)
    assert kept.messages[-1].text == f"report of {following.clock.now().date()}: 1 trades"
    assert bench.wakes == 2
    await bench.rounds.report()
    assert bench.wakes == 2


async def test_a_trade_that_ended_before_midnight_is_in_a_report_though_the_venue_was_away() -> (
    None
):
    following = Following()
    signal = await following.publish([ENTRY, STOP])
    bench = over(following)
    await _decide_something(bench, following.clock.now())
    bench.desk.feed.failures[signal.plan.symbol] = TemporaryVenueError("the exchange is away")
    bench.desk.clock.set(_midnight_after(following.clock.now()))
    bench.rounds.clock.align(bench.desk.clock.now(), bench.desk.clock.monotonic())
    await bench.rounds.report()
    assert await _reports(bench) == []

    bench.desk.feed.failures.clear()
    await bench.rounds.report()
    assert await _reports(bench) == [f"report of {following.clock.now().date()}: 1 trades"]


async def _reports(bench: Bench) -> list[str]:
    messages = (await look_into(bench.desk.storage)).messages
    return [message.text for message in messages if message.text.startswith("report")]


async def _decide_something(bench: Bench, at: datetime) -> None:
    decision = make_decision(None, as_of=at, discards=(Discard.NO_DIRECTION,))
    async with bench.desk.storage() as unit:
        await unit.decisions.add([DecisionRecord(decision=decision)])
        await unit.commit()


def _midnight_after(at: datetime) -> datetime:
    return at.replace(hour=0, minute=0, second=4) + timedelta(days=1)


async def test_scan_is_counted_and_its_trouble_passes_through() -> None:
    bench = Bench()
    bench.facts.instruments = {"BTCUSDT": make_instrument("BTC")}
    bench.facts.tickers = {"BTCUSDT": make_ticker("BTCUSDT")}
    bench.facts.candles = {"BTCUSDT": make_candles(bench.desk.clock.now(), count=250)}
    await bench.rounds.scan()
    assert bench.tally.scans == 1
    assert bench.desk.feed.streamed == ["BTCUSDT"]
    bench.facts.failures["tickers"] = TemporaryVenueError("HTTP 502")
    with pytest.raises(TemporaryVenueError):
        await bench.rounds.scan()
    assert bench.tally.scans == 1
