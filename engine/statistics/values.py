"""Figures of a period, as plain values: computed from the ledger alone, rendered elsewhere."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum

from domain.decisions import Tier
from domain.directions import Direction
from domain.evidence import LayerName
from domain.market_regime import Regime
from domain.signals import SignalState

FEW = 30
"""Below so many closed trades a rate says little, and is told with a warning."""

FEW_DAYS = 20
"""Below so many days with trades nothing is said of chance: trades of one day are much alike."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeResult:
    """The end of one signal that was entered, net of costs.

    `equity_percent` is the result in percent of the equity that the published size referred to.
    `score` is the support that was published, `supporting` the layers that backed the direction.
    """

    signal_id: int
    pair: str
    direction: Direction
    state: SignalState
    net_r: Decimal
    net_percent: Decimal
    equity_percent: Decimal
    published_at: datetime
    triggered_at: datetime
    ended_at: datetime
    score: Decimal
    tier: Tier
    regime: Regime
    supporting: tuple[LayerName, ...]
    has_reached_target: bool

    @property
    def hold(self) -> timedelta:
        """From entry to end."""
        return self.ended_at - self.triggered_at

    @property
    def is_win(self) -> bool:
        """Whether it earned something after costs."""
        return self.net_r > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Rate:
    """So many of so many, with Wilson's 95 % confidence interval in percent; of 0 nothing is known.

    Wilson, "Probable inference, the law of succession, and statistical inference", JASA 22 (1927).
    """

    count: int
    of: int
    low_percent: float | None
    high_percent: float | None

    @property
    def percent(self) -> float | None:
        """The share."""
        return self.count / self.of * 100.0 if self.of else None

    @property
    def is_thin(self) -> bool:
        """Whether there is too little behind it to judge by."""
        return self.of < FEW


@dataclass(frozen=True, slots=True, kw_only=True)
class Streaks:
    """Longest runs of wins and of losses, and the run that lasts: above 0 wins, below 0 losses."""

    longest_win: int
    longest_loss: int
    current: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Performance:
    """What trades came to. Ratios are None where they cannot be computed.

    `expectancy_r` is the mean net R, `profit_factor` what wins earned over what losses cost.
    `sharpe` and `sortino` are of daily results in percent of equity over every UTC day of the
    period, per year (365 days, no riskless rate); None below 2 days or without variation.
    `drawdown_percent` is the deepest fall of cumulated results in percent of equity from an earlier
    high, `drawdown_r` the same in R (both 0 or more).
    """

    wins: Rate
    total_r: Decimal
    total_percent: Decimal
    expectancy_r: Decimal | None
    profit_factor: Decimal | None
    sharpe: float | None
    sortino: float | None
    drawdown_r: Decimal
    drawdown_percent: Decimal
    streaks: Streaks
    mean_hold: timedelta | None
    best: TradeResult | None
    worst: TradeResult | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Statistics:
    """A period, from the ledger alone; nothing is left out that was published.

    `published` signals of the period; of these `live` have no outcome yet. `expired` and
    `cancelled` ended without an entry and count as no trade; `invalidated` were entered and lost
    their data: their rest counts as closed at the stop. `corrections` restate outcomes and have
    been taken into account: they are counted where the outcome they restate ended. `results` are
    the trades that ended in the period, in order of time. `start` is that of the record where more
    was asked for than it holds.
    """

    start: datetime
    end: datetime
    published: int
    live: int
    expired: int
    cancelled: int
    invalidated: int
    corrections: int
    results: tuple[TradeResult, ...]
    performance: Performance


class Dimension(StrEnum):
    """By what results can be told apart."""

    PAIR = "pair"
    TIER = "tier"
    DIRECTION = "direction"
    HOUR = "hour"
    REGIME = "regime"
    LAYER = "layer"


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """The trades of one kind: a pair, an hour of publication ("14"), a layer that backed them."""

    label: str
    performance: Performance


@dataclass(frozen=True, slots=True, kw_only=True)
class Breakdown:
    """Results told apart in one way; groups with the most trades first, hours in their order.

    A trade is in one group of each dimension, but for layers: there in one for each that backed it.
    """

    dimension: Dimension
    groups: tuple[Group, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CalibrationBand:
    """Trades whose published score lay in [low, high), how they did; the last band holds 100."""

    low: int
    high: int
    reached_target: Rate
    mean_r: Decimal | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RuleVerdict:
    """What a rule that stood in the way of trades prevented or cost, from shadow outcomes.

    `followed` shadows, of which `entered` would have become trades; their `wins`, mean and total
    R. Below 0 in total: it prevented a loss. `alone` counts those that no other rule stopped.
    """

    rule: str
    followed: int
    entered: int
    alone: int
    wins: Rate
    mean_r: Decimal | None
    total_r: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class EquityPoint:
    """Cumulated results when a trade ended, in R and in percent of equity."""

    at: datetime
    total_r: Decimal
    total_percent: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultBin:
    """How many trades earned net R above `low` and up to `high`; None where a bin has no end."""

    low: Decimal | None
    high: Decimal | None
    count: int
