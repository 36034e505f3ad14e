"""Bullishness and support."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.directions import NEUTRAL, Direction, scale_from_neutral

LONG, SHORT = Direction.LONG, Direction.SHORT
bullishness = st.floats(0, 100)
multipliers = st.floats(0, 10)


@given(value=bullishness)
def test_what_supports_one_direction_opposes_the_other(value: float) -> None:
    assert LONG.support(value) == value
    assert LONG.support(value) + SHORT.support(value) == pytest.approx(100)
    assert SHORT.support(100 - value) == pytest.approx(LONG.support(value))


@given(value=bullishness, multiplier=multipliers)
def test_multiplier_acts_alike_on_both_sides(value: float, multiplier: float) -> None:
    scaled = scale_from_neutral(value, multiplier)
    assert 0 <= scaled <= 100
    assert scale_from_neutral(100 - value, multiplier) == pytest.approx(100 - scaled)


@given(value=bullishness, multiplier=st.floats(0, 1))
def test_multiplier_below_one_pulls_towards_neutral_and_never_past_it(
    value: float, multiplier: float
) -> None:
    scaled = scale_from_neutral(value, multiplier)
    slack = 1e-12
    assert min(value, NEUTRAL) - slack <= scaled <= max(value, NEUTRAL) + slack


@pytest.mark.parametrize(
    ("value", "multiplier", "scaled"),
    [(70, 0.5, 60), (30, 0.5, 40), (70, 1.5, 80), (90, 1.5, 100), (10, 1.5, 0), (80, 0, 50)],
)
def test_distance_from_neutral_is_multiplied_and_clamped(
    value: float, multiplier: float, scaled: float
) -> None:
    assert scale_from_neutral(value, multiplier) == scaled


def test_directions_are_each_others_mirror() -> None:
    assert (LONG.opposite, SHORT.opposite) == (SHORT, LONG)
    assert (LONG.sign, SHORT.sign) == (1, -1)
