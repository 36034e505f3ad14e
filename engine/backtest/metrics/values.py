"""The report of a backtest as plain values, ready for JSON: what `measure` answers.

All figures are net of costs. R is a multiple of a trade's stop distance; percent is of the fixed
equity that published sizes refer to, so results add up and are not reinvested unless a name says
"compounded". A figure that cannot be computed is None, never 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from domain.decisions import Tier
from domain.directions import Direction
from domain.evidence import LayerName
from domain.market_regime import Regime
from domain.signals import SignalState
from engine.backtest.values import PairCoverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """A figure of the sample and its confidence interval; an end that is None lies open."""

    value: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class TradeRow:
    """One trade that ended. Prices in quote currency, times UTC.

    `gross_r` is `net_r + costs_r`; `fees_r`, `slippage_r` and `funding_r` are what the costs are
    made of. `notional_percent` is the published notional in percent of equity. `adverse_r` and
    `favourable_r` (0 or more) are None where no excursion was kept.
    """

    signal_id: int
    symbol: str
    pair: str
    direction: Direction
    state: SignalState
    decided_at: datetime
    published_at: datetime
    entered_at: datetime
    ended_at: datetime
    entry: float
    stop: float
    score: float
    tier: Tier
    regime: Regime
    net_r: float
    gross_r: float
    costs_r: float
    fees_r: float
    slippage_r: float
    funding_r: float
    equity_percent: float
    notional_percent: float
    hold_minutes: float
    adverse_r: float | None
    favourable_r: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What the trades came to, over `days` UTC days of the period.

    - `wins` earned something after costs, every other trade is one of the `losses`.
    - `win_rate_percent` with Wilson's 95 % interval.
    - `reward_to_risk` (the average R:R achieved) is the mean net R of wins over the mean absolute
      net R of losses.
    - `expectancy_r` is the mean net R of a trade.
    - `profit_factor` is the R that wins earned over the R that losses cost.
    - `sharpe` and `sortino` are of daily results in percent over every day of the period, per year.
    - `calmar` is the result of a year in percent over the deepest fall in percent.
    - `compounded_percent` is what would have been earned by sizing each trade on what was left.
    - `longest_losing_run` counts trades in order of their end.
    - `best` and `worst` are in R.
    """

    days: int
    trades: int
    wins: int
    losses: int
    win_rate_percent: Estimate
    reward_to_risk: float | None
    expectancy_r: float | None
    profit_factor: float | None
    total_r: float
    total_percent: float
    compounded_percent: float
    sharpe: float | None
    sortino: float | None
    calmar: float | None
    mean_hold_minutes: float | None
    longest_losing_run: int | None
    best: TradeRow | None
    worst: TradeRow | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawdown:
    """The deepest fall of the sum of results in percent from an earlier high, and in R.

    `percent` and `r` are 0 or more, of one curve each. The times are of the one in percent: when it
    stood at its high, when lowest, and when at its old high again; `recovered_at` is None where
    that was not within the period, and all are None where nothing ever fell. `days` lie between
    high and recovery, or the end of the period; `longest_days` is the longest that any fall took.
    `compounded_percent` is the deepest fall of reinvested equity, in percent of its high.
    """

    percent: float
    r: float
    compounded_percent: float
    began_at: datetime | None
    lowest_at: datetime | None
    recovered_at: datetime | None
    days: float
    longest_days: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Intervals:
    """How far chance alone may move the figures, by drawing blocks of days anew.

    Stationary bootstrap of D. N. Politis, J. P. Romano, "The Stationary Bootstrap", JASA 89 (1994):
    `draws` series of days, in blocks of `block_days` on average; percentile intervals that hold
    `confidence_percent` of them.
    """

    draws: int
    block_days: float
    confidence_percent: float
    win_rate_percent: Estimate
    expectancy_r: Estimate
    profit_factor: Estimate
    sharpe: Estimate
    drawdown_percent: Estimate


