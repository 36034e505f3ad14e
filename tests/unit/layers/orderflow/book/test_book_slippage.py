"""Market orders filled from the visible book."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from layers.orderflow.book import slippage_percent, walk_book
from tests.unit.layers.orderflow.book.books import START_MS, book, read, tracker

ASKS = [(100.0, 2.0), (101.0, 1.0), (110.0, 5.0)]


def test_an_order_within_the_best_level_pays_its_price() -> None:
    fill = walk_book(ASKS, 150.0)
    assert fill is not None
    assert (fill.quantity, fill.average_price, fill.worst_price) == (1.5, 100.0, 100.0)


def test_a_larger_order_walks_on_and_pays_the_mean() -> None:
    fill = walk_book(ASKS, 200.0 + 101.0 + 55.0)
    assert fill is not None
    assert fill.quantity == pytest.approx(3.5)
    assert fill.average_price == pytest.approx(356.0 / 3.5)
    assert fill.worst_price == 110.0


def test_an_order_beyond_the_visible_depth_has_no_fill() -> None:
    assert walk_book(ASKS, 200.0 + 101.0 + 550.0) is not None
    assert walk_book(ASKS, 851.01) is None


@pytest.mark.parametrize("notional", [0.0, -1.0, float("nan")])
def test_an_order_of_nothing_is_refused(notional: float) -> None:
    with pytest.raises(ValueError, match="positive"):
        walk_book(ASKS, notional)


def test_slippage_is_measured_against_the_mid_price_on_both_sides() -> None:
    target = tracker()
    target.update(START_MS, *book(size=10.0, sizes={1001.0: 1.0}))
    reading = read(target, START_MS)
    assert slippage_percent(reading, 999.0, is_buy=False) == pytest.approx(0.1)
    assert slippage_percent(reading, 1001.0, is_buy=True) == pytest.approx(0.1)
    assert slippage_percent(reading, 1001.0 + 1002.0, is_buy=True) == pytest.approx(0.15)
    assert slippage_percent(reading, 1001.0 + 1002.0, is_buy=False) == pytest.approx(0.1)
    assert slippage_percent(reading, 1e9, is_buy=True) is None


@given(st.floats(1.0, 800.0), st.floats(1.0, 50.0))
def test_more_money_never_gets_a_better_mean_price(notional: float, more: float) -> None:
    smaller, larger = walk_book(ASKS, notional), walk_book(ASKS, notional + more)
    assert smaller is not None
    assert larger is not None
    assert larger.quantity > smaller.quantity
    assert larger.average_price >= smaller.average_price * (1.0 - 1e-12)
    assert larger.average_price <= larger.worst_price * (1.0 + 1e-12)
