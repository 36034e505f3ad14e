"""Decimal grids that a venue's numbers lie on, read off the numbers themselves."""

from decimal import Decimal
from typing import Final

import numpy as np
import numpy.typing as npt

from domain.errors import InvalidDataError

Real = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]

_MOST_DECIMALS: Final = 10
_ROUNDING: Final = 4.0 * float(np.finfo(np.float64).eps)
_LARGEST_WHOLE: Final = 2.0**53
_SAMPLE: Final = 1000
"""So many numbers rule most grids out, before all of them are looked at."""


def finest_grid(values: Real) -> Decimal:
    """The coarsest unit of which all values are whole multiples, at least 1e-10."""
    decimals, whole = on_decimal_grid(values)
    common = int(np.gcd.reduce(whole, axis=None)) or 1
    return Decimal(common).scaleb(-decimals)


def on_decimal_grid(values: Real) -> tuple[int, Whole]:
    """The fewest decimals that all values have, and the values as whole numbers of that grid.

    Raises `InvalidDataError` above 10 decimals, or where a value has no exact place on the grid.
    """
    sample = values.ravel()[:_SAMPLE]
    for decimals in range(_MOST_DECIMALS + 1):
        if _whole(sample, decimals) is None:
            continue
        whole = _whole(values, decimals)
        if whole is not None and (whole <= _LARGEST_WHOLE).all():
            return decimals, whole.astype(np.int64)
    raise InvalidDataError(
        f"recorded numbers have more than {_MOST_DECIMALS} decimals, or too many digits"
    )


def _whole(values: Real, decimals: int) -> Real | None:
    """The values in units of the last decimal; None where some do not have so few."""
    scaled = values * 10.0**decimals
    whole = np.rint(scaled)
    fits = (np.abs(scaled - whole) <= 1e-9 + _ROUNDING * scaled).all()
    return whole if fits else None
