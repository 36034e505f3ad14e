"""Which closes are decided on, where the command line does not say or says too much."""

from datetime import UTC, datetime, timedelta

import pytest

from app.backtest.selection import settle_period
from engine.backtest.metrics.months import months_of
from engine.backtest.metrics.period import Period
from layers.technical import TechnicalParameters
from tests.unit.backtest.engine.walks import BLOCK_BEGINS, make_histories

MINIMUM = TechnicalParameters().minimum_candles
OCTOBER = datetime(2025, 10, 1, tzinfo=UTC)


def settled(candles_end: datetime, asked: datetime | None = None) -> Period:
    histories = make_histories(("AAA", "BBB"), BLOCK_BEGINS, candles_end, seed=3)
    start, end = settle_period(histories, MINIMUM, None, asked)
    return Period(start=start, end=end)


def test_candles_that_end_with_a_month_give_no_day_and_no_row_of_the_next() -> None:
    period = settled(OCTOBER)
    assert period.start == datetime(2025, 9, 28, 9, 15, tzinfo=UTC)
    assert period.end == OCTOBER
    assert period.days == 3
    assert [month.month for month in months_of((), period)] == ["2025-09"]


@pytest.mark.parametrize("asked", [OCTOBER, OCTOBER + timedelta(days=3)])
def test_asking_for_the_end_of_the_candles_or_beyond_is_asking_for_all(asked: datetime) -> None:
    assert settled(OCTOBER, asked) == settled(OCTOBER)


def test_an_end_before_that_of_the_candles_is_exclusive() -> None:
    asked = OCTOBER - timedelta(hours=5)
    assert settled(OCTOBER, asked) == settled(asked)
