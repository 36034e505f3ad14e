"""Open interest, funding, positioning and liquidations: tracked per pair, read as leans.

Observations in, readings of an instant out. No clock, no I/O.
"""

from layers.orderflow.derivatives.leans import (
    crowd_lean,
    funding_lean,
    is_urgent,
    liquidation_lean,
    open_interest_lean,
)
from layers.orderflow.derivatives.margin import isolated_liquidation_price
from layers.orderflow.derivatives.parameters import DerivativesParameters
from layers.orderflow.derivatives.tracker import DerivativesTracker

__all__ = [
    "DerivativesParameters",
    "DerivativesTracker",
    "crowd_lean",
    "funding_lean",
    "is_urgent",
    "isolated_liquidation_price",
    "liquidation_lean",
    "open_interest_lean",
]
