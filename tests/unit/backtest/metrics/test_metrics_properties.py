"""What holds for every backtest, whatever it traded."""

from dataclasses import replace
from datetime import timedelta
from itertools import accumulate
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.decisions import Tier
from domain.market_regime import Regime
from domain.signals import FollowedSignal
from engine.backtest.metrics import ReportParameters
from engine.backtest.metrics.bootstrap import draw_days
from engine.backtest.metrics.daily_totals import daily_totals
from engine.backtest.metrics.drawn_figures import (
    drawdowns_percent,
    expectancies_r,
    profit_factors,
    sharpes,
    win_rates_percent,
)
from engine.backtest.metrics.values import BacktestReport
from tests.builders.signals import COSTS
from tests.unit.backtest.metrics.metrics_story import (
    DAY,
    START,
    make_backtest,
    make_trade,
    report_of,
    report_on,
)
from tests.unit.risk.trade_builders import NO_COSTS

_DAYS = 40
_MINUTE = timedelta(minutes=1)
_LAST_ENTRY = _DAYS * 24 * 60 - 200


@st.composite
def _trades(draw: st.DrawFn, least: int = 0) -> list[FollowedSignal]:
    return [
        make_trade(
            number,
            f"{draw(st.integers(-200, 400)) / 100}",
            draw(st.integers(0, _LAST_ENTRY)) * _MINUTE,
            hold=draw(st.integers(0, 180)) * _MINUTE,
            notional=draw(st.sampled_from(["500", "5000", "12345"])),
            base=draw(st.sampled_from(["SOL", "ETH"])),
            tier=draw(st.sampled_from(Tier)),
            regime=draw(st.sampled_from(Regime)),
            score=draw(st.floats(60, 100)),
            costs=draw(st.sampled_from([COSTS, NO_COSTS])),
        )
        for number in range(1, draw(st.integers(least, 10)) + 1)
    ]


def _report(trades: list[FollowedSignal]) -> BacktestReport:
    return report_of(make_backtest(trades, days=_DAYS), draws=100)


@settings(max_examples=25, deadline=None)
@given(_trades())
def test_months_and_groups_sum_up_to_the_total(trades: list[FollowedSignal]) -> None:
    report = _report(trades)

    figures = report.figures
    assert sum(month.trades for month in report.months) == figures.trades == len(trades)
    assert sum(month.total_r for month in report.months) == pytest.approx(figures.total_r)
    assert sum(month.total_percent for month in report.months) == pytest.approx(
        figures.total_percent
    )
    assert report.curve[-1].total_percent == figures.total_percent
    for name in set(report.breakdowns) - {"layer"}:
        rows = report.breakdowns[name]
        assert sum(row.trades for row in rows) == figures.trades
        assert sum(row.total_r for row in rows) == pytest.approx(figures.total_r)


@settings(max_examples=25, deadline=None)
@given(_trades())
def test_exposure_is_what_a_look_at_every_minute_finds(trades: list[FollowedSignal]) -> None:
    exposure = _report(trades).exposure

    open_trades, notional = np.zeros(_DAYS * 24 * 60), np.zeros(_DAYS * 24 * 60)
    for trade in trades:
        course = trade.course
        assert course.triggered_at is not None
        assert course.ended_at is not None
        minutes = slice(
            (course.triggered_at - START) // _MINUTE, (course.ended_at - START) // _MINUTE
        )
        open_trades[minutes] += 1
        notional[minutes] += float(trade.signal.plan.notional) / 100
    assert exposure.time_percent == pytest.approx(100 * (open_trades > 0).mean())
    assert exposure.mean_open == pytest.approx(open_trades.mean())
    assert exposure.highest_open == open_trades.max()
    assert exposure.mean_notional_percent == pytest.approx(notional.mean())
    assert exposure.highest_notional_percent == pytest.approx(notional.max())


