"""At the liquidation price what is left of the margin is the maintenance margin."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.directions import Direction
from layers.orderflow.derivatives import isolated_liquidation_price

prices = st.floats(1e-6, 1e6)
leverages = st.floats(1, 50)
rates = st.floats(0, 0.019)


@pytest.mark.parametrize(
    ("leverage", "rate", "direction", "price"),
    [
        (10, 0.004, Direction.LONG, 54_216.867),  # 60,000 * 0.90 / 0.996
        (10, 0.004, Direction.SHORT, 65_737.052),  # 60,000 * 1.10 / 1.004
        (25, 0.010, Direction.LONG, 58_181.818),  # 60,000 * 0.96 / 0.990
        (25, 0.010, Direction.SHORT, 61_782.178),  # 60,000 * 1.04 / 1.010
        (5, 0.0, Direction.LONG, 48_000.0),
        (5, 0.0, Direction.SHORT, 72_000.0),
    ],
)
def test_entry_at_60000_is_liquidated_where_reckoned_by_hand(
    leverage: float, rate: float, direction: Direction, price: float
) -> None:
    found = isolated_liquidation_price(60_000, leverage, rate, direction)
    assert found == pytest.approx(price, abs=0.001)


@given(prices, leverages, rates, st.sampled_from(Direction))
def test_margin_and_profit_equal_the_maintenance_margin_there(
    entry: float, leverage: float, rate: float, direction: Direction
) -> None:
    price = isolated_liquidation_price(entry, leverage, rate, direction)
    left = entry / leverage + direction.sign * (price - entry)
    assert left == pytest.approx(rate * price, abs=1e-9 * entry)


@given(prices, leverages, rates)
def test_longs_end_below_their_entry_and_shorts_above(
    entry: float, leverage: float, rate: float
) -> None:
    assert isolated_liquidation_price(entry, leverage, rate, Direction.LONG) < entry
    assert isolated_liquidation_price(entry, leverage, rate, Direction.SHORT) > entry


@given(leverages, rates)
def test_mirror_in_the_logarithm_of_price_holds_to_first_order_only(
    leverage: float, rate: float
) -> None:
    long = isolated_liquidation_price(1, leverage, rate, Direction.LONG)
    short = isolated_liquidation_price(1, leverage, rate, Direction.SHORT)
    second_order = (1 - leverage**-2) / (1 - rate**2)
    assert long * short == pytest.approx(second_order)


@pytest.mark.parametrize(
    ("entry", "leverage", "rate"), [(0, 10, 0.01), (1, 0.5, 0.01), (1, 10, 0.1), (1, 10, -0.01)]
)
def test_position_that_cannot_be_opened_is_refused(
    entry: float, leverage: float, rate: float
) -> None:
    with pytest.raises(ValueError, match="no liquidation price for entry"):
        isolated_liquidation_price(entry, leverage, rate, Direction.LONG)
