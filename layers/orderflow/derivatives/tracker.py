"""Open positions of one pair: takes what is observed, tells what was known at an instant."""

import math

from domain.derivatives import (
    DerivativesReading,
    Funding,
    Liquidation,
    LiquidationCluster,
    OpenInterestObservation,
    Positioning,
)
from domain.directions import Direction
from domain.timeframes import Timeframe, to_ms
from layers.orderflow.derivatives.clusters import proximity
from layers.orderflow.derivatives.liquidation_map import LiquidationMap
from layers.orderflow.derivatives.liquidations import RecentLiquidations
from layers.orderflow.derivatives.open_interest import OpenInterestHistory
from layers.orderflow.derivatives.parameters import DerivativesParameters
from layers.orderflow.derivatives.timeline import Timeline


class DerivativesTracker:
    """Has no clock: time comes in with what is observed, all in exchange milliseconds.

    `base` is the pair's base coin, for its maintenance rate. `patience` stretches the ages up to
    which facts serve, for a market that runs faster than the clock that polls it.

    A reading uses nothing later than its instant, so it is the same whatever was observed since,
    up to `ages.lateness` before the newest observation; beyond that it may know less.
    """

    def __init__(
        self, parameters: DerivativesParameters, *, base: str, patience: float = 1.0
    ) -> None:
        if not (math.isfinite(patience) and patience > 0):
            raise ValueError(f"patience is {patience}; give a finite number above 0, 1 for live")
        ages, lateness_ms = parameters.ages, _milliseconds(parameters.ages.lateness * patience)
        self._shape = parameters.liquidation_map
        self._positioning_age_ms = _milliseconds(ages.positioning * patience)
        self._funding_age_ms = _milliseconds(ages.funding * patience)
        self._positioning = Timeline[Positioning](self._positioning_age_ms + lateness_ms)
        self._funding = Timeline[Funding](self._funding_age_ms + lateness_ms)
        self._open_interest = OpenInterestHistory(
            parameters.open_interest,
            age_ms=_milliseconds(ages.open_interest * patience),
            longest_span_ms=_milliseconds(parameters.open_interest.longest_span * patience),
            lateness_ms=lateness_ms,
        )
        self._map = LiquidationMap(
            parameters.liquidation_map,
            base=base,
            lateness_ms=lateness_ms,
            longest_gap_ms=_milliseconds(parameters.liquidation_map.longest_gap * patience),
        )
        self._liquidations = RecentLiquidations(Timeframe.M5.milliseconds, lateness_ms)

    def observe_open_interest(self, observation: OpenInterestObservation, price: float) -> None:
        """Take open interest and the price at the same time.

        One that is not later than the newest is left out, as answers may overtake each other.
        Raises `ValueError` for numbers that no market has.
        """
        at_ms, quantity = observation.exchange_ms, observation.quantity
        if not (math.isfinite(price) and price > 0 and math.isfinite(quantity) and quantity >= 0):
            raise ValueError(
                f"open interest {quantity} at price {price}: give a quantity of at least 0 and the "
                "price above 0 that was seen with it"
            )
        if self._open_interest.observe(at_ms, quantity, price, observation.period_ms):
            self._map.observe(at_ms, quantity, price)

    def observe_positioning(self, positioning: Positioning) -> None:
        """Take long shares; those of a period already known are left out."""
        self._positioning.add(positioning.exchange_ms, positioning)

    def observe_funding(self, funding: Funding, exchange_ms: int) -> None:
        """Take the funding to come, as told at a time; an older one is left out."""
        self._funding.add(exchange_ms, funding)

    def observe_liquidation(self, liquidation: Liquidation) -> None:
        """Take an executed liquidation; they may come out of order."""
        self._liquidations.add(liquidation)

    def reading(self, at_ms: int, price: float | None) -> DerivativesReading:
        """What was known at an instant; `price` is that of the pair then.

        Without it, and while open interest is unknown, there are no clusters.
        """
        clusters = self._clusters(at_ms, price)
        funding = self._funding_to_come(at_ms)
        positioning = self._positioning.newest(at_ms, at_ms - self._positioning_age_ms)
        return DerivativesReading(
            at_ms=at_ms,
            open_interest=self._open_interest.reading(at_ms),
            funding=None if funding is None else funding[1],
            funding_exchange_ms=None if funding is None else funding[0],
            positioning=None if positioning is None else positioning[1],
            clusters=clusters[: self._shape.most_clusters],
            proximity=proximity(clusters, self._shape.near),
            longs_liquidated=self._liquidations.notional(at_ms, Direction.LONG),
            shorts_liquidated=self._liquidations.notional(at_ms, Direction.SHORT),
        )

    def _clusters(self, at_ms: int, price: float | None) -> tuple[LiquidationCluster, ...]:
        newest = self._open_interest.newest(at_ms)
        if newest is None or price is None:
            return ()
        return self._map.clusters(at_ms, price, newest[1].quantity)

    def _funding_to_come(self, at_ms: int) -> tuple[int, Funding] | None:
        """Unless it is too old, or was settled before the instant."""
        funding = self._funding.newest(at_ms, at_ms - self._funding_age_ms)
        return None if funding is None or to_ms(funding[1].next_at) < at_ms else funding


def _milliseconds(minutes: float) -> int:
    return round(minutes * Timeframe.M1.milliseconds)
