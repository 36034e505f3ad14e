"""Quantities and notionals as whole numbers, so that sums are exact in any order."""

from typing import Final

NOTIONAL_UNITS: Final = 10_000
"""Notionals are counted in ten-thousandths of the quote currency."""

LARGEST_COUNT: Final = 2.0**43
"""Quantity steps, or units of notional, from which a single trade is refused.

A million trades of that size still fit into 64 bits; it is 880 million of quote currency.
"""

LEAST_STEPS: Final = 0.75
"""Quantities are whole steps up to float noise; less than this is none."""

LATEST_MS: Final = 4_102_444_800_000
"""The year 2100: a later time is not in milliseconds."""

LARGEST_ID: Final = 2**62
