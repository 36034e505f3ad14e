"""Percent as people set it, fractions as the arithmetic needs them."""

from decimal import Decimal

from domain.instruments import to_decimal


def fraction_of(percent: float | Decimal) -> Decimal:
    """Exact fraction of a percentage: 1.5 becomes 0.015."""
    return to_decimal(percent) / 100


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """How many percent `part` is of `whole`, which is not 0."""
    return part / whole * 100
