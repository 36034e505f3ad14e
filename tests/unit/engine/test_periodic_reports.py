"""Reports of days, weeks and months: once and only once, from the record alone."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.decisions import Discard
from domain.errors import StorageUnavailableError
from domain.ledger import GENESIS_HASH, EntryKind
from domain.messages import CHANNEL
from domain.signals import Course, FollowedSignal, Signal, SignalState
from domain.timeframes import Timeframe, to_ms
from engine.ledger import next_entry, outcome_content, signal_content
from engine.periodic_reports import PublishReports, ReadReport
from engine.ports.storage import BreakerEvent, DecisionRecord, Storage
from engine.reports import Period, PeriodReport
from engine.statistics import LedgerReader, StatisticsParameters
from tests.builders.signals import make_decision, make_followed
from tests.fakes.clock import HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import look_into
from tests.unit.risk.trade_builders import make_round_signal

MONDAY = datetime(2025, 10, 6, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
MOMENT = timedelta(milliseconds=1)


@dataclass
class Office:
    """Writes the record, and publishes from it."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    clock: HandClock = field(default_factory=lambda: HandClock(TUESDAY + timedelta(seconds=4)))

    async def published_reports(self, storage: Storage | None = None) -> list[PeriodReport]:
        """Those published by a new instance, as after a restart."""
        return await self.publisher(storage)()

    def publisher(self, storage: Storage | None = None) -> PublishReports:
        """An instance of its own."""
        return PublishReports(
            storage=storage or self.storage,
            reader=LedgerReader(),
            render=lambda report: f"{report.period} {report.day}",
            clock=self.clock,
            parameters=StatisticsParameters(),
        )

    def reading(self) -> ReadReport:
        """For whoever asks."""
        return ReadReport(
            storage=self.storage,
            reader=LedgerReader(),
            clock=self.clock,
            parameters=StatisticsParameters(),
        )

    async def reports(self, storage: Storage | None = None) -> list[PeriodReport]:
        """Those of days."""
        reports = await self.published_reports(storage)
        return [report for report in reports if report.period is Period.DAY]

    async def report(self) -> PeriodReport:
        (only,) = await self.reports()
        return only

    async def keys(self, prefix: str = "report:2") -> list[str]:
        keys = (await look_into(self.storage)).keys
        return [key for key in keys if key.startswith(prefix)]

    async def decided(self, at: datetime) -> None:
        decision = make_decision(None, as_of=at, discards=(Discard.NO_DIRECTION,))
        async with self.storage() as unit:
            await unit.decisions.add([DecisionRecord(decision=decision)])
            await unit.commit()

    async def published(
        self, signal_id: int, at: datetime, *, followed_to: datetime = TUESDAY
    ) -> Signal:
        signal = replace(make_round_signal(signal_id=signal_id), published_at=at)
        followed = _followed(signal, followed_to)
        async with self.storage() as unit:
            await unit.signals.add(followed)
            await unit.commit()
        await self._append(EntryKind.SIGNAL, signal_content(signal))
        return signal

    async def followed(self, signal: Signal, to: datetime) -> None:
        async with self.storage() as unit:
            await unit.signals.save_course(signal.id, _followed(signal, to).course)
            await unit.commit()

    async def tripped(self, breaker: str, at: datetime) -> None:
        async with self.storage() as unit:
            event = BreakerEvent(breaker=breaker, at=at, symbol=None, text="words")
            await unit.state.add_breaker_events([event])
            await unit.commit()

    async def ended(self, signal: Signal, at: datetime, net_r: str) -> None:
        course = Course(
            state=SignalState.STOPPED,
            stop=signal.plan.stop,
            realised_r=Decimal(net_r),
            triggered_at=at,
            ended_at=at,
        )
        async with self.storage() as unit:
            await unit.signals.save_course(signal.id, course)
            await unit.commit()
        await self._append(EntryKind.OUTCOME, outcome_content(signal, course))

    async def _append(self, kind: EntryKind, content: dict[str, object]) -> None:
        async with self.storage() as unit:
            head = await unit.ledger.find_head()
            await unit.ledger.append(next_entry(head, kind, MONDAY, content))
            await unit.commit()


async def test_report_goes_to_the_channel_without_a_sound() -> None:
    office = Office()
    await office.decided(MONDAY)
    await office.ended(await office.published(1, MONDAY), TUESDAY - MOMENT, "-1.1")
    report = await office.report()
    assert report.day == date(2025, 10, 6)
    assert (report.statistics.published, report.statistics.performance.total_r) == (
        1,
        Decimal("-1.1"),
    )
    assert report.decisions.decided == 1
    kept = await look_into(office.storage)
    (message,) = kept.messages
    assert (message.key, message.recipient) == ("report:2025-10-06", CHANNEL)
    assert message.text == "day 2025-10-06"
    assert message.silent
    assert (report.head.count, report.head.hash) == (2, kept.ledger[-1].hash)


