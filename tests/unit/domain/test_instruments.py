"""Rounding to a venue's grids."""

from dataclasses import replace
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.errors import InvalidDataError
from domain.instruments import Instrument, to_decimal
from tests.builders.market import make_instrument

GRIDS = ("0.0000001", "0.00001", "0.0005", "0.01", "0.025", "0.1", "0.5", "1", "5", "1000")


@st.composite
def instruments(draw: st.DrawFn) -> Instrument:
    grid = st.sampled_from(GRIDS)
    return make_instrument(tick=draw(grid), step=draw(grid))


prices = st.floats(1e-6, 1e6) | st.decimals("0.0000001", "1000000", places=9)
quantities = st.decimals(0, 1_000_000, places=9)


def _is_on(grid: Decimal, value: Decimal) -> bool:
    return value % grid == 0


@given(instrument=instruments(), value=prices)
def test_price_lies_on_the_grid_and_nearest(instrument: Instrument, value: float | Decimal) -> None:
    exact, tick = to_decimal(value), instrument.tick
    below, nearest, above = (
        instrument.price_below(value),
        instrument.price(value),
        instrument.price_above(value),
    )
    assert all(_is_on(tick, price) for price in (below, nearest, above))
    assert exact - tick < below <= exact <= above < exact + tick
    assert nearest in (below, above)
    assert abs(nearest - exact) <= tick / 2
    assert instrument.price(nearest) == nearest


@given(instrument=instruments(), value=quantities)
def test_quantity_is_never_rounded_up(instrument: Instrument, value: Decimal) -> None:
    quantity = instrument.quantity(value)
    assert _is_on(instrument.step, quantity)
    assert value - instrument.step < quantity <= value


@pytest.mark.parametrize(
    ("value", "nearest"), [(0.1 + 0.2, "0.3"), (64_210.55, "64210.6"), (64_210.549, "64210.5")]
)
def test_float_is_read_as_people_write_it(value: float, nearest: str) -> None:
    assert make_instrument(tick="0.1").price(value) == Decimal(nearest)


def test_half_a_tick_goes_to_the_even_neighbour_whichever_side() -> None:
    instrument = make_instrument(tick="0.1")
    assert instrument.price(Decimal("0.25")) == Decimal("0.2")
    assert instrument.price(Decimal("0.35")) == Decimal("0.4")


def test_price_is_written_with_the_decimals_of_the_tick() -> None:
    assert str(make_instrument(tick="0.10").price(3)) == "3.00"
    assert str(make_instrument(tick="0.001").price(3)) == "3.000"


@given(value=st.floats(allow_nan=False, allow_infinity=False))
def test_decimal_of_a_float_is_the_float_again(value: float) -> None:
    assert float(to_decimal(value)) == value


def test_pair_is_named_as_people_name_it() -> None:
    assert make_instrument("BTC").pair == "BTC/USDT"


@pytest.mark.parametrize("symbol", ["", "BTC/USDT", "币安USDT", "BTC USDT", "BTC-USDT"])
def test_symbol_that_is_not_plain_is_refused(symbol: str) -> None:
    with pytest.raises(InvalidDataError, match="not plain ASCII"):
        replace(make_instrument(), symbol=symbol)


@pytest.mark.parametrize("grid", ["tick", "step"])
@pytest.mark.parametrize("size", ["0", "-0.1"])
def test_grid_without_size_is_refused(grid: str, size: str) -> None:
    with pytest.raises(InvalidDataError, match=r"BTCUSDT.*must be > 0"):
        make_instrument(**{grid: size})
