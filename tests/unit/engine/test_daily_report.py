"""The report of a day: once and only once, from the record alone."""

from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from domain.decisions import Discard
from domain.errors import StorageUnavailableError
from domain.ledger import GENESIS_HASH, EntryKind
from domain.messages import CHANNEL
from domain.signals import Course, Signal, SignalState
from engine.daily_report import PublishDailyReport, day_bounds
from engine.ledger import next_entry, outcome_content, signal_content
from engine.ports.storage import DecisionRecord, Storage
from engine.reports import DailyReport
from tests.builders.signals import make_decision
from tests.fakes.clock import HandClock
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.kept import look_into
from tests.unit.engine.plain_presenter import PlainPresenter
from tests.unit.risk.trade_builders import make_round_signal

MONDAY = datetime(2025, 10, 6, tzinfo=UTC)
TUESDAY = MONDAY + timedelta(days=1)
MOMENT = timedelta(milliseconds=1)


@dataclass
class Office:
    """Writes the record, and publishes from it."""

    storage: InMemoryStorage = field(default_factory=InMemoryStorage)
    clock: HandClock = field(default_factory=lambda: HandClock(TUESDAY + timedelta(seconds=4)))

    async def reports(self, storage: Storage | None = None) -> list[DailyReport]:
        """Those published by a new instance, as after a restart."""
        publish = PublishDailyReport(
            storage=storage or self.storage, presenter=PlainPresenter(), clock=self.clock
        )
        return await publish()

    async def report(self) -> DailyReport:
        (only,) = await self.reports()
        return only

    async def decided(self, at: datetime) -> None:
        decision = make_decision(None, as_of=at, discards=(Discard.NO_DIRECTION,))
        async with self.storage() as unit:
            await unit.decisions.add([DecisionRecord(decision=decision)])
            await unit.commit()

    async def published(self, signal_id: int, at: datetime) -> Signal:
        signal = replace(make_round_signal(signal_id=signal_id), published_at=at)
        await self._append(EntryKind.SIGNAL, signal_content(signal))
        return signal

    async def ended(self, signal: Signal, at: datetime, net_r: str) -> None:
        course = Course(
            state=SignalState.STOPPED,
            stop=signal.plan.stop,
            realised_r=Decimal(net_r),
            ended_at=at,
        )
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
    assert (report.statistics.published, report.statistics.total_r) == (1, Decimal("-1.1"))
    assert report.decisions.decided == 1
    kept = await look_into(office.storage)
    (message,) = kept.messages
    assert (message.key, message.recipient) == ("report:2025-10-06", CHANNEL)
    assert message.text == "report of 2025-10-06: 1 trades"
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
    assert (await look_into(office.storage)).keys == ["report:2025-10-06"]


async def test_each_day_has_its_own_report() -> None:
    office = Office()
    for day in range(3):
        await office.decided(MONDAY + timedelta(days=day, hours=12))
        assert len(await office.reports()) == 1
        office.clock.advance(86_400)
    assert (await look_into(office.storage)).keys == [
        "report:2025-10-06",
        "report:2025-10-07",
        "report:2025-10-08",
    ]


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
    assert [each.statistics.total_r for each in (sunday, monday)] == [1, 6]


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
    assert [report.statistics.total_r for report in reports] == [0, Decimal("-1.1")]
    assert (await look_into(office.storage)).keys == ["report:2025-10-06", "report:2025-10-07"]
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


def test_bounds_of_a_day_are_utc_midnights() -> None:
    assert day_bounds(date(2025, 10, 6)) == (MONDAY, TUESDAY)
