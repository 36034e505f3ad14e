"""How much was at work: time, trades, notional, turnover."""

from datetime import timedelta

import pytest

from domain.signals import SignalState
from tests.unit.backtest.metrics.metrics_story import (
    DAY,
    HOUR,
    make_expired,
    make_open,
    make_partial_trade,
    make_trade,
    report_on,
)


def test_overlapping_trades_count_once_for_time_and_twice_for_trades() -> None:
    first = make_trade(1, "1", 2 * HOUR, hold=4 * HOUR)
    second = make_trade(2, "-1", 4 * HOUR, hold=4 * HOUR)

    exposure = report_on(first, second, days=1).exposure

    assert exposure.time_percent == pytest.approx(6 / 24 * 100)
    assert exposure.mean_open == pytest.approx(8 / 24)
    assert exposure.highest_open == 2
    assert exposure.mean_notional_percent == pytest.approx(8 / 24 * 50)
    assert exposure.highest_notional_percent == 100.0


def test_a_trade_that_begins_where_another_ends_does_not_overlap_it() -> None:
    first = make_trade(1, "1", 2 * HOUR, hold=2 * HOUR)
    second = make_trade(2, "1", 4 * HOUR, hold=2 * HOUR)

    exposure = report_on(second, first, days=1).exposure

    assert exposure.highest_open == 1
    assert exposure.highest_notional_percent == 50.0
    assert exposure.time_percent == pytest.approx(4 / 24 * 100)


def test_what_is_closed_in_part_is_no_longer_at_work() -> None:
    trade = make_partial_trade(
        1,
        HOUR,
        [
            (SignalState.TP1, "103", "0.4", 2 * HOUR),
            (SignalState.BREAKEVEN, "100", "0.6", 6 * HOUR),
        ],
    )

    exposure = report_on(trade, days=1).exposure

    assert exposure.mean_notional_percent == pytest.approx((2 * 50 + 4 * 30) / 24)
    assert exposure.mean_open == pytest.approx(6 / 24)


def test_turnover_counts_both_ways_at_their_prices() -> None:
    trade = make_trade(1, "1", HOUR)

    exposure = report_on(trade, days=2).exposure

    # 50 % in at 100 and out at 102, over two days.
    assert exposure.turnover_percent == pytest.approx((50 + 51) / 2)


def test_a_trade_that_is_still_open_is_at_work_to_the_end() -> None:
    exposure = report_on(make_open(1, DAY), days=4).exposure

    assert exposure.time_percent == pytest.approx(75.0)
    assert exposure.mean_notional_percent == pytest.approx(0.75 * 50)
    assert exposure.turnover_percent == pytest.approx(50 / 4)


def test_a_signal_that_was_never_entered_ties_nothing_up() -> None:
    exposure = report_on(make_expired(1, HOUR)).exposure

    assert exposure.time_percent == exposure.turnover_percent == 0.0
    assert exposure.highest_open == 0


def test_a_trade_that_ends_where_it_began_takes_no_time() -> None:
    exposure = report_on(make_trade(1, "-1", HOUR, hold=timedelta(0))).exposure

    assert exposure.time_percent == 0.0
    assert exposure.highest_open == 0
