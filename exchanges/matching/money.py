"""Rounding of money to the venue's eight decimals."""

from decimal import ROUND_HALF_EVEN, ROUND_UP, Decimal
from typing import Final

_SMALLEST: Final = Decimal("0.00000001")


def round_money(amount: Decimal) -> Decimal:
    """The nearest amount that the venue books."""
    return amount.quantize(_SMALLEST, rounding=ROUND_HALF_EVEN)


def round_money_up(amount: Decimal) -> Decimal:
    """The smallest amount that the venue books and that is not nearer to zero."""
    return amount.quantize(_SMALLEST, rounding=ROUND_UP)
