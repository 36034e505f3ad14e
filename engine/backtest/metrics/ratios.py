"""Quotients that know when there is nothing to divide by."""

from decimal import Decimal


def divide(dividend: Decimal | float, divisor: Decimal | float) -> float | None:
    """The quotient, None where the divisor is 0."""
    return float(dividend) / float(divisor) if divisor else None