@settings(max_examples=25, deadline=None)
@given(_trades(least=1))
def test_drawn_as_they_were_the_days_give_the_figures_of_the_report(
    trades: list[FollowedSignal],
) -> None:
    report = _report(trades)
    totals, as_they_were = daily_totals(report.trades, START.date(), _DAYS), np.arange(_DAYS)[None]

    figures, drawdown = report.figures, report.drawdown
    assert drawdown is not None
    assert win_rates_percent(totals, as_they_were) == pytest.approx(figures.win_rate_percent.value)
    assert expectancies_r(totals, as_they_were) == pytest.approx(figures.expectancy_r)
    assert drawdowns_percent(totals, as_they_were) == pytest.approx(drawdown.percent)
    if figures.profit_factor is not None:
        assert profit_factors(totals, as_they_were) == pytest.approx(figures.profit_factor)
    if figures.sharpe is not None:
        assert sharpes(totals, as_they_were) == pytest.approx(figures.sharpe)


@settings(max_examples=25, deadline=None)
@given(_trades(least=1), st.integers(0, 2**32 - 1))
def test_the_fall_of_drawn_days_is_that_of_their_trades_in_a_row(
    trades: list[FollowedSignal], seed: int
) -> None:
    rows = _report(trades).trades
    totals = daily_totals(rows, START.date(), _DAYS)
    draws = draw_days(_DAYS, ReportParameters(bootstrap_draws=100), np.random.default_rng(seed))

    falls = drawdowns_percent(totals, draws)

    for series, fall in zip(draws[:5], falls[:5], strict=True):
        drawn = [
            row.equity_percent
            for day in series
            for row in rows
            if (row.ended_at.date() - START.date()).days == day
        ]
        path = list(accumulate(drawn, initial=0.0))
        highs = accumulate(path, max)
        assert fall == pytest.approx(max(h - p for h, p in zip(highs, path, strict=True)), abs=1e-9)


@settings(max_examples=20, deadline=None)
@given(_trades(), st.randoms(use_true_random=False))
def test_the_order_in_which_signals_are_given_does_not_matter(
    trades: list[FollowedSignal], randomness: Random
) -> None:
    backtest = make_backtest(trades, days=_DAYS)
    shuffled = list(trades)
    randomness.shuffle(shuffled)

    assert report_of(replace(backtest, signals=tuple(shuffled))) == report_of(backtest)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(1, 300), min_size=10, max_size=12), st.integers(0, 2**32 - 1))
def test_where_gains_mirror_losses_the_interval_holds_0(sizes: list[int], seed: int) -> None:
    both_ways = [size * sign for size in sizes for sign in (1, -1)]
    trades = [
        make_trade(number, f"{size / 100}", 3 * (number - 1) * DAY / 2)
        for number, size in enumerate(both_ways, start=1)
    ]

    told = report_of(make_backtest(trades, days=_DAYS), seed=seed).intervals.expectancy_r

    assert told.value == pytest.approx(0.0)
    assert told.low is not None
    assert told.high is not None
    assert told.low <= 0.0 <= told.high


def _a_trade_a_day(mean: float, seed: int) -> list[FollowedSignal]:
    noise = np.random.default_rng(seed).normal(mean, 1.2, 60)
    return [
        make_trade(number, f"{size:.4f}", (number - 1) * DAY)
        for number, size in enumerate(noise, start=1)
    ]


def test_without_an_edge_the_interval_covers_0_about_as_often_as_it_says() -> None:
    covered = 0
    for seed in range(30):
        told = report_on(*_a_trade_a_day(0.0, seed), days=60).intervals.expectancy_r
        assert told.low is not None
        assert told.high is not None
        covered += told.low <= 0.0 <= told.high

    # 95 % of 30 are 28; percentile intervals of short samples are a little narrow.
    assert 25 <= covered <= 30


def test_a_planted_edge_is_beyond_chance() -> None:
    told = report_on(*_a_trade_a_day(0.8, seed=11), days=60).intervals

    assert told.expectancy_r.low is not None
    assert told.expectancy_r.low > 0.0
    assert told.sharpe.low is not None
    assert told.sharpe.low > 0.0