async def test_report_goes_out_once_however_often_it_is_asked_for() -> None:
    office = Office()
    await office.decided(MONDAY)
    assert len(await office.reports()) == 1
    for _ in range(30):
        assert await office.reports() == []
        office.clock.advance(45 * 60)
        if office.clock.now().date() > TUESDAY.date():
            break
    assert await office.keys() == ["report:2025-10-06"]


async def test_each_day_has_its_own_report() -> None:
    office = Office()
    for day in range(3):
        await office.decided(MONDAY + timedelta(days=day, hours=12))
        assert len(await office.reports()) == 1
        office.clock.advance(86_400)
    assert await office.keys() == ["report:2025-10-06", "report:2025-10-07", "report:2025-10-08"]


async def test_day_begins_at_its_midnight_and_ends_before_the_next() -> None:
    office = Office()
    for at in (MONDAY - MOMENT, MONDAY, TUESDAY - MOMENT, TUESDAY):
        await office.decided(at)
    first = await office.published(1, MONDAY - MOMENT)
    second = await office.published(2, MONDAY)
    third = await office.published(3, TUESDAY - MOMENT)
    fourth = await office.published(4, TUESDAY)
    await office.ended(first, MONDAY - MOMENT, "1")
    await office.ended(second, MONDAY, "2")
    await office.ended(third, TUESDAY - MOMENT, "4")
    await office.ended(fourth, TUESDAY, "8")
    sunday, monday = await office.reports()
    assert (sunday.decisions.decided, monday.decisions.decided) == (1, 2)
    assert (sunday.statistics.published, monday.statistics.published) == (1, 2)
    assert [each.statistics.performance.total_r for each in (sunday, monday)] == [1, 6]


async def test_day_without_a_signal_is_reported_too() -> None:
    office = Office()
    await office.decided(MONDAY + timedelta(hours=3))
    report = await office.report()
    assert (report.statistics.published, report.statistics.results) == (0, ())
    assert (report.head.count, report.head.hash) == (0, GENESIS_HASH)


async def test_day_on_which_nothing_ran_is_not_reported() -> None:
    office = Office()
    await office.decided(TUESDAY)
    assert await office.reports() == []
    assert (await look_into(office.storage)).messages == []


async def test_report_missed_at_midnight_is_made_up_for_on_the_same_day() -> None:
    office = Office()
    await office.decided(MONDAY)
    office.clock.set(TUESDAY + timedelta(hours=23))
    report = await office.report()
    assert report.day == MONDAY.date()


async def test_before_midnight_the_day_is_not_reported() -> None:
    office = Office(clock=HandClock(TUESDAY - MOMENT))
    await office.decided(MONDAY)
    assert await office.reports() == []


async def test_days_that_passed_while_the_bot_was_down_are_made_up_for_in_order() -> None:
    office = Office()
    await office.decided(MONDAY)
    late = await office.published(1, MONDAY)
    await office.ended(late, TUESDAY + timedelta(hours=1), "-1.1")
    office.clock.set(MONDAY + timedelta(days=4))
    reports = await office.reports()
    assert [report.day for report in reports] == [MONDAY.date(), TUESDAY.date()]
    assert [report.statistics.performance.total_r for report in reports] == [0, Decimal("-1.1")]
    assert await office.keys() == ["report:2025-10-06", "report:2025-10-07"]
    assert await office.reports() == []


@pytest.mark.parametrize(("days", "is_reported"), [(7, True), (8, False)])
async def test_reports_are_made_up_for_as_far_back_as_a_week(days: int, is_reported: bool) -> None:
    office = Office()
    await office.decided(MONDAY)
    office.clock.set(MONDAY + timedelta(days=days))
    assert bool(await office.reports()) is is_reported


async def test_failure_at_any_step_leaves_the_report_to_the_next_attempt() -> None:
    counting = Office()
    await counting.decided(MONDAY)
    steps = FailingStorage(counting.storage)
    await counting.reports(steps.storage)
    for number in range(len(steps.steps)):
        office = Office()
        await office.decided(MONDAY)
        failing = FailingStorage(office.storage, number)
        with pytest.raises(StorageUnavailableError):
            await office.reports(failing.storage)
        assert failing.has_failed
        assert (await look_into(office.storage)).messages == []
        assert len(await office.reports()) == 1


