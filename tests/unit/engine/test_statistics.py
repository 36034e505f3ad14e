"""Figures of a period, from the ledger alone."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import InvalidDataError
from domain.ledger import EntryKind, LedgerEntry
from domain.signals import Course, Signal, SignalState
from engine.ledger import next_entry, outcome_content, signal_content
from engine.reports import Statistics
from engine.statistics import compute_statistics
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.trade_builders import make_round_signal

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)
MIDNIGHT = CLOSED_AT.replace(hour=0)


class Record:
    """A ledger that is written as a story."""

    def __init__(self) -> None:
        self.entries: list[LedgerEntry] = []

    def publish(self, signal_id: int, after: timedelta) -> Signal:
        published_at = MIDNIGHT + after
        signal = replace(make_round_signal(signal_id=signal_id), published_at=published_at)
        self._append(EntryKind.SIGNAL, signal_content(signal))
        return signal

    def end(self, signal: Signal, state: SignalState, after: timedelta, net_r: str = "0") -> None:
        course = Course(
            state=state,
            stop=signal.plan.stop,
            realised_r=Decimal(net_r),
            realised_percent=Decimal(net_r) * 2,
            ended_at=MIDNIGHT + after,
        )
        self._append(EntryKind.OUTCOME, outcome_content(signal, course))

    def trade(self, signal_id: int, after: timedelta, net_r: str, state: SignalState) -> None:
        self.end(self.publish(signal_id, after), state, after + HOUR, net_r)

    def figures(self, start: timedelta = timedelta(0), length: timedelta = DAY) -> Statistics:
        return compute_statistics(self.entries, MIDNIGHT + start, MIDNIGHT + start + length)

    def _append(self, kind: EntryKind, content: dict[str, object]) -> None:
        head = self.entries[-1] if self.entries else None
        self.entries.append(next_entry(head, kind, MIDNIGHT, content))


def test_empty_ledger_has_empty_figures() -> None:
    figures = Record().figures()
    assert figures == Statistics(published=0, live=0, expired=0, cancelled=0, results=())
    assert figures.win_rate_percent is None
    assert figures.mean_r is None


def test_trades_are_counted_and_summed() -> None:
    record = Record()
    record.trade(1, HOUR, "1.5", SignalState.TP3)
    record.trade(2, 2 * HOUR, "-1.1", SignalState.STOPPED)
    record.trade(3, 3 * HOUR, "-1.1", SignalState.STOPPED)
    record.trade(4, 4 * HOUR, "0.6", SignalState.BREAKEVEN)
    figures = record.figures()
    assert (figures.published, figures.live, figures.wins, figures.losses) == (4, 0, 2, 2)
    assert figures.total_r == Decimal("-0.1")
    assert figures.mean_r == Decimal("-0.025")
    assert figures.max_drawdown_r == Decimal("2.2")
    assert figures.best is not None
    assert figures.best.signal_id == 1
    assert figures.worst is not None
    assert figures.worst.net_percent == Decimal("-2.2")


def test_expired_and_cancelled_signals_are_no_trades() -> None:
    record = Record()
    record.trade(1, HOUR, "0", SignalState.EXPIRED)
    record.trade(2, HOUR, "0", SignalState.CANCELLED)
    figures = record.figures()
    assert (figures.published, figures.expired, figures.cancelled) == (2, 1, 1)
    assert figures.results == ()


def test_signal_without_an_outcome_is_live() -> None:
    record = Record()
    record.publish(1, HOUR)
    record.trade(2, HOUR, "1", SignalState.TP3)
    assert (record.figures().published, record.figures().live) == (2, 1)


def test_trade_over_midnight_is_published_on_one_day_and_ends_on_the_next() -> None:
    record = Record()
    record.end(record.publish(1, DAY - HOUR), SignalState.TP3, DAY, "1.2")
    today, tomorrow = record.figures(), record.figures(start=DAY)
    assert (today.published, today.live, len(today.results)) == (1, 0, 0)
    assert (tomorrow.published, len(tomorrow.results)) == (0, 1)


def test_period_starts_included_and_ends_excluded() -> None:
    record = Record()
    record.publish(1, timedelta(0))
    record.publish(2, DAY)
    assert record.figures().published == 1


def test_results_are_in_order_of_their_end() -> None:
    record = Record()
    first, second = record.publish(1, HOUR), record.publish(2, HOUR)
    record.end(second, SignalState.STOPPED, 5 * HOUR, "-1")
    record.end(first, SignalState.TP3, 4 * HOUR, "2")
    assert [result.signal_id for result in record.figures().results] == [1, 2]


def test_all_days_together_hold_every_trade_once() -> None:
    record = Record()
    for number in range(40):
        record.trade(number, number * 3 * HOUR, "0.1", SignalState.MAX_HOLD)
    days = [record.figures(start=day * DAY) for day in range(6)]
    assert sum(len(day.results) for day in days) == 40
    assert sum(day.published for day in days) == 40
    assert record.figures(length=6 * DAY).total_r == 4


def test_unreadable_entry_is_not_passed_over() -> None:
    record = Record()
    record.publish(1, HOUR)
    record.entries[0] = replace(record.entries[0], body="nonsense")
    with pytest.raises(InvalidDataError, match="entry 1"):
        record.figures()
