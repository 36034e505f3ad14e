"""Settled funding of the past: how far apart payments may lie before some are missing."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from domain.timeframes import Timeframe
from engine.backtest.values import FundingPayment

LONGEST_INTERVAL_MS: Final = 8 * Timeframe.H1.milliseconds + Timeframe.M15.milliseconds
"""Venues settle every 1, 4 or 8 hours, some of them late. What is further apart has a hole."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FundingGap:
    """Two payments with others missing between them, by the times at which they were settled."""

    start_ms: int
    end_ms: int


def funding_gaps(payments: Sequence[FundingPayment]) -> tuple[FundingGap, ...]:
    """Where payments, oldest first, are further apart than any venue settles them."""
    return tuple(
        FundingGap(start_ms=earlier.at_ms, end_ms=later.at_ms)
        for earlier, later in pairwise(payments)
        if later.at_ms - earlier.at_ms > LONGEST_INTERVAL_MS
    )
