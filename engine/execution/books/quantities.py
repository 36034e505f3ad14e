"""What a venue takes as a quantity."""

from decimal import Decimal

from domain.instruments import Instrument


def is_too_small(instrument: Instrument, quantity: Decimal, price: Decimal) -> bool:
    """Whether a quantity at a price is below the venue's minimum, in units or in money."""
    is_below_units = quantity < instrument.minimum_quantity
    return quantity <= 0 or is_below_units or quantity * price < instrument.minimum_notional
