"""Every figure once more, straight from its definition, from the lives and not from the ledger."""

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from fractions import Fraction
from itertools import groupby

from domain.signals import Course, Signal, SignalState
from engine.statistics.values import Performance
from tests.unit.engine.statistics_lives import Life

_NO_TRADE = {SignalState.EXPIRED, SignalState.CANCELLED}
_TARGETS = {SignalState.TP1, SignalState.TP2, SignalState.TP3}


@dataclass(frozen=True, slots=True, kw_only=True)
class HandTrade:
    """A trade as it happened."""

    life: Life
    signal: Signal
    end: Course
    ended_at: datetime
    r: Fraction
    percent: Fraction

    @property
    def has_reached_target(self) -> bool:
        return any(leg.state in _TARGETS for leg in self.end.exits)

    @property
    def hold(self) -> timedelta:
        assert self.end.triggered_at is not None
        return self.ended_at - self.end.triggered_at


def last_ends(told: Sequence[Life], start: datetime, end: datetime) -> list[tuple[Life, Course]]:
    """What counts in a period: the last that was said of each signal which has ended in it."""
    last = [(life, life.ends[-1]) for life in told if life.ends]
    return [(life, each) for life, each in last if each.ended_at and start <= each.ended_at < end]


def trades_of(told: Sequence[Life], start: datetime, end: datetime) -> list[HandTrade]:
    """The trades of a period in order of their end."""
    trades = [
        _trade(life, each)
        for life, each in last_ends(told, start, end)
        if each.state not in _NO_TRADE
    ]
    trades.sort(key=lambda trade: trade.signal.id)
    trades.sort(key=lambda trade: trade.ended_at)
    return trades


def _trade(life: Life, end: Course) -> HandTrade:
    plan = life.signal.plan
    assert end.ended_at is not None
    earned = Fraction(end.realised_percent) / 100 * Fraction(plan.notional)
    equity = Fraction(plan.risk_amount) * 100 / Fraction(plan.risk_percent)
    return HandTrade(
        life=life,
        signal=life.signal,
        end=end,
        ended_at=end.ended_at,
        r=Fraction(end.realised_r),
        percent=round(earned / equity * 100, 8),
    )


def check_performance(
    performance: Performance, trades: Sequence[HandTrade], start: datetime, end: datetime
) -> None:
    """Hold a performance to the definitions of its figures."""
    results = [trade.r for trade in trades]
    percents = [trade.percent for trade in trades]
    won, lost = [r for r in results if r > 0], [r for r in results if r <= 0]
    assert (performance.wins.count, performance.wins.of) == (len(won), len(results))
    assert Fraction(performance.total_r) == sum(results)
    assert Fraction(performance.total_percent) == sum(percents)
    assert Fraction(performance.drawdown_r) == deepest(results)
    assert Fraction(performance.drawdown_percent) == deepest(percents)
    mean = sum(results) / max(len(results), 1)
    agrees(performance.expectancy_r, mean, is_known=bool(results))
    agrees(performance.profit_factor, sum(won) / (-sum(lost) or 1), is_known=any(lost))
    _check_ratios(performance, trades, start, end)
    _check_runs(performance, results)
    _check_extremes(performance, trades)


def agrees(figure: Decimal | float | None, by_hand: Fraction | float, *, is_known: bool) -> None:
    """A figure is there exactly when it is known, and then it is right."""
    assert (figure is not None) is is_known
    if figure is not None:
        assert math.isclose(figure, by_hand, rel_tol=1e-9)


def deepest(figures: Sequence[Fraction]) -> Fraction:
    """Every earlier height against every later one."""
    heights = [sum(figures[:count], Fraction(0)) for count in range(len(figures) + 1)]
    return max(
        heights[high] - heights[low]
        for high in range(len(heights))
        for low in range(high, len(heights))
    )


def _check_ratios(
    performance: Performance, trades: Sequence[HandTrade], start: datetime, end: datetime
) -> None:
    days = [float(day) for day in _days(trades, start, end)]
    if len(days) < 2:
        assert performance.sharpe is performance.sortino is None
        return
    mean, year = statistics.fmean(days), math.sqrt(365)
    varies = len(set(days)) > 1
    agrees(performance.sharpe, mean / (statistics.stdev(days) or 1) * year, is_known=varies)
    downside = math.sqrt(statistics.fmean([min(day, 0) ** 2 for day in days]))
    agrees(performance.sortino, mean / (downside or 1) * year, is_known=downside > 0)


def _days(trades: Sequence[HandTrade], start: datetime, end: datetime) -> list[Fraction]:
    days, midnight = [], start.replace(hour=0, minute=0)
    while midnight < end:
        after = midnight + timedelta(days=1)
        day = [trade.percent for trade in trades if midnight <= trade.ended_at < after]
        days.append(sum(day, Fraction(0)))
        midnight = after
    return days if start < end else []


def _check_runs(performance: Performance, results: Sequence[Fraction]) -> None:
    runs = [(is_win, len(list(run))) for is_win, run in groupby(results, key=lambda r: r > 0)]
    streaks = performance.streaks
    assert streaks.longest_win == max((length for is_win, length in runs if is_win), default=0)
    assert streaks.longest_loss == max((length for is_win, length in runs if not is_win), default=0)
    assert streaks.current == (runs[-1][1] * (1 if runs[-1][0] else -1) if runs else 0)


def _check_extremes(performance: Performance, trades: Sequence[HandTrade]) -> None:
    if not trades:
        assert performance.best is None
        assert performance.worst is None
        assert performance.mean_hold is None
        return
    assert performance.best is not None
    assert performance.worst is not None
    assert Fraction(performance.best.net_r) == max(trade.r for trade in trades)
    assert Fraction(performance.worst.net_r) == min(trade.r for trade in trades)
    held = sum(trade.hold.total_seconds() for trade in trades) / len(trades)
    assert performance.mean_hold is not None
    assert abs(performance.mean_hold.total_seconds() - held) < 1e-5
