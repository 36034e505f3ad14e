"""Questions of subscribers and operators."""

from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from domain.access import Role
from domain.candles import CandleSeries
from domain.errors import NotFoundError, TemporaryVenueError
from domain.ledger import GENESIS_HASH, EntryKind
from domain.messages import CHANNEL, OutgoingMessage
from domain.signals import Course, FollowedSignal, SignalState
from domain.timeframes import Timeframe, to_ms
from domain.trading_state import PauseState
from domain.watchlist import WatchedPair
from engine.activity import Activity
from engine.ledger import next_entry, outcome_content, signal_content
from engine.ports.storage import DecisionRecord
from engine.queries import (
    FindDecision,
    FindSignal,
    ListOpenSignals,
    ListUsers,
    ReadChartData,
    ReadHead,
    ReadRole,
    ReadStatus,
    ReadTrackRecord,
)
from engine.reports import LedgerHead, TrackRecord
from engine.statistics import LedgerReader, StatisticsParameters
from tests.builders.market import make_candles
from tests.builders.signals import make_course, make_decision, make_followed, make_signal
from tests.fakes.clock import AFTERNOON, HandClock
from tests.fakes.market import HandFacts, HandFeed, make_market_state
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.risk.trade_builders import make_round_signal

HOUR = timedelta(hours=1)


async def keep(storage: InMemoryStorage, *followed: FollowedSignal) -> None:
    async with storage() as unit:
        for each in followed:
            await unit.signals.add(each)
        await unit.commit()


def in_state(state: SignalState, signal_id: int) -> FollowedSignal:
    signal = make_signal(signal_id)
    return replace(make_followed(signal=signal), course=make_course(state, signal))


async def test_signal_is_found_by_its_id() -> None:
    storage = InMemoryStorage()
    await keep(storage, in_state(SignalState.TP1, 12))
    assert await FindSignal(storage)(12) == in_state(SignalState.TP1, 12)


async def test_signal_that_never_was_is_told_by_its_number() -> None:
    with pytest.raises(NotFoundError, match="no signal #13"):
        await FindSignal(InMemoryStorage())(13)


@pytest.mark.parametrize(
    "name", ["BTC", "btc", " BTCUSDT ", "BTC/USDT", "btc-usdt", "btc/usdt", "BTCUSDT"]
)
async def test_decision_is_found_by_any_name_people_use(name: str) -> None:
    storage = InMemoryStorage()
    older = make_decision(as_of=AFTERNOON - HOUR)
    newer = make_decision(as_of=AFTERNOON)
    async with storage() as unit:
        await unit.decisions.add([DecisionRecord(decision=each) for each in (older, newer)])
        await unit.commit()
    assert (await FindDecision(storage)(name)).decision == newer


async def test_pair_without_a_decision_is_told_by_its_symbol() -> None:
    with pytest.raises(NotFoundError, match="no decision on DOGEUSDT yet"):
        await FindDecision(InMemoryStorage())("doge")


async def test_open_signals_are_those_that_have_not_ended() -> None:
    storage = InMemoryStorage()
    states = (SignalState.PUBLISHED, SignalState.STOPPED, SignalState.TP2, SignalState.EXPIRED)
    await keep(storage, *(in_state(state, number) for number, state in enumerate(states, 1)))
    assert [each.signal.id for each in await ListOpenSignals(storage)()] == [1, 3]


