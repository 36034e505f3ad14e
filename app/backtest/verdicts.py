"""The readiness gate on a report: figures mapped and judged."""

from app.clock import ExchangeClock
from app.settings import Settings
from domain.readiness import ReadinessVerdict
from engine.backtest.metrics.values import BacktestReport
from engine.readiness.judging import ReadinessFigures, judge


def verdict_on(
    report: BacktestReport, settings: Settings, parameter_set: int | None
) -> ReadinessVerdict:
    """What the gate says of a backtest, as of now; the set is the one laid over the file."""
    return judge(
        figures_of(report),
        settings.strategy.readiness,
        at=ExchangeClock().now(),
        start=report.start,
        end=report.end,
        strategy=report.strategy,
        parameter_set=parameter_set,
    )


def figures_of(report: BacktestReport) -> ReadinessFigures:
    """The figures that the gate asks about."""
    figures, drawdown = report.figures, report.drawdown
    return ReadinessFigures(
        trades=figures.trades,
        win_rate_percent=figures.win_rate_percent.value,
        profit_factor=figures.profit_factor,
        drawdown_percent=None if drawdown is None else drawdown.percent,
        sharpe_ratio=figures.sharpe,
        reward_to_risk=figures.reward_to_risk,
        losing_run=figures.longest_losing_run,
    )
