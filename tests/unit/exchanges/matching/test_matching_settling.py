"""Funding and liquidation."""

import pytest

from domain.orders import OrderState
from exchanges.matching.events import BalanceReason, OrderChange, PositionLiquidated
from exchanges.matching.records import EndReason
from exchanges.matching.reports import fill_of
from tests.unit.exchanges.matching.trading_room import (
    BRACKETS,
    BUY,
    LONG,
    SELL,
    SHORT,
    SYMBOL,
    D,
    balance_changes,
    limit,
    market,
    open_account,
    order_changes,
    stop,
    terms,
)

FREE = terms(maker_fee=D(0), taker_fee=D(0))


@pytest.mark.parametrize(("side", "amount"), [(BUY, D("-0.1")), (SELL, D("0.1"))])
def test_a_positive_rate_makes_longs_pay_shorts(side: str, amount: D) -> None:
    account = open_account(FREE)
    account.place(market(BUY if side == BUY else SELL, "1"), 1)
    before = account.positions()[0].margin
    account.drain()

    account.on_funding(SYMBOL, D("0.001"), D(100), 2)

    assert account.wallet == 10_000 + amount
    assert account.positions()[0].margin == before + amount
    (change,) = balance_changes(account.drain())
    assert (change.reason, change.amount) == (BalanceReason.FUNDING, amount)
    assert change.position is not None
    assert change.position.held == account.positions()[0]


def test_a_flat_account_pays_no_funding() -> None:
    account = open_account()

    account.on_funding(SYMBOL, 0.001, 100.0, 1)

    assert account.drain() == []


def test_the_liquidation_price_leaves_just_the_maintenance_margin() -> None:
    account = open_account(FREE)
    account.place(market(BUY, "5"), 1)
    account.place(market(SELL, "10"), 2)
    (held,) = account.positions()

    price = account.liquidation_price(held)

    assert held.direction is SHORT
    assert price is not None
    balance = held.margin + held.unrealised(price)
    assert balance == pytest.approx(price * held.quantity * D("0.01"), abs=D("1e-5"))


def test_a_large_position_is_held_to_the_rate_of_its_bracket() -> None:
    account = open_account(FREE, wallet=D(100_000))
    account.on_book(SYMBOL, [(D("99.9"), D(1))], [(D("100.0"), D(2000))], 1)
    account.place(market(BUY, "1000"), 2)
    (held,) = account.positions()

    price = account.liquidation_price(held)

    assert price is not None
    maintenance = price * 1000 * BRACKETS[1].maintenance_rate - BRACKETS[1].maintenance_amount
    assert held.margin + held.unrealised(price) == pytest.approx(maintenance, abs=D("1e-5"))


def test_at_leverage_one_a_long_has_no_liquidation_price() -> None:
    account = open_account(FREE, leverage=1)
    account.place(market(BUY, "1"), 1)

    assert account.liquidation_price(account.positions()[0]) is None
    account.on_mark(SYMBOL, D("0.1"), 2)
    assert len(account.positions()) == 1


def test_short_of_its_price_nothing_is_liquidated() -> None:
    account = open_account(FREE)
    account.place(market(BUY, "1"), 1)
    price = account.liquidation_price(account.positions()[0])
    assert price is not None

    account.on_mark(SYMBOL, price + D("0.00000001"), 2)
    assert len(account.positions()) == 1
    account.on_mark(SYMBOL, price, 3)
    assert account.positions() == []


@pytest.mark.parametrize(("side", "mark"), [(BUY, D(50)), (SELL, D(150))])
def test_a_liquidation_costs_at_most_the_isolated_margin(side: str, mark: D) -> None:
    account = open_account(FREE)
    account.place(market(BUY if side == BUY else SELL, "1"), 1)
    margin = account.positions()[0].margin

    account.on_mark(SYMBOL, mark, 2)

    assert account.wallet >= 10_000 - margin
    assert account.wallet == pytest.approx(10_000 - margin, abs=D("0.1"))


def test_a_liquidation_just_at_its_price_costs_loss_and_fee() -> None:
    account = open_account(FREE)
    account.place(market(BUY, "1"), 1)
    (held,) = account.positions()

    account.on_mark(SYMBOL, D("91.0"), 2)

    fill = account.executions()[-1]
    assert fill.price == D("91.0")
    assert fill.fee == held.margin + fill.realised == D("0.91")


def test_a_liquidation_ends_the_orders_of_the_position_and_is_told() -> None:
    account = open_account(FREE)
    account.place(market(BUY, "1"), 1)
    account.place(limit(SELL, "1", "110.0", "target", reduce_only=True), 2)
    account.place(limit(BUY, "1", "80.0", "more"), 2)
    account.place_conditional(stop(SELL, "50.0"), 2)
    account.drain()

    account.on_mark(SYMBOL, D(90), 3)

    events = account.drain()
    assert [change for name, change in order_changes(events) if name.startswith("autoclose-")] == [
        OrderChange.NEW,
        OrderChange.LIQUIDATED,
    ]
    assert account.open_orders() == []
    assert account.open_conditionals() == []
    target = account.find_order(SYMBOL, client_id="target")
    assert target is not None
    assert (target.state, target.end_reason) == (OrderState.EXPIRED, EndReason.LIQUIDATED)
    (told,) = [event for event in events if isinstance(event, PositionLiquidated)]
    assert (told.position.direction, told.mark) == (LONG, D(90))
    assert balance_changes(events)[-1].reason is BalanceReason.LIQUIDATION
    assert [fill_of(each).is_liquidation for each in account.executions()] == [False, True]


def test_a_stop_before_the_liquidation_price_goes_first_when_a_mark_jumps_over_both() -> None:
    account = open_account(FREE)
    account.place(market(BUY, "1"), 1)
    account.place_conditional(stop(SELL, "95.0", "1"), 2)

    account.on_mark(SYMBOL, D(80), 3)

    assert account.executions()[-1].ticket.client_id == "s"
    assert account.positions() == []


def test_funding_that_eats_the_margin_liquidates() -> None:
    account = open_account(FREE)
    account.place(market(BUY, "1"), 1)

    account.on_funding(SYMBOL, D("0.095"), D(100), 2)

    assert account.positions() == []
