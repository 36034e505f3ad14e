"""Every trade is in one bin, and a result of 0 is no win."""

from engine.statistics.parameters import StatisticsParameters
from research.reports.distribution import distribution
from tests.builders.backtest_reports import make_trade

PARAMETERS = StatisticsParameters()


def bins_of(*results: float) -> dict[str, int]:
    trades = [make_trade(number, result) for number, result in enumerate(results)]
    return {each.label: each.count for each in distribution(trades, PARAMETERS) if each.count}


def test_result_on_an_edge_is_in_the_bin_that_ends_there() -> None:
    assert bins_of(0.0, 0.5, 0.51) == {"−0.5 to 0R": 1, "0 to 0.5R": 1, "0.5 to 1R": 1}


def test_results_beyond_the_ends_are_kept_in_open_bins() -> None:
    assert bins_of(-40.0, -2.5, 4.51, 99.0) == {"up to −2.5R": 2, "above 4.5R": 2}


def test_no_trade_is_lost() -> None:
    trades = [make_trade(number, number / 7 - 5) for number in range(90)]
    assert sum(each.count for each in distribution(trades, PARAMETERS)) == 90
