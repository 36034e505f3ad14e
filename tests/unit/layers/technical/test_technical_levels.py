"""Pivots, support and resistance."""

import numpy as np
import pytest

from layers.technical.levels import (
    level_reading,
    nearest_above,
    nearest_below,
    pivot_prices,
    zone_at,
    zones_around,
)
from layers.technical.parameters import TechnicalParameters
from tests.unit.layers.technical.frames import Floats, hand_frame, one

SHAPE = TechnicalParameters().levels
UNIT = one(1.0)


def pivots(high: list[float], low: list[float]) -> list[float]:
    found = pivot_prices(hand_frame(high=high, low=low), SHAPE)
    return sorted(found[np.isfinite(found)].tolist())


def waves(*peaks: float) -> tuple[list[float], list[float]]:
    """Highs that rise to each peak over five candles and fall back over five."""
    high = [100.0]
    for peak in peaks:
        high += [100.0 + (peak - 100.0) * step / 5 for step in (1, 2, 3, 4, 5, 4, 3, 2, 1, 0)]
    return high, [90.0] * len(high)


def test_highs_above_both_wings_are_pivots() -> None:
    high, low = waves(103.0, 105.0)
    assert pivots(high, low) == [103.0, 105.0]


def test_lows_are_mirrored_pivots() -> None:
    high, low = waves(103.0, 105.0)
    turned = ([200.0 - price for price in low], [200.0 - price for price in high])
    assert pivots(*turned) == [95.0, 97.0]


@pytest.mark.parametrize(("closed_after", "is_known"), [(3, False), (4, True)])
def test_a_pivot_is_known_once_its_right_wing_has_closed(closed_after: int, is_known: bool) -> None:
    high, low = waves(103.0)
    seen = high[: 6 + closed_after]
    assert (pivots(seen, low[: len(seen)]) == [103.0]) == is_known


@pytest.mark.parametrize(("age", "is_known"), [(99, True), (100, False)])
def test_a_pivot_is_forgotten_after_the_lookback(age: int, is_known: bool) -> None:
    high, _ = waves(103.0)
    high += [100.0] * (age - 5)
    assert (pivots(high, [90.0] * len(high)) == [103.0]) == is_known


def test_of_equal_highs_side_by_side_the_first_counts() -> None:
    high = [100.0] * 6 + [103.0, 103.0] + [100.0] * 6
    assert pivots(high, [90.0] * len(high)) == [103.0]


def levels(*prices: float) -> Floats:
    return np.array([*prices, np.nan]).reshape(-1, 1, 1)


def test_nearest_levels_on_each_side() -> None:
    some = levels(95.0, 99.0, 101.0, 104.0)
    assert nearest_above(some, one(100.0)).item() == 101.0
    assert nearest_below(some, one(100.0)).item() == 99.0
    assert nearest_above(some, one(105.0)).item() == np.inf
    assert nearest_below(some, one(90.0)).item() == -np.inf


def test_touches_are_the_pivots_of_the_cluster() -> None:
    some = levels(99.0, 99.2, 98.8, 98.5)
    zone = zone_at(one(99.0), one(99.1), some, UNIT, SHAPE)
    assert zone.touches.item() == 3.0
    assert zone.strength.item() == pytest.approx(1.0)


def test_a_single_touch_is_trusted_less() -> None:
    zone = zone_at(one(99.0), one(99.1), levels(99.0), UNIT, SHAPE)
    assert zone.strength.item() == pytest.approx(SHAPE.single_touch)


@pytest.mark.parametrize(("distance", "strength"), [(0.25, 0.7), (0.375, 0.35), (0.5, 0.0)])
def test_a_level_counts_less_up_to_twice_the_distance(distance: float, strength: float) -> None:
    zone = zone_at(one(99.0), one(99.0 + distance), levels(99.0), UNIT, SHAPE)
    assert zone.strength.item() == pytest.approx(strength)


@pytest.mark.parametrize(
    ("close", "trend", "expected"),
    [
        (99.1, 1.0, 90.0),
        (99.1, 0.0, 62.0),
        (99.1, -1.0, 50.0),
        (100.9, -1.0, 10.0),
        (100.9, 1.0, 50.0),
        (100.0, 1.0, 50.0),
    ],
    ids=["support up", "support", "support down", "resistance down", "resistance up", "between"],
)
def test_bounce_and_rejection(close: float, trend: float, expected: float) -> None:
    some = levels(99.0, 99.0, 99.0, 101.0, 101.0, 101.0)
    price = one(close)
    zones = zones_around(price, some, UNIT, SHAPE)
    reading = level_reading(price, zones, one(trend), SHAPE)
    assert 50.0 + reading.distance.item() == pytest.approx(expected)


def test_without_any_level_nothing_is_known() -> None:
    price = one(100.0)
    reading = level_reading(price, zones_around(price, levels(), UNIT, SHAPE), one(1.0), SHAPE)
    assert np.isnan(reading.value.item())
    assert reading.distance.item() == 0.0