@dataclass(frozen=True, slots=True, kw_only=True)
class Month:
    """Trades that ended in one UTC month ("2026-01"); months without a trade are there, too."""

    month: str
    trades: int
    wins: int
    win_rate_percent: float | None
    total_r: float
    total_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CurvePoint:
    """Results so far, and how far below their highest (0 or more), when a trade ended.

    The first point is the start of the period: all 0.
    """

    at: datetime
    total_r: float
    total_percent: float
    compounded_percent: float
    drawdown_r: float
    drawdown_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Exposure:
    """How much was at work from the start of the period to its end.

    `time_percent` is the share of time with at least one open trade. Means are over the whole time.
    Notional is what is still open of each trade after its partial exits, in percent of equity, at
    entry prices. `turnover_percent` is what was bought and sold in a day, in percent of equity.
    """

    time_percent: float
    mean_open: float
    highest_open: int
    mean_notional_percent: float
    highest_notional_percent: float
    turnover_percent: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Costs:
    """What fees, slippage and funding took, in R over all trades and in percent of equity.

    `share_percent` is the costs' share of gross profit: of what the trades that earned something
    before costs earned together.
    """

    gross_r: float
    total_r: float
    fees_r: float
    slippage_r: float
    funding_r: float
    total_percent: float
    per_trade_r: float | None
    share_percent: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Quartiles:
    """A distribution of `count` figures in five numbers, and their mean."""

    count: int
    lowest: float
    lower: float
    median: float
    upper: float
    highest: float
    mean: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Excursions:
    """How far trades went against (MAE) and for (MFE) their holder, in R, and how long they lasted.

    `edge_ratio` is the mean favourable over the mean adverse excursion of all trades: above 1,
    entries are followed by more gain than loss (C. Faith, "Way of the Turtle", 2007).
    """

    adverse_of_wins: Quartiles | None
    adverse_of_losses: Quartiles | None
    favourable_of_wins: Quartiles | None
    favourable_of_losses: Quartiles | None
    edge_ratio: float | None
    hold_minutes_of_wins: Quartiles | None
    hold_minutes_of_losses: Quartiles | None


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupRow:
    """Trades of one kind; `is_thin` says that there are too few to judge by (below 30)."""

    label: str
    trades: int
    win_rate_percent: Estimate
    mean_r: float
    total_r: float
    is_thin: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """From closes to trades: how many there were, and what stood in the way of the others.

    `decided` counts pairs times closes. A decision may have several discards, a candidate several
    denials. Of `published` signals `entered` became trades that ended; `still_live` have not ended.
    """

    decided: int
    candidates: int
    published: int
    entered: int
    expired: int
    cancelled: int
    invalidated: int
    still_live: int
    discards: Mapping[str, int]
    denials: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestReport:
    """Everything that is told of a backtest.

    `strategy` is the fingerprint of every parameter that decides on a trade, `run` that of the
    strategy, its assumptions, the period and the data. `start` and `end` bound the closes decided
    on. `drawdown` is None without a trade. `breakdowns` are by "regime", "tier", "hour" (of
    publication), "direction", "pair", "state", "score" and "layer"; in the last a trade is in a
    group of each layer that backed it. `trades` are in order of their end.
    `assumptions` and `warnings` are sentences for people.
    """

    strategy: str
    run: str
    start: datetime
    end: datetime
    equity: float
    figures: Figures
    drawdown: Drawdown | None
    intervals: Intervals
    months: tuple[Month, ...]
    curve: tuple[CurvePoint, ...]
    exposure: Exposure
    costs: Costs
    excursions: Excursions
    breakdowns: Mapping[str, tuple[GroupRow, ...]]
    counts: Counts
    pairs: tuple[PairCoverage, ...]
    layers_missing: tuple[LayerName, ...]
    assumptions: tuple[str, ...]
    warnings: tuple[str, ...]
    trades: tuple[TradeRow, ...]
