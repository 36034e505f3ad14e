"""What the portfolio watch looks at, and what it says."""

from dataclasses import dataclass
from decimal import Decimal

from domain.advice import Advice
from domain.candles import Candle
from domain.directions import Direction
from domain.order_flow import OrderFlow
from domain.signals import FollowedSignal


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedTrade:
    """An open trade and how its pair trades now.

    `minutes` are the newest closed 1-minute candles, oldest first and without a gap; empty while
    they cannot be had. `price` is the newest price; without one it is the stop in force, because
    what is unknown must not make a trade look better. `order_flow` and `leader_correlation` (with
    the market leader over 24 hours, -1 to 1) are None while unknown.
    """

    followed: FollowedSignal
    minutes: tuple[Candle, ...]
    price: Decimal
    order_flow: OrderFlow | None = None
    leader_correlation: float | None = None

    @property
    def signal_id(self) -> int:
        """Of the signal that the trade follows."""
        return self.followed.signal.id

    @property
    def symbol(self) -> str:
        """The pair's symbol."""
        return self.followed.signal.plan.symbol

    @property
    def direction(self) -> Direction:
        """Which way the trade earns."""
        return self.followed.signal.plan.direction

    @property
    def open_result(self) -> Decimal:
        """What the open part earns if closed now, after costs, in quote currency."""
        plan = self.followed.signal.plan
        per_unit = self.direction.sign * (self.price - plan.entry)
        per_unit -= plan.entry * plan.costs.round_trip
        return (1 - self.followed.course.closed_fraction) * plan.quantity * per_unit


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaderMove:
    """A strong move of the market leader: `percent` (below 0: down) within `minutes`."""

    symbol: str
    percent: float
    minutes: int


@dataclass(frozen=True, slots=True, kw_only=True)
class HealthFactor:
    """One part of the health: its points of `most`, and why, in words for people."""

    name: str
    points: float
    most: float
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PortfolioHealth:
    """How the open trades together are, 0 to 100; 100 without any."""

    factors: tuple[HealthFactor, ...] = ()

    @property
    def score(self) -> float:
        """Sum of the points."""
        return sum(factor.points for factor in self.factors) if self.factors else 100.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Review:
    """All advice that holds now, whether it was given before or not, and the health."""

    advice: tuple[Advice, ...]
    health: PortfolioHealth
