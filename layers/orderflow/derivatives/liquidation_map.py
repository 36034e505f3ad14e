"""The map of liquidations to come of one pair.

It is computed anew from the rows of the horizon, so that the map of a past instant is the same
whatever came later; what is older than the horizon is forgotten. In a mirrored market longs and
shorts trade places; the distances agree to first order only, because linear margin is not symmetric
in the logarithm of price.
"""

from typing import Final, NamedTuple

from domain.derivatives import LiquidationCluster
from domain.directions import Direction
from domain.timeframes import Timeframe
from layers.orderflow.derivatives.clusters import (
    Pending,
    clusters_among,
    liquidation_bands,
    pending_liquidations,
)
from layers.orderflow.derivatives.map_parameters import LiquidationMapShape
from layers.orderflow.derivatives.periods import PeriodHistory
from layers.orderflow.derivatives.positions import opened_positions

_DIRECTIONS: Final = (Direction.LONG, Direction.SHORT)


class LiquidationMap:
    """Kept for one pair of base coin `base`.

    `lateness_ms` is how far back from the newest observation a map still covers its whole horizon,
    `longest_gap_ms` the hole beyond which the price of a rise is unknown.
    """

    def __init__(
        self, shape: LiquidationMapShape, *, base: str, lateness_ms: int, longest_gap_ms: int
    ) -> None:
        self._shape = shape
        self._maintenance_rate = shape.maintenance.rate_of(base)
        self._longest_gap_ms = longest_gap_ms
        self._horizon_ms = round(shape.horizon * Timeframe.M1.milliseconds)
        self._periods = PeriodHistory(self._horizon_ms + lateness_ms)
        self._ready = _Ready(0, ())

    def observe(self, at_ms: int, quantity: float, price: float) -> None:
        """Take open interest in base units and the price with it, not before the newest.

        What is pending at the end of the running period is worked out here, so that a close, where
        every millisecond counts, finds it ready.
        """
        self._periods.add(at_ms, quantity, price)
        end_ms = self._periods.newest_end_ms
        self._ready = _Ready(end_ms, self._pending(end_ms))

    def clusters(
        self, at_ms: int, price: float, open_interest: float
    ) -> tuple[LiquidationCluster, ...]:
        """All clusters, the nearest first, from the periods that had ended at `at_ms`.

        `open_interest` is in base units.
        """
        ready = self._ready
        pending = ready.pending if at_ms == ready.end_ms else self._pending(at_ms)
        longs, shorts = (
            liquidation_bands(each, liquidated, price)
            for liquidated, each in zip(_DIRECTIONS, pending, strict=True)
        )
        return clusters_among(longs, shorts, price, open_interest * price, self._shape)

    def _pending(self, at_ms: int) -> tuple[Pending, ...]:
        """By direction, from the periods that had ended at `at_ms`."""
        rows = self._periods.ended_between(at_ms - self._horizon_ms, at_ms)
        positions = opened_positions(rows, self._longest_gap_ms)
        return tuple(
            pending_liquidations(positions, liquidated, self._maintenance_rate, self._shape)
            for liquidated in _DIRECTIONS
        )


class _Ready(NamedTuple):
    """What is pending, by direction, at the end of the running period."""

    end_ms: int
    pending: tuple[Pending, ...]