@dataclass
class Record:
    """Trades that ended so long before the afternoon."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    reader: LedgerReader = field(default_factory=LedgerReader)

    async def trade(self, signal_id: int, ago: timedelta, net_r: str) -> None:
        ended_at = AFTERNOON - ago
        signal = make_round_signal(signal_id=signal_id)
        signal = replace(signal, published_at=ended_at - timedelta(minutes=5))
        course = Course(
            state=SignalState.STOPPED,
            stop=signal.plan.stop,
            realised_r=Decimal(net_r),
            triggered_at=ended_at,
            ended_at=ended_at,
        )
        async with self.storage() as unit:
            for kind, content in (
                (EntryKind.SIGNAL, signal_content(signal)),
                (EntryKind.OUTCOME, outcome_content(signal, course)),
            ):
                head = await unit.ledger.find_head()
                await unit.ledger.append(next_entry(head, kind, ended_at, content))
            await unit.commit()

    async def told(self, days: int | None) -> TrackRecord:
        read = ReadTrackRecord(
            storage=self.storage,
            reader=self.reader,
            clock=HandClock(),
            parameters=StatisticsParameters(),
        )
        return await read(days)

    async def head(self) -> LedgerHead:
        return await ReadHead(self.storage, self.reader)()


@pytest.mark.parametrize(
    ("days", "total"), [(1, 1), (7, 1 + 2), (8, 1 + 2 + 4), (None, 1 + 2 + 4 + 8)]
)
async def test_statistics_cover_the_days_asked_for(days: int | None, total: int) -> None:
    record = Record()
    await record.trade(1, timedelta(0), "1")
    await record.trade(2, timedelta(days=7), "2")
    await record.trade(3, timedelta(days=8) - timedelta(milliseconds=1), "4")
    await record.trade(4, timedelta(days=4000), "8")
    told = await record.told(days)
    trades = len(told.statistics.results)
    assert told.days == days
    assert told.statistics.performance.total_r == total
    assert told.curve[-1].total_r == total
    assert sum(each.count for each in told.bins) == trades
    assert sum(band.reached_target.of for band in told.calibration) == trades


async def test_track_record_of_nothing_is_empty() -> None:
    told = await Record().told(None)
    assert told.statistics.results == ()
    assert told.curve == ()


async def test_head_is_the_newest_entry() -> None:
    record = Record()
    assert await record.head() == LedgerHead(count=0, hash=GENESIS_HASH)
    await record.trade(1, timedelta(0), "1")
    head = await record.head()
    async with record.storage() as unit:
        newest = await unit.ledger.find_head()
    assert newest is not None
    assert head == LedgerHead(count=2, hash=newest.hash)


async def test_record_is_read_once_for_all_questions_and_nobody_is_held_back_from_adding() -> None:
    record = Record()
    await record.trade(1, timedelta(0), "1")
    asked = FailingStorage(record.storage)
    head = ReadHead(asked.storage, record.reader)
    assert await head() == await record.head()
    assert (await record.told(None)).statistics.published == 1
    assert asked.steps == ["ledger.list_from"] * 2
    await head()
    assert asked.steps[2:] == ["ledger.list_from"]


async def test_status_counts_what_is_watched_ready_live_and_waiting() -> None:
    storage, clock = InMemoryStorage(), HandClock(AFTERNOON + timedelta(minutes=3))
    states = (SignalState.PUBLISHED, SignalState.TRIGGERED, SignalState.STOPPED)
    await keep(storage, *(in_state(state, number) for number, state in enumerate(states, 1)))
    paused = PauseState(is_paused=True, by="11", reason="news")
    async with storage() as unit:
        await unit.state.set_pause(paused)
        message = OutgoingMessage(key="signal:1", recipient=CHANNEL, text="a post")
        await unit.outbox.put([message], at=AFTERNOON)
        await unit.commit()
    market, activity = make_market_state(), Activity()
    market.watch([WatchedPair(symbol=symbol, score=60.0) for symbol in ("AUSDT", "BUSDT")])
    feed = HandFeed(clock=clock, markets={"AUSDT": {}, "BUSDT": {}})
    feed.delays = {"AUSDT": 2.0, "BUSDT": 600.0}
    activity.note(AFTERNOON - HOUR, has_signal=True)
    activity.note(AFTERNOON, has_signal=False)

    status = await ReadStatus(
        storage=storage,
        market=market,
        feed=feed,
        clock=clock,
        activity=activity,
        notes=lambda: ["scan: 2 runs missed"],
    )()

    assert status.now == clock.now()
    assert status.pause == paused
    assert (status.watched_pairs, status.ready_pairs) == (2, 1)
    assert (status.live_signals, status.open_signals) == (2, 1)
    assert (status.last_decision_at, status.last_signal_at) == (AFTERNOON, AFTERNOON - HOUR)
    assert (status.outbox.pending, status.outbox.oldest_at) == (1, AFTERNOON)
    assert status.notes == ("scan: 2 runs missed",)


@dataclass
class Drawing:
    """A signal on the close of 14:00, and the venue's candles of a week."""

    clock: HandClock = field(default_factory=HandClock)
    storage: InMemoryStorage = field(default_factory=InMemoryStorage)

    def __post_init__(self) -> None:
        self.facts = HandFacts(self.clock)
        week_later = AFTERNOON + timedelta(days=5)
        self.facts.candles["BTCUSDT"] = make_candles(week_later, count=900)

    async def candles(self, now: datetime) -> CandleSeries:
        await keep(self.storage, in_state(SignalState.TRIGGERED, 12))
        self.clock.set(now)
        read = ReadChartData(
            find_signal=FindSignal(self.storage), facts=self.facts, clock=self.clock
        )
        return (await read(12)).candles


DECIDED = Timeframe.M15.index_of(to_ms(AFTERNOON))


@pytest.mark.parametrize(
    ("later", "first", "count"),
    [
        (timedelta(seconds=3), -80, 80),
        (5 * HOUR, -80, 100),
        (10 * HOUR, -80, 120),
        (15 * HOUR, -60, 120),
        (30 * HOUR, -30, 120),
        (90 * HOUR, -30, 120),
    ],
)
async def test_chart_shows_the_signal_and_as_much_around_it_as_fits(
    later: timedelta, first: int, count: int
) -> None:
    series = await Drawing().candles(AFTERNOON + later)
    assert (series.first_index - DECIDED, len(series)) == (first, count)
    assert series.closed_at <= AFTERNOON + later


async def test_chart_of_a_pair_without_candles_is_refused() -> None:
    drawing = Drawing()
    drawing.facts.candles.clear()
    with pytest.raises(NotFoundError, match="no candles of signal #12"):
        await drawing.candles(AFTERNOON)


async def test_chart_while_the_venue_is_away_tells_why() -> None:
    drawing = Drawing()
    drawing.facts.failures["BTCUSDT"] = TemporaryVenueError("HTTP 502")
    with pytest.raises(TemporaryVenueError, match="502"):
        await drawing.candles(AFTERNOON)


async def test_stranger_is_a_guest_and_an_admin_is_known() -> None:
    storage = InMemoryStorage()
    async with storage() as unit:
        for user in (22, 11):
            await unit.users.grant(user, Role.ADMIN, at=AFTERNOON + timedelta(user), how="settings")
        await unit.commit()
    assert await ReadRole(storage)(11) is Role.ADMIN
    assert await ReadRole(storage)(33) is Role.GUEST
    assert await ListUsers(storage, Role.ADMIN)() == [11, 22]
