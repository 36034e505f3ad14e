"""The figures that two runs are compared by, in the order people read them."""

from collections.abc import Callable
from typing import Final

from engine.backtest.metrics.comparison_values import ComparedFigure
from engine.backtest.metrics.values import BacktestReport

_Read = Callable[[BacktestReport], float | None]


def _drawdown_percent(report: BacktestReport) -> float | None:
    return None if report.drawdown is None else report.drawdown.percent


def _drawdown_r(report: BacktestReport) -> float | None:
    return None if report.drawdown is None else report.drawdown.r


def _longest_drawdown_days(report: BacktestReport) -> float | None:
    return None if report.drawdown is None else report.drawdown.longest_days


_FIGURES: Final[tuple[tuple[str, str, _Read], ...]] = (
    ("trades", "", lambda report: report.figures.trades),
    ("win rate", "%", lambda report: report.figures.win_rate_percent.value),
    ("average reward to risk", "", lambda report: report.figures.reward_to_risk),
    ("expectancy", "R", lambda report: report.figures.expectancy_r),
    ("profit factor", "", lambda report: report.figures.profit_factor),
    ("total", "R", lambda report: report.figures.total_r),
    ("total", "%", lambda report: report.figures.total_percent),
    ("total, compounded", "%", lambda report: report.figures.compounded_percent),
    ("deepest drawdown", "%", _drawdown_percent),
    ("deepest drawdown", "R", _drawdown_r),
    ("longest drawdown", "days", _longest_drawdown_days),
    ("Sharpe ratio", "", lambda report: report.figures.sharpe),
    ("Sortino ratio", "", lambda report: report.figures.sortino),
    ("Calmar ratio", "", lambda report: report.figures.calmar),
    ("longest losing run", "trades", lambda report: report.figures.longest_losing_run),
    ("average hold", "minutes", lambda report: report.figures.mean_hold_minutes),
    ("edge ratio", "", lambda report: report.excursions.edge_ratio),
    ("costs per trade", "R", lambda report: report.costs.per_trade_r),
    ("costs of gross profit", "%", lambda report: report.costs.share_percent),
    ("time with open trades", "%", lambda report: report.exposure.time_percent),
    ("most open trades", "", lambda report: report.exposure.highest_open),
    ("mean notional", "% of equity", lambda report: report.exposure.mean_notional_percent),
    ("turnover a day", "% of equity", lambda report: report.exposure.turnover_percent),
    ("published signals", "", lambda report: report.counts.published),
    ("expired signals", "", lambda report: report.counts.expired),
)


def compare_figures(one: BacktestReport, other: BacktestReport) -> tuple[ComparedFigure, ...]:
    """Each figure of both; `difference` is the other's minus the one's."""
    return tuple(_compared(name, unit, read(one), read(other)) for name, unit, read in _FIGURES)


def _compared(name: str, unit: str, one: float | None, other: float | None) -> ComparedFigure:
    return ComparedFigure(
        name=name, unit=unit, one=one, other=other, difference=difference(one, other)
    )


def difference(one: float | None, other: float | None) -> float | None:
    """The other's figure minus the one's, None where one of them is."""
    return None if one is None or other is None else other - one
