"""What a walk-forward optimisation is made of and what it finds out, as plain values."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from engine.statistics.values import TradeResult

Values = Mapping[str, float | int]
"""Parameters by their dotted name in the strategy file."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """Closes that values are fitted on, and later ones that they are judged by.

    Closes in `train_start <= t < train_end` and in `test_start <= t < test_end`. What is purged
    and the embargo lie between both. `number` counts from 1.
    """

    number: int
    train_start: datetime
    train_end: datetime
    test_start: datetime
    test_end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Evaluation:
    """A question to the backtest: which trades do these values bring at closes in [start, end)."""

    values: Values
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TrialOutcome:
    """What a trial brought: its score, its trades, and the Sharpe ratio of its days.

    `sharpe` is per day, None without variation; `score` is what is to be made as large as possible.
    """

    score: float
    trades: int
    sharpe: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Trial:
    """Values that a study wants to have tried. `number` counts from 0 within the study."""

    number: int
    values: Values


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedTrial:
    """A trial and its outcome."""

    number: int
    values: Values
    outcome: TrialOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What trades came to, net of costs, in R; None where there is nothing to compute it from.

    `traded_days` are the days on which trades were published. `low_r` and `high_r` bound the
    expectancy with 95 % confidence, trades of one day taken together. `sharpe` is per day, over
    every UTC day of the span, also those without a trade.
    """

    days: int
    traded_days: int
    trades: int
    total_r: float
    expectancy_r: float | None
    low_r: float | None
    high_r: float | None
    win_percent: float | None
    profit_factor: float | None
    drawdown_r: float
    sharpe: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowResult:
    """One window: the chosen values, and how they did where they were fitted and where not.

    `unchanged` is what the values in force brought on the same test. `plateau` is the
    share of the trials nearest to the chosen values that did well, too (None where none did well).
    `refused` counts combinations that the parameters do not allow; they are no `trials`.
    """

    window: Window
    chosen: Values
    trials: int
    refused: int
    train: Figures
    test: Figures
    unchanged: Figures
    plateau: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParameterStability:
    """How far the windows agree on a parameter.

    `spread` is the distance of the highest from the lowest chosen value as a share of the range
    that was searched, 0 to 1; on a logarithmic scale where the range was searched on one.
    """

    name: str
    low: float
    high: float
    chosen: tuple[float | int, ...]
    spread: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Deflation:
    """What is left of a Sharpe ratio when all that was tried is counted (all ratios per day).

    `trials` were made over all windows, and their ratios had a variance of `variance`.
    `expected_maximum` is the ratio that the best of so many would show without any edge.
    `probabilistic` is the probability of a true ratio above 0, `deflated` of one above
    `expected_maximum`; None where there is too little to compute them from.
    """

    trials: int
    variance: float
    expected_maximum: float
    probabilistic: float | None
    deflated: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkForwardResult:
    """What came out, with every trade of the tests joined in order of time (`trades`).

    `test` and `unchanged` are of the joined tests: with the values that each window chose, and
    with those in force. `efficiency` is what a day earned in the tests over what it
    earned where the values were fitted, None where it earned nothing there. `recommended` are the
    values of the newest window. `warnings` must be read before the figures are believed.
    """

    windows: tuple[WindowResult, ...]
    test: Figures
    unchanged: Figures
    trades: tuple[TradeResult, ...]
    stability: tuple[ParameterStability, ...]
    efficiency: float | None
    deflation: Deflation
    recommended: Values
    warnings: tuple[str, ...]
