"""Finds the price tick and quantity step that recorded numbers lie on."""

from decimal import Decimal
from typing import Final

import numpy as np

from domain.errors import InvalidDataError
from exchanges.simulator.market.bars import Real

_MOST_DECIMALS: Final = 10
_ROUNDING: Final = 4.0 * float(np.finfo(np.float64).eps)


def finest_grid(values: Real) -> Decimal:
    """The coarsest unit of which all values are whole multiples, at least 1e-10."""
    for decimals in range(_MOST_DECIMALS + 1):
        scaled = values * 10.0**decimals
        whole = np.rint(scaled)
        if (np.abs(scaled - whole) <= 1e-9 + _ROUNDING * scaled).all():
            common = int(np.gcd.reduce(whole.astype(np.int64), axis=None)) or 1
            return Decimal(common).scaleb(-decimals)
    raise InvalidDataError(f"recorded numbers have more than {_MOST_DECIMALS} decimals")
