"""Rounding of prices to the tick grid as a trade sees it, so that longs and shorts mirror."""

from decimal import Decimal

from domain.directions import Direction
from domain.instruments import Instrument


def rounded_against(instrument: Instrument, direction: Direction, price: Decimal) -> Decimal:
    """The nearest tick that is not better for the trade: down for a long, up for a short."""
    if direction is Direction.LONG:
        return instrument.price_below(price)
    return instrument.price_above(price)


def rounded_in_favour(instrument: Instrument, direction: Direction, price: Decimal) -> Decimal:
    """The nearest tick that is not worse for the trade: up for a long, down for a short."""
    return rounded_against(instrument, direction.opposite, price)
