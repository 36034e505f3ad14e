"""What open positions say about the direction, as leans: 1 bullish, 0 nothing, -1 bearish.

Every lean is odd: reflect the reading (rates negated, shares mirrored around a half, longs and
shorts swapped) and the lean changes its sign.
"""

import math
from datetime import datetime

from domain.derivatives import (
    DerivativesReading,
    Funding,
    OpenInterestMeaning,
    OpenInterestReading,
    Positioning,
)
from domain.timeframes import to_ms
from layers.orderflow.derivatives.parameters import (
    HALF,
    DerivativesParameters,
    FundingShape,
    OpenInterestShape,
)


def funding_lean(funding: Funding, at_ms: int, parameters: DerivativesParameters) -> float:
    """Contrarian lean in [-1, 1]: below 0 while longs pay, above 0 while shorts do.

    Rises linearly from the neutral rate to the full one, times the urgency when settlement is near.
    """
    shape = parameters.funding
    lean = -_odd_ramp(funding.rate, shape.neutral, shape.full)
    urgency = shape.urgency if is_urgent(funding.next_at, at_ms, shape) else 1.0
    return _clamped(lean * urgency)


def is_urgent(next_at: datetime, at_ms: int, shape: FundingShape) -> bool:
    """Whether settlement is so near that positions are closed ahead of it."""
    return 0 <= to_ms(next_at) - at_ms <= shape.urgent_minutes * 60_000


def crowd_lean(positioning: Positioning, parameters: DerivativesParameters) -> float:
    """Lean in [-1, 1]: against a crowd at an extreme, with top traders who are clearly positioned.

    Top traders' accounts and positions count a half each. A share that is not told says nothing,
    as one between the thresholds does.
    """
    shape = parameters.positioning
    crowd = _share_lean(positioning.crowd_long_share, shape.crowd_extreme, shape.crowd_full)
    accounts = _share_lean(positioning.top_accounts_long_share, shape.top_clear, shape.top_full)
    positions = _share_lean(positioning.top_positions_long_share, shape.top_clear, shape.top_full)
    top = (accounts + positions) / 2
    return _clamped(shape.top_lean * top - shape.crowd_lean * crowd)


def open_interest_lean(reading: OpenInterestReading, parameters: DerivativesParameters) -> float:
    """Lean in [-1, 1]: new positions with their direction, closing ones weakly with the price.

    Rises linearly from the quiet change of open interest to the full one.
    """
    shape = parameters.open_interest
    size = abs(_odd_ramp(reading.change_percent, shape.quiet, shape.full))
    return _strongest(reading.meaning, shape) * size


def liquidation_lean(reading: DerivativesReading, parameters: DerivativesParameters) -> float:
    """Small lean in [-1, 1] to where forced orders push: up when shorts must buy.

    Executed liquidations lean by how one-sided and how large they are, a cluster by its proximity.
    """
    shape = parameters.liquidations
    total = reading.longs_liquidated + reading.shorts_liquidated
    balance = (reading.shorts_liquidated - reading.longs_liquidated) / total if total else 0.0
    executed = balance * _odd_ramp(total, shape.quiet_notional, shape.full_notional)
    return _clamped(shape.executed_lean * executed + shape.cluster_lean * reading.proximity)


def _strongest(meaning: OpenInterestMeaning, shape: OpenInterestShape) -> float:
    return {
        OpenInterestMeaning.NEW_LONGS: shape.opening_lean,
        OpenInterestMeaning.NEW_SHORTS: -shape.opening_lean,
        OpenInterestMeaning.SHORT_COVERING: shape.closing_lean,
        OpenInterestMeaning.LONG_LIQUIDATION: -shape.closing_lean,
        OpenInterestMeaning.QUIET: 0.0,
    }[meaning]


def _share_lean(long_share: float | None, clear: float, full: float) -> float:
    if long_share is None:
        return 0.0
    return _odd_ramp(100 * long_share - HALF, clear - HALF, full - HALF)


def _odd_ramp(value: float, silent: float, full: float) -> float:
    size = (abs(value) - silent) / (full - silent)
    return math.copysign(min(1.0, max(0.0, size)), value)


def _clamped(lean: float) -> float:
    return min(1.0, max(-1.0, lean))
