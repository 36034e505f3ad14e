"""Falls of the equity curve, against a plain look at every pair of points."""

from datetime import timedelta
from decimal import Decimal
from itertools import accumulate

from hypothesis import given
from hypothesis import strategies as st

from engine.falls import find_falls
from engine.statistics.values import EquityPoint
from tests.builders.signals import CLOSED_AT


def curve(results: list[int]) -> list[EquityPoint]:
    return [
        EquityPoint(
            at=CLOSED_AT + timedelta(hours=number),
            total_r=Decimal(total),
            total_percent=Decimal(total),
        )
        for number, total in enumerate(accumulate(results))
    ]


@given(st.lists(st.integers(-5, 5), max_size=30))
def test_deepest_fall_is_that_of_a_plain_search(results: list[int]) -> None:
    totals = [0, *accumulate(results)]
    deepest = max(
        (before - after for number, before in enumerate(totals) for after in totals[number:]),
        default=0,
    )
    falls = list(find_falls(curve(results)))
    assert max((fall.depth_r for fall in falls), default=Decimal(0)) == deepest


@given(st.lists(st.integers(-5, 5), max_size=30))
def test_only_the_last_fall_may_go_on_and_its_rest_is_what_is_missing(results: list[int]) -> None:
    totals = [0, *accumulate(results)]
    falls = list(find_falls(curve(results)))
    missing = max(totals) - totals[-1]
    assert all(fall.recovered_at is not None for fall in falls[:-1])
    assert (falls[-1].now_r if falls else 0) == missing
    assert bool(falls and falls[-1].recovered_at is None) is (missing > 0)
    for fall in falls:
        assert fall.high_at is None or fall.high_at < fall.low_at
        assert fall.recovered_at is None or fall.low_at < fall.recovered_at


def test_fall_from_the_beginning_has_no_high_before_it() -> None:
    (fall,) = find_falls(curve([-2, 1]))
    assert (fall.high_at, fall.low_at) == (None, CLOSED_AT)
    assert (fall.depth_r, fall.now_r) == (Decimal(2), Decimal(1))
