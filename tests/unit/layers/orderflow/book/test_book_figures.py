"""Imbalance, micro-price, order flow, usual spread and depth, worked out by hand."""

import math

import pytest

from domain.order_book import Level
from layers.orderflow.book import BookParameters
from tests.unit.layers.orderflow.book.books import START_MS, Sides, book, feed, read, tracker

T = START_MS + 60_000


def test_imbalances_compare_sizes_and_values_of_the_best_levels() -> None:
    target = tracker()
    target.update(T, *book(sizes={999.0: 3.0, 994.0: 7.0, 1001.0: 2.0}))
    reading = read(target, T)
    assert [each.levels for each in reading.imbalances] == [1, 5, 10, 20]
    assert reading.imbalance(1).by_size == pytest.approx(1.0 / 5.0)
    assert reading.imbalance(1).by_value == pytest.approx((2997.0 - 2002.0) / (2997.0 + 2002.0))
    assert reading.imbalance(5).by_size == pytest.approx((7.0 - 6.0) / 13.0)
    assert reading.imbalance(10).by_size == pytest.approx((18.0 - 11.0) / 29.0)
    assert reading.imbalance(20).by_size == pytest.approx((28.0 - 21.0) / 49.0)


def test_imbalances_of_a_short_book_use_the_levels_there_are() -> None:
    target = tracker()
    target.update(T, *book(levels=12, sizes={988.0: 5.0}))
    assert read(target, T).imbalance(20).by_size == pytest.approx((16.0 - 12.0) / 28.0)


def test_a_side_that_is_told_shorter_is_not_the_lighter_one() -> None:
    target = tracker()
    bids, asks = book(levels=20)
    target.update(T, bids[:12], asks)
    assert read(target, T).imbalance(20).by_size == 0.0


def test_micro_price_leans_to_the_side_with_less_in_front_of_it() -> None:
    target = tracker()
    target.update(T, *book(sizes={999.0: 3.0, 1001.0: 1.0}))
    assert read(target, T).micro_price == pytest.approx((999.0 * 1.0 + 1001.0 * 3.0) / 4.0)


def test_velocity_is_the_change_of_the_top_ten_over_five_readings() -> None:
    target = tracker()
    feed(target, T, T + 400, book())
    assert read(target, T + 400).imbalance_velocity is None
    target.update(T + 500, *book(sizes={995.0: 11.0}))
    assert read(target, T + 500).imbalance_velocity == pytest.approx(10.0 / 30.0 / 0.5)
    feed(target, T + 600, T + 1_000, book(sizes={995.0: 11.0}))
    assert read(target, T + 1_000).imbalance_velocity == 0.0


def test_steady_imbalance_is_a_mean_in_which_each_book_counts_as_long_as_it_stood() -> None:
    target = tracker()
    target.update(T, *book(sizes={995.0: 21.0}))  # (30 - 10) / (30 + 10)
    assert read(target, T).steady_imbalance == pytest.approx(0.5)
    target.update(T + 1_000, *book())
    assert read(target, T + 1_000).steady_imbalance == pytest.approx(0.5)
    assert read(target, T + 4_000).steady_imbalance == pytest.approx(0.5 / 4.0)


def test_steady_imbalance_forgets_what_is_older_than_its_time() -> None:
    target = tracker()
    feed(target, T, T + 2_000, book(sizes={995.0: 21.0}))
    feed(target, T + 2_100, T + 12_000, book())
    assert read(target, T + 12_000).steady_imbalance == pytest.approx(0.5 * 100 / 10_000)
    assert read(target, T + 12_100).steady_imbalance == pytest.approx(0.0)


def test_velocity_without_time_between_the_readings_is_not_known() -> None:
    target = tracker()
    for _ in range(6):
        target.update(T, *book())
    assert read(target, T).imbalance_velocity is None


def _touch(bid: Level, ask: Level) -> Sides:
    sides = book(bid[0], ask[0], sizes={bid[0]: bid[1], ask[0]: ask[1]})
    return sides[0], sides[1]


