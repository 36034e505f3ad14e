"""Rates, ratios, tables and curves of results that the head can check."""

import math
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.evidence import LayerName
from engine.statistics import (
    StatisticsParameters,
    break_down,
    calibrate,
    equity_curve,
    histogram,
    performance_of,
    rate,
)
from engine.statistics.values import Dimension, EquityPoint, Performance, ResultBin
from tests.builders.reports import DAY_START, make_result, make_statistics

DAY = timedelta(days=1)
USUAL = StatisticsParameters()


@pytest.mark.parametrize(
    ("count", "of", "low", "high"),
    [
        (8, 10, 49.0, 94.3),
        (0, 10, 0.0, 27.8),
        (10, 10, 72.2, 100.0),
        (50, 100, 40.4, 59.6),
        (1, 1, 20.7, 100.0),
    ],
)
def test_interval_is_wilsons(count: int, of: int, low: float, high: float) -> None:
    found = rate(count, of)
    assert found.low_percent == pytest.approx(low, abs=0.05)
    assert found.high_percent == pytest.approx(high, abs=0.05)


def test_rate_of_fewer_than_30_is_thin() -> None:
    assert rate(20, 29).is_thin
    assert not rate(20, 30).is_thin


def daily(*percents: str) -> Performance:
    """One trade a day, each with a result in percent of equity."""
    results = [
        make_result(str(Decimal(percent) / Decimal("1.5")), ended_at=DAY_START + number * DAY)
        for number, percent in enumerate(percents)
        if percent
    ]
    return performance_of(results, DAY_START, DAY_START + len(percents) * DAY)


def test_sharpe_and_sortino_are_of_days_with_those_without_trades() -> None:
    performance = daily("3", "", "-1.5", "")
    mean = 1.5 / 4
    squares = [(3 - mean) ** 2, mean**2, (1.5 + mean) ** 2, mean**2]
    assert performance.sharpe == pytest.approx(mean / math.sqrt(sum(squares) / 3) * math.sqrt(365))
    assert performance.sortino == pytest.approx(mean / math.sqrt(1.5**2 / 4) * math.sqrt(365))


def test_ratios_are_unknown_on_one_day_and_without_variation() -> None:
    assert daily("3").sharpe is None
    assert daily("-3").sortino is None
    assert daily("0.3", "0.3", "0.3").sharpe is None
    assert daily("3", "1.5").sortino is None
    assert daily("0.3", "0.3", "").sharpe is not None


def test_profit_factor_is_unknown_while_nothing_was_lost() -> None:
    assert daily("3").profit_factor is None
    assert daily("3", "0").profit_factor is None
    assert daily("3", "-1.5").profit_factor == 2
    assert daily("-1.5").profit_factor == 0


def test_fall_counts_from_the_start_where_nothing_was_won_before() -> None:
    performance = daily("-1.5", "-3", "6", "-1.5")
    assert performance.drawdown_r == 3
    assert performance.drawdown_percent == Decimal("4.5")


def test_groups_with_the_most_trades_come_first() -> None:
    statistics = make_statistics(
        [
            make_result("1", signal_id=1, pair="ADA/USDT"),
            make_result("1", signal_id=2, pair="SOL/USDT"),
            make_result("-1", signal_id=3, pair="SOL/USDT"),
            make_result("1", signal_id=4, pair="BTC/USDT"),
        ]
    )
    groups = break_down(statistics, Dimension.PAIR).groups
    assert [group.label for group in groups] == ["SOL/USDT", "ADA/USDT", "BTC/USDT"]
    assert groups[0].performance.wins == rate(1, 2)
    assert groups[0].performance.total_r == 0


def test_hours_are_those_of_publication_in_their_order() -> None:
    hold = timedelta(minutes=27)
    results = [
        make_result("1", ended_at=DAY_START + timedelta(hours=hour, minutes=20), hold=hold)
        for hour in (10, 10, 15, 4)
    ]
    groups = break_down(make_statistics(results), Dimension.HOUR).groups
    assert [(group.label, group.performance.wins.of) for group in groups] == [
        ("03", 1),
        ("09", 2),
        ("14", 1),
    ]


def test_trade_counts_with_every_layer_that_backed_it() -> None:
    both = (LayerName.TECHNICAL, LayerName.MEMORY)
    results = [
        make_result("1", signal_id=1, supporting=both),
        make_result("2", signal_id=2, supporting=both[:1]),
        make_result("4", signal_id=3, supporting=()),
    ]
    groups = break_down(make_statistics(results), Dimension.LAYER).groups
    assert [(group.label, group.performance.total_r) for group in groups] == [
        ("technical", Decimal(3)),
        ("memory", Decimal(1)),
    ]


def test_calibration_has_seven_bands_of_which_empty_ones_know_nothing() -> None:
    bands = calibrate(
        [
            make_result("1.5", score="65", has_reached_target=True),
            make_result("-1", score="69.999", has_reached_target=False),
            make_result("2", score="100", has_reached_target=True),
        ],
        USUAL,
    )
    assert [(band.low, band.high) for band in bands] == [
        (low, low + 5) for low in range(65, 100, 5)
    ]
    assert bands[0].reached_target == rate(1, 2)
    assert bands[0].mean_r == Decimal("0.25")
    assert (bands[1].reached_target, bands[1].mean_r) == (rate(0, 0), None)
    assert bands[-1].reached_target == rate(1, 1)


def test_calibration_leaves_out_no_trade_below_the_usual_threshold() -> None:
    bands = calibrate([make_result("1", score="59.9")], USUAL)
    assert (bands[0].low, bands[0].reached_target.of) == (55, 1)
    assert bands[-1].high == 100


def test_bin_holds_its_upper_edge_and_the_ends_are_open() -> None:
    results = [make_result(net_r) for net_r in ("-9", "-2.5", "0", "0.01", "0.5", "4.5", "4.6")]
    bins = [each for each in histogram(results, USUAL) if each.count]
    assert bins == [
        ResultBin(low=None, high=Decimal("-2.5"), count=2),
        ResultBin(low=Decimal("-0.5"), high=Decimal(0), count=1),
        ResultBin(low=Decimal(0), high=Decimal("0.5"), count=2),
        ResultBin(low=Decimal(4), high=Decimal("4.5"), count=1),
        ResultBin(low=Decimal("4.5"), high=None, count=1),
    ]


def test_curve_adds_up_trade_by_trade() -> None:
    first, second = make_result("2", signal_id=1), make_result("-1", signal_id=2)
    assert equity_curve([first, second]) == (
        EquityPoint(at=first.ended_at, total_r=Decimal(2), total_percent=Decimal(3)),
        EquityPoint(at=second.ended_at, total_r=Decimal(1), total_percent=Decimal("1.5")),
    )
    assert equity_curve([]) == ()
