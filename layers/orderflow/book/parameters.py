"""Thresholds of the book's analytics."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter
from layers.declarations import CHOICE, DESIGN, seconds, share


@dataclass(frozen=True, slots=True, kw_only=True)
class BookParameters(Parameters):
    """When a book is whole, what counts as usual, as a wall, as its break and as a spoof."""

    minimum_levels: int = parameter(
        10,
        doc="levels each side of a whole book has; so many are scored",
        unit="levels",
        source=CHOICE,
        low=1,
        high=20,
    )
    stale_seconds: float = seconds(
        3.0, "age from which a book is stale; one comes every 0.1 s", low=0.2
    )
    steady_seconds: float = seconds(
        10.0,
        "time over which the steady imbalance is a mean: in a recorded BTCUSDT book that of an "
        "instant goes from one side to the other within seconds",
    )
    velocity_readings: int = parameter(
        5,
        doc="readings back that the top-10 imbalance is compared with",
        unit="readings",
        source=DESIGN,
        low=1,
        high=1000,
    )
    flow_seconds: float = seconds(
        10.0, "window of the order-flow imbalance", "Cont, Kukanov, Stoikov 2014", low=0.1
    )
    usual_seconds: float = seconds(900.0, "memory of the mean spread and depth", low=1)
    usual_known_seconds: float = seconds(60.0, "time watched before a mean is one")
    thin_below: float = share(0.5, "depth over its mean below which the book is thin")
    wall_ratio: float = parameter(
        5.0,
        doc="quantity over the mean level of the other prices that makes a wall",
        unit="multiple",
        source=DESIGN,
        low=1,
        high=1000,
    )
    wall_known_seconds: float = seconds(1.0, "age from which a wall is told")
    fallen_share: float = share(
        0.8, "part of its greatest size whose loss means that a wall is gone", DESIGN
    )
    eaten_share: float = share(
        0.5, "part of its greatest size that trades must have eaten of a broken wall"
    )
    pass_seconds: float = seconds(10.0, "time the price has to pass an eaten wall")
    broken_seconds: float = seconds(30.0, "time a broken wall is told")
    hidden_seconds: float = seconds(60.0, "time a wall outside the known levels is remembered")
    spoof_seconds: float = seconds(5.0, "age up to which a wall that goes is a spoof", DESIGN)
    untouched_share: float = share(
        0.1, "part of its greatest size that trades may have eaten of a spoof"
    )
    spoofing_seconds: float = seconds(60.0, "window in which big orders are counted", low=1)
    spoofing_orders: int = parameter(
        5,
        doc="big orders that spoofs are at least compared with, so that one does not say all",
        unit="orders",
        source=CHOICE,
        low=1,
        high=1000,
    )
    late_trades_seconds: float = seconds(
        0.5, "wait for trades that arrive later than the book they changed"
    )
