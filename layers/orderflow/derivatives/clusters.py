"""Prices at which many of the guessed positions would be liquidated, and how near they are."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from domain.derivatives import LiquidationCluster
from domain.directions import Direction
from layers.orderflow.derivatives.map_parameters import LiquidationMapShape
from layers.orderflow.derivatives.margin import isolated_liquidation_price
from layers.orderflow.derivatives.periods import Numbers
from layers.orderflow.derivatives.positions import OpenedPositions


class Pending(NamedTuple):
    """Liquidations that are still to come, arrays of one length.

    `bands` numbers the bands of price, from the lowest that holds any.
    """

    prices: Numbers
    quantities: Numbers
    bands: NDArray[np.int64]


class Bands(NamedTuple):
    """Bands of price that hold liquidation prices of one direction.

    `notional` is in quote currency; `price` is the mean of what a band holds, by quantity.
    """

    notional: Numbers
    price: Numbers


def pending_liquidations(
    positions: OpenedPositions,
    liquidated: Direction,
    maintenance_rate: float,
    shape: LiquidationMapShape,
) -> Pending:
    """Liquidations of one direction that are still to come.

    Each position is spread over the leverage tiers; where price has passed its liquidation price,
    it is gone. Bands are equally wide in the logarithm of price.
    """
    prices_of_one = [
        isolated_liquidation_price(1, leverage, maintenance_rate, liquidated)
        for leverage in shape.leverages
    ]
    prices = np.multiply.outer(positions.entry, prices_of_one)
    quantities = np.multiply.outer(positions.quantity, shape.shares)
    is_to_come = _is_ahead(prices, positions, liquidated)
    to_come = prices[is_to_come]
    bands = np.floor(np.log(to_come) / np.log1p(shape.band / 100)).astype(np.int64)
    lowest = bands.min() if bands.size else 0
    return Pending(to_come, quantities[is_to_come], bands - lowest)


def liquidation_bands(pending: Pending, liquidated: Direction, price: float) -> Bands:
    """Pending liquidations summed by band, but for those that lie behind the price now."""
    prices, quantities, bands = pending
    is_ahead = prices < price if liquidated is Direction.LONG else prices > price
    held = quantities * is_ahead
    quantity = np.bincount(bands, weights=held)
    notional = np.asarray(np.bincount(bands, weights=held * prices), dtype=np.float64)
    is_held = quantity > 0
    return Bands(notional[is_held], notional[is_held] / quantity[is_held])


def clusters_among(
    longs: Bands, shorts: Bands, price: float, open_notional: float, shape: LiquidationMapShape
) -> tuple[LiquidationCluster, ...]:
    """Bands that hold far more than the mean of all bands of both directions, the nearest first.

    `open_notional` is all open interest in quote currency: a map that knows little of it yet has no
    clusters.
    """
    bands = np.concatenate([longs.notional, shorts.notional])
    if not bands.size:
        return ()
    smallest = shape.smallest_cluster / 100 * open_notional
    least = max(shape.cluster_multiple * float(bands.mean()), smallest)
    clusters = [
        LiquidationCluster(
            liquidated=liquidated,
            price=float(at),
            notional=float(notional),
            distance_percent=100 * abs(float(at) / price - 1),
        )
        for liquidated, side in ((Direction.LONG, longs), (Direction.SHORT, shorts))
        for notional, at in zip(side.notional, side.price, strict=True)
        if notional >= least
    ]
    return tuple(sorted(clusters, key=lambda cluster: cluster.distance_percent))


def proximity(clusters: tuple[LiquidationCluster, ...], near_percent: float) -> float:
    """Nearness of the nearest cluster in [-1, 1]: 1 on one above, -1 on one below, 0 far from any.

    `max(0, 1 - distance / near_percent)` (design 4.3); 0 when both sides are equally near.
    """
    above = _nearest(clusters, Direction.SHORT, near_percent)
    below = _nearest(clusters, Direction.LONG, near_percent)
    if above == below:
        return 0.0
    return above if above > below else -below


def _nearest(
    clusters: tuple[LiquidationCluster, ...], liquidated: Direction, near_percent: float
) -> float:
    distances = (each.distance_percent for each in clusters if each.liquidated is liquidated)
    return max(0.0, 1 - min(distances, default=near_percent) / near_percent)


def _is_ahead(
    prices: Numbers, positions: OpenedPositions, liquidated: Direction
) -> NDArray[np.bool_]:
    if liquidated is Direction.LONG:
        return prices < positions.lowest[:, np.newaxis]
    return prices > positions.highest[:, np.newaxis]