@pytest.mark.parametrize(
    ("bid", "ask", "expected"),
    [
        ((999.0, 9.0), (1001.0, 6.0), 4.0),
        ((999.0, 2.0), (1001.0, 6.0), -3.0),
        ((999.0, 5.0), (1001.0, 8.0), -2.0),
        ((1000.0, 3.0), (1001.0, 6.0), 3.0),
        ((998.0, 3.0), (1001.0, 6.0), -5.0),
        ((999.0, 5.0), (1000.0, 2.0), -2.0),
        ((999.0, 5.0), (1002.0, 2.0), 6.0),
        ((1000.0, 3.0), (1002.0, 2.0), 9.0),
        ((999.0, 5.0), (1001.0, 6.0), 0.0),
    ],
)
def test_flow_imbalance_of_one_step_follows_the_formula(
    bid: Level, ask: Level, expected: float
) -> None:
    target = tracker()
    target.update(T, *_touch((999.0, 5.0), (1001.0, 6.0)))
    assert read(target, T).last_flow_imbalance == 0.0
    target.update(T + 100, *_touch(bid, ask))
    assert read(target, T + 100).last_flow_imbalance == expected


def test_flow_imbalance_is_summed_over_ten_seconds_in_mean_best_sizes() -> None:
    target = tracker()
    feed(target, T, T + 5_000, _touch((999.0, 5.0), (1001.0, 5.0)))
    feed(target, T + 5_100, T + 10_000, _touch((999.0, 15.0), (1001.0, 5.0)))
    mean = (50 * 5.0 + 50 * 10.0) / 100
    assert read(target, T + 10_000).flow_imbalance == pytest.approx(10.0 / mean)
    feed(target, T + 10_100, T + 15_000, _touch((999.0, 15.0), (1001.0, 5.0)))
    assert read(target, T + 15_000).flow_imbalance == pytest.approx(10.0 / 10.0)
    target.update(T + 15_100, *_touch((999.0, 15.0), (1001.0, 5.0)))
    assert read(target, T + 15_100).flow_imbalance == 0.0


def test_flow_imbalance_is_not_known_before_its_window_is_watched() -> None:
    target = tracker()
    feed(target, T, T + 9_900, book())
    assert read(target, T + 9_900).flow_imbalance is None
    assert read(target, T + 10_000).flow_imbalance == 0.0


def test_flow_ages_out_by_the_clock_while_no_book_arrives() -> None:
    target = tracker()
    feed(target, T, T + 10_000, book())
    target.update(T + 10_100, *book(1000.0, 1001.0))
    feed(target, T + 10_200, T + 16_000, book(1000.0, 1001.0))
    assert read(target, T + 20_099).flow_imbalance == pytest.approx(1.0)
    assert read(target, T + 20_100).flow_imbalance == 0.0


def test_spread_and_depth_are_compared_with_their_means_over_time() -> None:
    target = tracker()
    feed(target, T, T + 30_000, book(999.0, 1001.0))
    feed(target, T + 30_100, T + 59_900, book(997.0, 1003.0, size=2.0))
    assert read(target, T + 59_900).spread_ratio is None
    assert read(target, T + 59_900).depth_ratio is None
    target.update(T + 60_000, *book(999.0, 1001.0))
    reading = read(target, T + 60_000)
    older = math.exp(-29.9 / 900.0)
    first = (1.0 - math.exp(-30.1 / 900.0)) * older
    second = 1.0 - older
    assert reading.spread_ratio == pytest.approx(
        2.0 * (first + second) / (2.0 * first + 6.0 * second)
    )
    assert reading.depth_ratio == pytest.approx((first + second) / (first + 2.0 * second))
    assert not reading.is_thin


def test_a_book_of_less_than_half_its_mean_depth_is_thin() -> None:
    target = tracker()
    feed(target, T, T + 60_000, book())
    target.update(T + 60_100, *book(size=0.49))
    assert read(target, T + 60_100).is_thin
    target.update(T + 60_200, *book(size=0.51))
    assert not read(target, T + 60_200).is_thin


def test_time_without_a_book_does_not_count_in_the_means() -> None:
    target = tracker()
    feed(target, T, T + 40_000, book())
    target.invalidate("connection lost", T + 40_000)
    feed(target, T + 100_000, T + 119_900, book())
    assert read(target, T + 119_900).depth_ratio is None
    target.update(T + 120_000, *book())
    assert read(target, T + 120_000).depth_ratio == pytest.approx(1.0)


@pytest.mark.parametrize("field", ["minimum_levels", "wall_ratio", "flow_seconds"])
def test_a_parameter_out_of_range_is_refused_by_name(field: str) -> None:
    with pytest.raises(ValueError, match=field):
        BookParameters(**{field: 0})
