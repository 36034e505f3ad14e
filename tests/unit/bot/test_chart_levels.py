"""Labels keep apart, levels stay in sight, axes have round numbers."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.charts.levels import spread_apart
from bot.charts.scales import Area, price_scale
from bot.charts.ticks import price_ticks, time_label, time_ticks
from domain.timeframes import Timeframe

AREA = Area(left=0, top=0, right=100, bottom=400)


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_labels_never_touch_and_never_leave_the_area(rows: list[int]) -> None:
    placed = sorted(spread_apart(rows, 25, 11, 389))
    assert all(below - above >= 25 for above, below in pairwise(placed))
    assert placed[0] >= 11
    assert placed[-1] <= 389


@given(st.lists(st.integers(0, 400), min_size=1, max_size=6))
def test_labels_keep_the_order_of_their_levels(rows: list[int]) -> None:
    placed = spread_apart(rows, 25, 11, 389)
    order = sorted(range(len(rows)), key=lambda index: rows[index])
    assert [placed[index] for index in order] == sorted(placed)


def test_labels_that_are_apart_stay_where_they_belong() -> None:
    assert spread_apart([50, 100, 300], 25, 11, 389) == [50, 100, 300]


def test_two_labels_on_one_row_move_apart_evenly() -> None:
    assert spread_apart([200, 200], 24, 11, 389) == [188, 212]


def test_levels_near_the_candles_are_all_in_sight() -> None:
    scale = price_scale(AREA, [100.0], [110.0], [98.0, 105.0, 120.0])
    assert all(scale.side(level) == 0 for level in (98.0, 105.0, 120.0))


def test_level_far_away_is_clamped_to_the_edge_and_the_candles_stay_readable() -> None:
    scale = price_scale(AREA, [100.0], [101.0], [99.5, 140.0])
    assert scale.side(140.0) == 1
    assert scale.row(140.0) == AREA.top
    assert scale.row(100.0) - scale.row(101.0) > AREA.height / 5


def test_flat_candles_have_a_scale_too() -> None:
    scale = price_scale(AREA, [100.0], [100.0], [100.0])
    assert scale.low < 100.0 < scale.high


@pytest.mark.parametrize(
    ("low", "high", "first"),
    [(63_100.0, 65_000.0, "63500"), (1.179e-5, 1.25e-5, "0.0000118"), (0.92, 1.1, "0.95")],
)
def test_price_ticks_are_few_round_and_inside(low: float, high: float, first: str) -> None:
    ticks = price_ticks(low, high, 7)
    assert 3 <= len(ticks) <= 8
    assert all(low <= tick <= high for tick in ticks)
    assert next(iter(ticks.values())) == first


def test_time_ticks_stand_on_whole_hours_and_midnight_shows_the_date() -> None:
    midnight = Timeframe.M15.index_of(1_759_708_800_000)
    ticks = time_ticks(midnight - 30, 88, Timeframe.M15, 9)
    assert midnight in ticks
    assert time_label(midnight, Timeframe.M15) == "06 Oct"
    assert {time_label(index, Timeframe.M15)[-3:] for index in ticks if index != midnight} == {
        ":00"
    }
