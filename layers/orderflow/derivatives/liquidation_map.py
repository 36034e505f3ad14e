"""The map of liquidations to come of one pair.

It is computed anew from the rows of the horizon, so that the map of a past instant is the same
whatever came later; what is older than the horizon is forgotten. In a mirrored market longs and
shorts trade places; the distances agree to first order only, because linear margin is not symmetric
in the logarithm of price.
"""

from domain.derivatives import LiquidationCluster
from domain.directions import Direction
from domain.timeframes import Timeframe
from layers.orderflow.derivatives.clusters import clusters_among, liquidation_bands
from layers.orderflow.derivatives.map_parameters import LiquidationMapShape
from layers.orderflow.derivatives.periods import PeriodHistory
from layers.orderflow.derivatives.positions import opened_positions


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

    def observe(self, at_ms: int, quantity: float, price: float) -> None:
        """Take open interest in base units and the price with it, not before the newest."""
        self._periods.add(at_ms, quantity, price)

    def clusters(
        self, at_ms: int, price: float, open_interest: float
    ) -> tuple[LiquidationCluster, ...]:
        """All clusters, the nearest first, from the periods that had ended at `at_ms`.

        `open_interest` is in base units.
        """
        rows = self._periods.ended_between(at_ms - self._horizon_ms, at_ms)
        positions = opened_positions(rows, price, self._longest_gap_ms)
        longs, shorts = (
            liquidation_bands(positions, liquidated, self._maintenance_rate, self._shape)
            for liquidated in (Direction.LONG, Direction.SHORT)
        )
        return clusters_among(longs, shorts, price, open_interest * price, self._shape)
