"""What costs took, told apart by kind."""

from dataclasses import replace

import pytest

from domain.signals import SignalState
from engine.backtest.metrics.costs import costs_of_trade
from tests.builders.signals import COSTS
from tests.unit.backtest.metrics.metrics_story import (
    HOUR,
    make_partial_trade,
    make_trade,
    report_on,
)

_STOPPED = make_trade(1, "-1", HOUR, costs=COSTS)
_AT_TARGET = make_trade(2, "4", 5 * HOUR, costs=COSTS)


def test_a_stopped_trade_bears_slippage_on_both_sides() -> None:
    row = report_on(_STOPPED).trades[0]

    # Fractions of notional over a stop 2 % away: 1 R is 0.02.
    assert row.fees_r == pytest.approx((0.0005 + 0.0005) / 0.02)
    assert row.slippage_r == pytest.approx(2 * 0.0002 / 0.02)
    assert row.funding_r == pytest.approx(0.0001 / 0.02)
    assert row.costs_r == pytest.approx(0.0015 / 0.02)
    assert (row.gross_r, row.net_r) == (-1.0, -1.075)


def test_a_target_order_bears_slippage_on_the_way_in_alone() -> None:
    row = report_on(_AT_TARGET).trades[0]

    assert row.slippage_r == pytest.approx(0.0002 / 0.02)
    assert row.net_r == pytest.approx(4 - 0.0013 / 0.02)


def test_costs_of_all_trades_are_shares_of_gross_profit() -> None:
    costs = report_on(_STOPPED, _AT_TARGET).costs

    assert costs.gross_r == pytest.approx(3.0)
    assert costs.total_r == pytest.approx(0.075 + 0.065)
    assert costs.fees_r == pytest.approx(0.1)
    assert costs.slippage_r == pytest.approx(0.03)
    assert costs.funding_r == pytest.approx(0.01)
    assert costs.per_trade_r == pytest.approx(0.07)
    assert costs.share_percent == pytest.approx(0.14 / 4 * 100)
    # Half of the equity is traded: 0.15 % and 0.13 % of it.
    assert costs.total_percent == pytest.approx(0.075 + 0.065)


def test_a_small_trade_costs_little_equity() -> None:
    small = make_trade(1, "-1", HOUR, notional="1000", costs=COSTS)

    costs = report_on(small).costs

    assert costs.total_r == pytest.approx(0.075)
    assert costs.total_percent == pytest.approx(0.1 * 0.15)


def test_without_gross_profit_costs_have_no_share_of_it() -> None:
    costs = report_on(_STOPPED).costs

    assert costs.share_percent is None
    assert costs.per_trade_r == pytest.approx(0.075)


def test_each_part_of_a_trade_bears_its_share() -> None:
    trade = make_partial_trade(
        1,
        HOUR,
        [
            (SignalState.TP1, "103", "0.4", HOUR),
            (SignalState.BREAKEVEN, "100", "0.6", 2 * HOUR),
        ],
        costs=COSTS,
    )

    costs = costs_of_trade(trade)

    assert float(costs.slippage_r) == pytest.approx((0.4 * 0.0002 + 0.6 * 0.0004) / 0.02)
    assert costs.total_r == costs.fees_r + costs.slippage_r + costs.funding_r


def test_gross_and_net_differ_by_what_the_live_bot_charges() -> None:
    dear = replace(COSTS, funding=COSTS.funding * 40)

    row = report_on(make_trade(1, "2", HOUR, costs=dear)).trades[0]

    assert row.gross_r == pytest.approx(2.0)
    assert row.funding_r == pytest.approx(0.2)
    assert row.gross_r - row.costs_r == pytest.approx(row.net_r)
