"""Results told apart: by month, by kind, by excursion."""

import pytest

from domain.decisions import Tier
from domain.directions import Direction
from domain.market_regime import Regime
from domain.signals import SignalState
from engine.backtest.metrics.excursions import quartiles
from engine.backtest.metrics.values import BacktestReport
from engine.backtest.values import Excursion
from tests.unit.backtest.metrics.metrics_story import (
    DAY,
    FIVE_TRADES,
    HOUR,
    make_trade,
    report_on,
)

_MIXED = (
    make_trade(1, "2", 1 * HOUR, tier=Tier.MEDIUM, score=66.0, regime=Regime.CHOPPY),
    make_trade(2, "-1", 5 * HOUR, base="ETH", score=84.9, direction=Direction.SHORT),
    make_trade(3, "1", 25 * HOUR, score=85.0),
    make_trade(4, "-1", 50 * HOUR, score=100.0, state=SignalState.BREAKEVEN),
)


def _groups(report: BacktestReport, name: str) -> dict[str, tuple[int, float]]:
    return {row.label: (row.trades, row.total_r) for row in report.breakdowns[name]}


def test_a_trade_belongs_to_the_month_of_its_end() -> None:
    over_midnight = make_trade(1, "1.5", 2 * DAY - HOUR / 2, hold=HOUR)
    before = make_trade(2, "-1", HOUR, notional="1000")

    january, february = report_on(before, over_midnight).months

    assert (january.month, january.trades, january.wins) == ("2026-01", 1, 0)
    assert (january.win_rate_percent, january.total_r, january.total_percent) == (0, -1, -0.2)
    assert (february.month, february.trades, february.wins) == ("2026-02", 1, 1)
    assert (february.win_rate_percent, february.total_r) == (100, 1.5)


def test_a_month_without_a_trade_is_there_and_has_no_win_rate() -> None:
    months = report_on(FIVE_TRADES[0], days=40).months

    assert [month.month for month in months] == ["2026-01", "2026-02", "2026-03"]
    assert [month.trades for month in months] == [1, 0, 0]
    assert months[1].win_rate_percent is None
    assert months[1].total_r == 0.0


def test_a_period_that_ends_with_a_month_has_no_next_one() -> None:
    assert [month.month for month in report_on(days=2).months] == ["2026-01"]


def test_months_go_on_over_the_turn_of_a_year() -> None:
    months = [month.month for month in report_on(days=370).months]

    assert months[10:13] == ["2026-11", "2026-12", "2027-01"]
    assert len(months) == 14


def test_trades_are_told_apart_in_every_way() -> None:
    report = report_on(*_MIXED)

    assert _groups(report, "regime") == {"RISK_ON": (3, -1), "CHOPPY": (1, 2)}
    assert _groups(report, "tier") == {"HIGH": (3, -1), "MEDIUM": (1, 2)}
    assert _groups(report, "hour") == {"00": (2, 3), "01": (1, -1), "04": (1, -1)}
    assert _groups(report, "direction") == {"long": (3, 2), "short": (1, -1)}
    assert _groups(report, "pair") == {"SOL/USDT": (3, 2), "ETH/USDT": (1, -1)}
    assert _groups(report, "state") == {"tp3": (2, 3), "breakeven": (1, -1), "stopped": (1, -1)}
    assert _groups(report, "score") == {
        "65-70": (1, 2),
        "80-85": (1, -1),
        "85-90": (1, 1),
        "95-100": (1, -1),
    }
    assert _groups(report, "layer") == {"technical": (4, 1)}


def test_a_group_has_its_rate_and_mean_and_says_that_it_is_thin() -> None:
    group = report_on(*_MIXED).breakdowns["direction"][0]

    assert (group.label, group.trades) == ("long", 3)
    assert group.win_rate_percent.value == pytest.approx(200 / 3)
    assert group.win_rate_percent.low == pytest.approx(20.77, abs=0.01)
    assert group.mean_r == pytest.approx(2 / 3)
    assert group.is_thin


def test_thirty_trades_are_enough_to_judge_by() -> None:
    trades = [make_trade(number, "1", number * HOUR, hold=HOUR / 4) for number in range(1, 31)]

    thirty, fewer = report_on(*trades), report_on(*trades[1:])

    assert not thirty.breakdowns["pair"][0].is_thin
    assert fewer.breakdowns["pair"][0].is_thin


def test_excursions_are_told_apart_by_wins_and_losses() -> None:
    excursions = {
        1: Excursion(adverse_r=0.5, favourable_r=2.5),
        2: Excursion(adverse_r=1.0, favourable_r=0.25),
        3: Excursion(adverse_r=0.1, favourable_r=1.0),
        4: Excursion(adverse_r=1.0, favourable_r=0.75),
        5: Excursion(adverse_r=0.8, favourable_r=0.5),
    }

    told = report_on(*FIVE_TRADES, excursions=excursions).excursions

    assert told.adverse_of_wins is not None
    assert told.adverse_of_wins.count == 2
    assert told.adverse_of_wins.median == pytest.approx(0.3)
    assert told.adverse_of_losses is not None
    assert told.adverse_of_losses.highest == 1.0
    assert told.favourable_of_losses is not None
    assert told.favourable_of_losses.mean == pytest.approx(0.5)
    assert told.edge_ratio == pytest.approx(5.0 / 3.4)


def test_trades_without_an_excursion_are_left_out() -> None:
    only_first = {1: Excursion(adverse_r=0.5, favourable_r=2.5)}

    report = report_on(*FIVE_TRADES, excursions=only_first)

    assert report.excursions.adverse_of_wins is not None
    assert report.excursions.adverse_of_wins.count == 1
    assert report.excursions.adverse_of_losses is None
    assert report.excursions.edge_ratio == 5.0
    assert report.trades[1].adverse_r is None


def test_holds_are_told_in_minutes() -> None:
    told = report_on(*FIVE_TRADES).excursions

    assert told.hold_minutes_of_wins is not None
    assert told.hold_minutes_of_losses is not None
    assert (told.hold_minutes_of_wins.lowest, told.hold_minutes_of_wins.highest) == (60, 120)
    assert told.hold_minutes_of_losses.median == 30.0


def test_quartiles_lie_between_their_neighbours() -> None:
    told = quartiles([4.0, None, 1.0, 3.0, 2.0])

    assert told is not None
    assert (told.lowest, told.lower, told.median) == (1.0, 1.75, 2.5)
    assert (told.upper, told.highest, told.mean) == (3.25, 4.0, 2.5)
