"""Comparisons, walk-forward results and verdicts of the gate, as the reports show them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.readiness import CONFLUENCE, ReadinessCheck, ReadinessVerdict
from engine.backtest.metrics.comparison_values import ComparedFigure, Comparison, MatchedTrade
from engine.backtest.metrics.values import Estimate
from engine.walk_forward.values import (
    Deflation,
    Figures,
    ParameterStability,
    WalkForwardResult,
    Window,
    WindowResult,
)
from tests.builders.backtest_reports import END, START, make_trade, make_trades
from tests.builders.track_records import many_results


def make_comparison() -> Comparison:
    """The second run lets winners go further and leaves out some trades."""
    trades = make_trades(120)
    better = [replace(trade, net_r=trade.net_r + 0.1) for trade in trades[:90:3]]
    in_both = [*zip(trades[:90:3], better, strict=True), *((each, each) for each in trades[1:90:3])]
    return Comparison(
        figures=(
            ComparedFigure(name="trades", unit="", one=120, other=70, difference=-50),
            ComparedFigure(name="win rate", unit="%", one=44.2, other=47.1, difference=2.9),
            ComparedFigure(name="expectancy", unit="R", one=-0.04, other=0.05, difference=0.09),
            ComparedFigure(name="profit factor", unit="", one=0.96, other=None, difference=None),
            ComparedFigure(
                name="turnover", unit="% of equity", one=640.0, other=410.5, difference=-229.5
            ),
            ComparedFigure(
                name="average hold", unit="minutes", one=95.0, other=61.5, difference=-33.5
            ),
        ),
        is_same_strategy=False,
        in_both=tuple(MatchedTrade(one=one, other=other) for one, other in in_both),
        only_in_one=trades[90:],
        only_in_other=tuple(make_trade(500 + number, 0.4) for number in range(10)),
        difference_r=Estimate(value=0.09, low=-0.07, high=0.24),
        is_paired=True,
        is_beyond_chance=False,
    )


def make_figures(trades: int, expectancy_r: float | None) -> Figures:
    mean = expectancy_r
    return Figures(
        days=30,
        traded_days=min(30, trades),
        trades=trades,
        total_r=trades * (mean or 0.0),
        expectancy_r=mean,
        low_r=None if mean is None else mean - 0.2,
        high_r=None if mean is None else mean + 0.2,
        win_percent=None if mean is None else 45.0 + 20 * mean,
        profit_factor=None if mean is None else 1.0 + 2 * mean,
        drawdown_r=7.5,
        sharpe=None if mean is None else mean / 3,
    )


def make_walk_forward() -> WalkForwardResult:
    windows = [_window(number) for number in (1, 2, 3)]
    return WalkForwardResult(
        windows=tuple(windows),
        test=make_figures(146, 0.02),
        unchanged=make_figures(131, -0.05),
        trades=tuple(many_results()),
        stability=(
            ParameterStability(
                name="confluence.minimum_score",
                low=60.0,
                high=85.0,
                chosen=(72, 74, 71),
                spread=0.12,
            ),
            ParameterStability(
                name="levels.stop_atr", low=0.8, high=3.0, chosen=(1.15, 2.6, 0.9), spread=0.77
            ),
        ),
        efficiency=0.11,
        deflation=Deflation(
            trials=300, variance=0.0004, expected_maximum=0.057, probabilistic=0.56, deflated=0.03
        ),
        recommended={"confluence.minimum_score": 71, "levels.stop_atr": 0.9},
        warnings=("300 trials were made over 3 windows: luck explains these results.",),
    )


def make_readiness() -> ReadinessVerdict:
    return ReadinessVerdict(
        playbook=CONFLUENCE,
        at=datetime(2025, 10, 18, 6, tzinfo=UTC),
        start=START,
        end=END,
        trades=440,
        strategy="7c1f9ae04b52",
        checks=(
            ReadinessCheck(
                metric="win rate",
                value=44.3,
                threshold=55.0,
                is_passed=False,
                text="44.3 %, > 55 %",
            ),
            ReadinessCheck(
                metric="sample size", value=440, threshold=200, is_passed=True, text="440, > 200"
            ),
        ),
    )


def _window(number: int) -> WindowResult:
    start = START + timedelta(days=30 * (number - 1))
    return WindowResult(
        window=Window(
            number=number,
            train_start=start,
            train_end=start + timedelta(days=60),
            test_start=start + timedelta(days=61),
            test_end=start + timedelta(days=91),
        ),
        chosen={"confluence.minimum_score": 70 + number, "levels.stop_atr": 0.9 * number},
        trials=100,
        refused=0,
        train=make_figures(120, 0.21),
        test=make_figures((58, 64, 24)[number - 1], (-0.06, 0.09, 0.01)[number - 1]),
        unchanged=make_figures(45, -0.05),
        plateau=(0.7, 0.4, None)[number - 1],
    )
