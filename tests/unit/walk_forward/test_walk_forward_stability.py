"""Whether windows agree, and whether neighbours do well, too."""

import pytest

from engine.walk_forward.ranges import SearchRange
from engine.walk_forward.stability import plateau_of, stability_of
from tests.builders.walk_forward import TUNED, finished


def test_spread_is_the_share_of_the_range_that_the_windows_lie_apart() -> None:
    (found,) = stability_of([TUNED], [{TUNED.name: 4.0}, {TUNED.name: 6.5}, {TUNED.name: 5.0}])
    assert found.chosen == (4.0, 6.5, 5.0)
    assert found.spread == pytest.approx(0.25)


def test_a_logarithmic_range_is_measured_as_it_was_searched() -> None:
    searched = SearchRange(name="a.b", low=1.0, high=100.0, is_log=True)
    (found,) = stability_of([searched], [{"a.b": 1.0}, {"a.b": 10.0}])
    assert found.spread == pytest.approx(0.5)


def test_one_window_agrees_with_itself() -> None:
    (found,) = stability_of([TUNED], [{TUNED.name: 4.0}])
    assert found.spread == 0.0


def test_a_plateau_has_good_neighbours_and_a_peak_has_none() -> None:
    best = finished(0, 5.0, 3.0)
    near = [finished(1 + number, 5.0 + number / 10, 2.5) for number in range(10)]
    far = [finished(20 + number, 9.0 + number / 100, -1.0) for number in range(10)]
    assert plateau_of(best, [best, *near, *far], [TUNED]) == 1.0
    lonely = [finished(1 + number, 5.0 + number / 10, 1.4) for number in range(10)]
    assert plateau_of(best, [best, *lonely, *far], [TUNED]) == 0.0


def test_neighbours_of_nothing_good_say_nothing() -> None:
    bad = finished(0, 5.0, -0.5)
    assert plateau_of(bad, [bad, finished(1, 5.1, -0.6)], [TUNED]) is None
    assert plateau_of(finished(0, 5.0, 2.0), [finished(0, 5.0, 2.0)], [TUNED]) is None
