"""The figures of many drawn series of days at once: one number a series, NaN where there is none.

For the series of the days as they were these are the figures of the report.
"""

import math
from typing import Final

import numpy as np

from engine.backtest.metrics.bootstrap import Draws
from engine.backtest.metrics.daily_totals import DailyTotals, Floats

_DAYS_A_YEAR: Final = 365


def win_rates_percent(totals: DailyTotals, draws: Draws) -> Floats:
    """Share of trades that earned something."""
    return _quotient(100.0 * _sums(totals.wins, draws), _sums(totals.trades, draws))


def expectancies_r(totals: DailyTotals, draws: Draws) -> Floats:
    """Mean net R of a trade."""
    return _quotient(_sums(totals.gained_r - totals.lost_r, draws), _sums(totals.trades, draws))


def profit_factors(totals: DailyTotals, draws: Draws) -> Floats:
    """R of wins over R of losses; infinite where something was gained and nothing lost."""
    return _quotient(_sums(totals.gained_r, draws), _sums(totals.lost_r, draws))


def sharpes(totals: DailyTotals, draws: Draws) -> Floats:
    """Mean over standard deviation of the days, per year."""
    drawn = totals.percent[draws]
    ratios = _quotient(drawn.mean(axis=1), drawn.std(axis=1, ddof=1)) * math.sqrt(_DAYS_A_YEAR)
    # The deviation of equal numbers is not always 0 in floating point.
    return np.where(np.ptp(drawn, axis=1) > 0.0, ratios, np.nan)


def drawdowns_percent(totals: DailyTotals, draws: Draws) -> Floats:
    """Deepest fall from an earlier high, trade by trade within each day."""
    percent = totals.percent[draws]
    morning = np.cumsum(percent, axis=1) - percent
    highs = np.maximum.accumulate(morning + totals.highest[draws], axis=1)
    highs_before = np.maximum(0.0, np.roll(highs, 1, axis=1))
    highs_before[:, 0] = 0.0
    falls = highs_before - (morning + totals.lowest[draws])
    deepest: Floats = np.maximum(falls, totals.fall[draws]).max(axis=1)
    return deepest


def _sums(daily: Floats, draws: Draws) -> Floats:
    sums: Floats = daily[draws].sum(axis=1)
    return sums


def _quotient(dividend: Floats, divisor: Floats) -> Floats:
    with np.errstate(divide="ignore", invalid="ignore"):
        quotient: Floats = dividend / divisor
    return quotient
