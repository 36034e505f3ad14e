"""The calendar of reports: UTC days, weeks from Monday on, and months that are over."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from engine.reports import Period

_DAY: Final = timedelta(days=1)
_WEEK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """One period of the calendar, from its first day up to the day after its last."""

    period: Period
    first: date
    after: date

    @property
    def start(self) -> datetime:
        """Its first instant."""
        return _midnight(self.first)

    @property
    def end(self) -> datetime:
        """The first instant that does not belong to it."""
        return _midnight(self.after)


def newest_span(period: Period, today: date) -> Span:
    """The newest one that is over when `today` begins."""
    match period:
        case Period.DAY:
            return _span(period, today - _DAY, today)
        case Period.WEEK:
            monday = today - timedelta(days=today.weekday())
            return _span(period, monday - _WEEK, monday)
        case Period.MONTH:
            after = today.replace(day=1)
            return _span(period, (after - _DAY).replace(day=1), after)


def spans_over(today: date, back: Mapping[Period, int]) -> list[Span]:
    """The newest spans that are over, so many of each period, in the order in which they ended."""
    spans = [span for period, most in back.items() for span in _newest(period, today, most)]
    return sorted(spans, key=lambda span: (span.after, -span.first.toordinal()))


def _newest(period: Period, today: date, most: int) -> Iterator[Span]:
    for _ in range(most):
        span = newest_span(period, today)
        yield span
        today = span.first


def _span(period: Period, first: date, after: date) -> Span:
    return Span(period=period, first=first, after=after)


def _midnight(day: date) -> datetime:
    return datetime.combine(day, time(), UTC)
