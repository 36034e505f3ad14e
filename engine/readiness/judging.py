"""Judges the figures of a backtest against the thresholds of the readiness gate."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from domain.counting import many
from domain.readiness import CONFLUENCE, ReadinessCheck, ReadinessVerdict
from engine.readiness.parameters import ReadinessParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessFigures:
    """What is judged: figures of closed trades, net of costs; None where one cannot be computed.

    `win_rate_percent` and `drawdown_percent` (a positive depth) in 0 to 100, `profit_factor` what
    was won over what was lost, `sharpe_ratio` per year, `reward_to_risk` the mean R
    of trades won over that of trades lost, `losing_run` the most losses in a row.
    """

    trades: int
    win_rate_percent: float | None
    profit_factor: float | None
    drawdown_percent: float | None
    sharpe_ratio: float | None
    reward_to_risk: float | None
    losing_run: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Criterion:
    """One figure with its threshold: it has to be strictly above, or strictly below."""

    metric: str
    figure: Callable[[ReadinessFigures], float | None]
    threshold: Callable[[ReadinessParameters], float]
    is_floor: bool
    unit: str = ""
    digits: int = 2


_CRITERIA: Final = (
    _Criterion(
        metric="win rate",
        figure=lambda figures: figures.win_rate_percent,
        threshold=lambda parameters: parameters.win_rate_percent,
        is_floor=True,
        unit=" %",
    ),
    _Criterion(
        metric="profit factor",
        figure=lambda figures: figures.profit_factor,
        threshold=lambda parameters: parameters.profit_factor,
        is_floor=True,
    ),
    _Criterion(
        metric="maximum drawdown",
        figure=lambda figures: figures.drawdown_percent,
        threshold=lambda parameters: parameters.drawdown_percent,
        is_floor=False,
        unit=" %",
    ),
    _Criterion(
        metric="Sharpe ratio",
        figure=lambda figures: figures.sharpe_ratio,
        threshold=lambda parameters: parameters.sharpe_ratio,
        is_floor=True,
    ),
    _Criterion(
        metric="reward to risk achieved",
        figure=lambda figures: figures.reward_to_risk,
        threshold=lambda parameters: parameters.reward_to_risk,
        is_floor=True,
    ),
    _Criterion(
        metric="longest losing run",
        figure=lambda figures: figures.losing_run,
        threshold=lambda parameters: parameters.losing_run,
        is_floor=False,
        digits=0,
    ),
    _Criterion(
        metric="sample size",
        figure=lambda figures: figures.trades,
        threshold=lambda parameters: parameters.trades,
        is_floor=True,
        digits=0,
    ),
)


def judge(
    figures: ReadinessFigures,
    parameters: ReadinessParameters,
    *,
    at: datetime,
    start: datetime,
    end: datetime,
    strategy: str,
    playbook: str = CONFLUENCE,
    parameter_set: int | None = None,
) -> ReadinessVerdict:
    """The verdict on one backtest, check by check.

    `at` is now, `start` and `end` bound the candles, `strategy` is the fingerprint of what was
    tested. A figure that is None, infinite or no number fails.
    """
    checks = tuple(
        _check(criterion, criterion.figure(figures), parameters, figures.trades)
        for criterion in _CRITERIA
    )
    return ReadinessVerdict(
        playbook=playbook,
        at=at,
        start=start,
        end=end,
        trades=figures.trades,
        strategy=strategy,
        checks=checks,
        parameter_set=parameter_set,
    )


def failures(verdict: ReadinessVerdict, parameters: ReadinessParameters) -> Iterator[str]:
    """Why a stored verdict is not passed by the thresholds of now, in words; nothing where it is.

    Each figure is held against the threshold in force, whatever it was held against by those who
    ran the backtest. What failed then has failed, and a figure that is asked for now and was not
    judged then is not passed either.
    """
    judged = {check.metric for check in verdict.checks}
    yield from (
        f"not judged: {criterion.metric}"
        for criterion in _CRITERIA
        if criterion.metric not in judged
    )
    for check in verdict.checks:
        again = _again(check, parameters, verdict.trades)
        if not again.is_passed:
            yield f"failed: {again.text}"
        elif not check.is_passed:
            yield f"failed: {check.text}"


def _again(check: ReadinessCheck, parameters: ReadinessParameters, trades: int) -> ReadinessCheck:
    """A stored check by the threshold in force; as it is where nothing asks for its figure now."""
    for criterion in _CRITERIA:
        if criterion.metric == check.metric:
            return _check(criterion, check.value, parameters, trades)
    return check


def _check(
    criterion: _Criterion, figure: float | None, parameters: ReadinessParameters, trades: int
) -> ReadinessCheck:
    value, threshold = _known(figure), criterion.threshold(parameters)
    return ReadinessCheck(
        metric=criterion.metric,
        value=value,
        threshold=threshold,
        is_passed=value is not None and _is_beyond(value, threshold, criterion),
        text=_words(criterion, value, threshold, trades),
    )


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _is_beyond(value: float, threshold: float, criterion: _Criterion) -> bool:
    return value > threshold if criterion.is_floor else value < threshold


def _words(criterion: _Criterion, value: float | None, threshold: float, trades: int) -> str:
    side = "above" if criterion.is_floor else "below"
    shown = "cannot be computed"
    if value is not None:
        shown = f"{value:.{criterion.digits}f}{criterion.unit}"
    return (
        f"{criterion.metric} {shown}, has to be {side} {threshold:g}{criterion.unit} "
        f"({many(trades, 'trade')})"
    )
