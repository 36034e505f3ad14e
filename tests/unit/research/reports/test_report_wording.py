"""Numbers as people read them."""

import pytest

from engine.backtest.metrics.values import Estimate
from research.reports import wording


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (1.0, 2.0, "+1.00R to +2.00R"),
        (1.0, None, "from +1.00R up"),
        (None, 2.0, "up to +2.00R"),
        (None, None, "–"),
    ],
)
def test_open_end_of_an_interval_is_said(low: float | None, high: float | None, words: str) -> None:
    assert wording.interval(Estimate(value=1.5, low=low, high=high), wording.signed_r) == words


def test_rounding_leaves_no_negative_zero() -> None:
    assert wording.signed_r(-0.001) == "+0.00R"
    assert wording.percent(-0.01) == "0.0%"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(0.4, "0 min"), (59.6, "1 h 0 min"), (125, "2 h 5 min"), (1700, "1 d 4 h"), (-34, "−34 min")],
)
def test_spans_are_told_in_their_two_largest_units(minutes: float, words: str) -> None:
    assert wording.minutes(minutes) == words


def test_one_thing_is_not_told_in_the_plural() -> None:
    assert wording.counted(1, "trade") == "1 trade"
    assert wording.counted(1234, "trade") == "1,234 trades"
