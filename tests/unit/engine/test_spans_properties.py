"""The calendar of reports holds for every day there is."""

from datetime import UTC, date, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from engine.reports import Period
from engine.spans import newest_span, spans_over

DAYS = st.dates(date(1970, 3, 1), date(2200, 1, 1))
PERIODS = st.sampled_from(Period)


@given(PERIODS, DAYS)
def test_newest_span_is_over_and_no_newer_one_is(period: Period, today: date) -> None:
    span = newest_span(period, today)
    assert span.first < span.after <= today
    assert newest_span(period, span.after) == span
    assert newest_span(period, span.after - timedelta(days=1)) != span


@given(PERIODS, DAYS)
def test_span_is_a_day_a_week_from_monday_or_a_calendar_month(period: Period, today: date) -> None:
    span = newest_span(period, today)
    days = (span.after - span.first).days
    match period:
        case Period.DAY:
            assert days == 1
        case Period.WEEK:
            assert (days, span.first.weekday()) == (7, 0)
        case Period.MONTH:
            assert span.first.day == span.after.day == 1
            assert 28 <= days <= 31
    assert span.start.tzinfo is UTC
    assert span.end - span.start == timedelta(days=days)


@given(DAYS, st.integers(1, 9))
def test_spans_follow_each_other_without_a_gap(today: date, most: int) -> None:
    for period in Period:
        spans = spans_over(today, {period: most})
        assert len(spans) == most
        assert all(one.after == other.first for one, other in pairwise(spans))
