"""Numbers and times as people read them."""

from decimal import Decimal

import pytest

from bot.presenters.figures import (
    amount,
    duration,
    price,
    quantity,
    reading,
    signed_percent,
    signed_r,
)
from tests.builders.market import make_instrument


@pytest.mark.parametrize(
    ("tick", "value", "shown"),
    [
        ("0.10", "64210.5", "64210.50"),
        ("0.00000001", "0.00001234", "0.00001234"),
        ("0.0001", "0.5", "0.5000"),
        ("1", "64210.5", "64210"),
        ("1E+1", "64214", "64210"),
    ],
)
def test_price_has_the_precision_of_its_pair_and_no_exponent(
    tick: str, value: str, shown: str
) -> None:
    assert price(Decimal(value), make_instrument(tick=tick)) == shown


def test_amounts_have_thin_spaces_between_thousands() -> None:
    assert amount(Decimal("1234567.891")) == "1\u202f234\u202f567.89"
    assert quantity(Decimal(972447300)) == "972\u202f447\u202f300"
    assert quantity(Decimal("0.1860")) == "0.186"


def test_results_carry_their_sign_and_never_a_negative_zero() -> None:
    assert signed_r(Decimal("1.8249")) == "+1.82R"
    assert signed_r(Decimal("-0.001")) == "+0.00R"
    assert signed_percent(Decimal("-0.514")) == "−0.51%"


def test_small_floats_are_read_without_an_exponent() -> None:
    assert reading(1.234e-05) == "0.00001234"
    assert reading(60000.0) == "60000"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [
        (-3, "0 s"),
        (59, "59 s"),
        (60, "1 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (7500, "2 h 5 min"),
        (273_600, "3 d 4 h"),
    ],
)
def test_duration_shows_its_two_largest_units(seconds: float, shown: str) -> None:
    assert duration(seconds) == shown