async def test_record_of_more_than_a_page_is_read_whole() -> None:
    office = Office()
    await office.decided(MONDAY)
    for number in range(1, 1002):
        await office.published(number, MONDAY)
    report = await office.report()
    assert (report.statistics.published, report.head.count) == (1001, 1001)


async def test_a_report_waits_for_the_candles_of_signals_that_may_have_ended_before() -> None:
    office = Office()
    await office.decided(MONDAY)
    late = TUESDAY - timedelta(minutes=20)
    signal = await office.published(1, late, followed_to=TUESDAY - timedelta(minutes=1))
    assert await office.reports() == []

    await office.followed(signal, TUESDAY)
    assert (await office.report()).unfollowed == 0


async def test_a_signal_of_the_new_day_holds_no_report_up() -> None:
    office = Office()
    await office.decided(MONDAY)
    await office.published(1, TUESDAY + timedelta(seconds=3), followed_to=TUESDAY)
    assert (await office.report()).unfollowed == 0


async def test_a_report_waits_six_hours_and_then_says_what_it_lacks() -> None:
    office = Office()
    await office.decided(MONDAY)
    await office.published(1, MONDAY, followed_to=TUESDAY - timedelta(hours=2))
    publish = office.publisher()
    for _ in range(24):
        assert await publish() == []
        office.clock.advance(900)
    (report,) = [one for one in await publish() if one.period is Period.DAY]
    assert report.unfollowed == 1


async def test_week_is_reported_on_monday_and_month_on_its_first_each_once() -> None:
    office = Office(clock=HandClock(datetime(2025, 8, 25, tzinfo=UTC)))
    for _ in range(45):
        await office.decided(office.clock.now() + timedelta(hours=12))
        office.clock.advance(86_400)
        for _ in range(3):
            await office.published_reports()
    assert await office.keys("report:week:") == [
        "report:week:2025-08-25",
        "report:week:2025-09-01",
        "report:week:2025-09-08",
        "report:week:2025-09-15",
        "report:week:2025-09-22",
        "report:week:2025-09-29",
    ]
    assert await office.keys("report:month:") == [
        "report:month:2025-08-01",
        "report:month:2025-09-01",
    ]
    assert len(await office.keys()) == 45


async def test_week_and_month_that_ended_in_downtime_are_made_up_for_shortest_first() -> None:
    office = Office()
    await office.decided(MONDAY - timedelta(days=7))
    await office.decided(MONDAY)
    office.clock.set(datetime(2025, 10, 14, 9, tzinfo=UTC))
    reports = await office.published_reports()
    assert [(report.period, report.day) for report in reports] == [
        (Period.MONTH, date(2025, 9, 1)),
        (Period.WEEK, date(2025, 9, 29)),
        (Period.WEEK, date(2025, 10, 6)),
    ]
    assert await office.published_reports() == []


async def test_day_that_ends_week_and_month_is_told_first() -> None:
    office = Office(clock=HandClock(datetime(2025, 12, 1, tzinfo=UTC)))
    await office.decided(datetime(2025, 11, 30, 12, tzinfo=UTC))
    reports = await office.published_reports()
    assert [report.period for report in reports] == [Period.DAY, Period.WEEK, Period.MONTH]


async def test_week_tells_what_all_its_days_brought() -> None:
    office = Office(clock=HandClock(MONDAY + timedelta(days=7)))
    for number, day in enumerate((-1, 0, 6, 7), 1):
        at = MONDAY + timedelta(days=day)
        await office.tripped("overtrading", at)
        await office.ended(await office.published(number, at), at, str(number))
    week = next(each for each in await office.published_reports() if each.period is Period.WEEK)
    before, week = (
        week,
        await office.reading()(Period.WEEK),
    )
    assert before.day == date(2025, 9, 29)
    assert week.day == date(2025, 10, 6)
    assert (week.statistics.published, week.statistics.performance.total_r) == (2, Decimal(2 + 3))
    assert len(week.tripped) == 2
    assert sum(band.reached_target.of for band in week.calibration) == 2
    assert week.head.count == 8


async def test_report_can_be_read_before_and_after_it_is_published() -> None:
    office = Office()
    await office.decided(MONDAY)
    read = office.reading()
    before = await read(Period.DAY)
    assert before == await office.report() == await read(Period.DAY)
    assert (await read(Period.WEEK)).decisions.decided == 0


def _followed(signal: Signal, to: datetime) -> FollowedSignal:
    """A live signal, followed through the minute that closes at an instant."""
    live = make_followed(signal=signal)
    course = replace(live.course, cursor=Timeframe.M1.last_closed_index(to_ms(to)))
    return replace(live, signal=signal, course=course)
