"""Percent as people set it, fractions as the arithmetic needs them."""

from decimal import Decimal
from functools import lru_cache

from domain.instruments import to_decimal

_SETTINGS_KEPT = 256
"""More than a strategy has numbers."""


@lru_cache(maxsize=_SETTINGS_KEPT)
def exact(setting: float) -> Decimal:
    """Exact decimal of a setting. There are few of them, and every candidate asks for them anew."""
    return to_decimal(setting)


@lru_cache(maxsize=_SETTINGS_KEPT)
def share_of(percent: float) -> Decimal:
    """Exact fraction of a percentage that is a setting: 1.5 becomes 0.015."""
    return fraction_of(percent)


def fraction_of(percent: float | Decimal) -> Decimal:
    """Exact fraction of a percentage: 1.5 becomes 0.015."""
    return to_decimal(percent) / 100


def percent_of(part: Decimal, whole: Decimal) -> Decimal:
    """How many percent `part` is of `whole`, which is not 0."""
    return part / whole * 100
