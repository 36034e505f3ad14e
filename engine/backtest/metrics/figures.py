"""The figures of all trades together: those of the record, and what only a backtest is asked."""

import math
from collections.abc import Sequence
from decimal import Decimal
from typing import Final

from engine.backtest.metrics.growth import growth
from engine.backtest.metrics.period import Period
from engine.backtest.metrics.ratios import divide
from engine.backtest.metrics.trades import MINUTE
from engine.backtest.metrics.values import Estimate, Figures, TradeRow
from engine.statistics import performance_of
from engine.statistics.values import Performance, Rate, TradeResult

_DAYS_A_YEAR: Final = 365
"""These markets never close."""


def figures_of(
    results: Sequence[TradeResult], trades: Sequence[TradeRow], period: Period
) -> Figures:
    """Figures of trades in order of their end; `trades` are the rows of the `results`."""
    performance = performance_of(results, period.start, period.end)
    rows = {trade.signal_id: trade for trade in trades}
    best, worst, hold = performance.best, performance.worst, performance.mean_hold
    return Figures(
        days=period.days,
        trades=performance.wins.of,
        wins=performance.wins.count,
        losses=performance.wins.of - performance.wins.count,
        win_rate_percent=estimate_of(performance.wins),
        reward_to_risk=_reward_to_risk(trades),
        expectancy_r=_number(performance.expectancy_r),
        profit_factor=_number(performance.profit_factor),
        total_r=float(performance.total_r),
        total_percent=float(performance.total_percent),
        compounded_percent=growth(trade.equity_percent for trade in trades)[-1],
        sharpe=performance.sharpe,
        sortino=performance.sortino,
        calmar=_calmar(performance, period),
        mean_hold_minutes=None if hold is None else hold / MINUTE,
        longest_losing_run=performance.streaks.longest_loss if trades else None,
        best=None if best is None else rows[best.signal_id],
        worst=None if worst is None else rows[worst.signal_id],
    )


def estimate_of(rate: Rate) -> Estimate:
    """A share in percent with Wilson's interval."""
    return Estimate(value=rate.percent, low=rate.low_percent, high=rate.high_percent)


def _reward_to_risk(trades: Sequence[TradeRow]) -> float | None:
    won = [trade.net_r for trade in trades if trade.net_r > 0]
    lost = [-trade.net_r for trade in trades if trade.net_r <= 0]
    if not won or not lost:
        return None
    return divide(math.fsum(won) / len(won), math.fsum(lost) / len(lost))


def _calmar(performance: Performance, period: Period) -> float | None:
    """T. W. Young, "Calmar Ratio: A Smoother Tool", Futures 20 (1991), over the whole period."""
    a_year = float(performance.total_percent) / period.days * _DAYS_A_YEAR
    return divide(a_year, performance.drawdown_percent)


def _number(figure: Decimal | None) -> float | None:
    return None if figure is None else float(figure)
