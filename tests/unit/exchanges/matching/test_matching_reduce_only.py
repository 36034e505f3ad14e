"""Reduce-only orders: refused, shrunk and expired with the position they belong to."""

import pytest

from domain.errors import Refusal
from domain.orders import OrderState
from exchanges.matching.events import OrderChange
from exchanges.matching.records import EndReason
from exchanges.matching.refusals import RuleBrokenError
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    LONG,
    SELL,
    SHORT,
    SYMBOL,
    D,
    limit,
    market,
    open_account,
    order_changes,
    terms,
)


def test_with_nothing_to_reduce_it_is_refused() -> None:
    account = open_account()

    with pytest.raises(RuleBrokenError) as refused:
        account.place(market(SELL, "1", reduce_only=True), 1)

    assert refused.value.refusal is Refusal.NOTHING_TO_REDUCE


def test_on_the_enlarging_side_it_is_refused() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)

    with pytest.raises(RuleBrokenError) as refused:
        account.place(market(BUY, "1", reduce_only=True), 2)

    assert refused.value.refusal is Refusal.NOTHING_TO_REDUCE


def test_it_never_flips_a_position() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)

    order = account.place(market(SELL, "3", reduce_only=True), 2)

    assert order.state is OrderState.FILLED
    assert order.quantity == order.filled_quantity == 1
    assert account.positions() == []


def test_without_it_a_larger_order_flips_the_position() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)

    account.place(market(SELL, "3"), 2)

    (held,) = account.positions()
    assert (held.direction, held.quantity) == (SHORT, D(2))
    assert held.entry_price == D("99.9")


def test_resting_ones_shrink_with_the_position() -> None:
    account = open_account()
    account.place(market(BUY, "4"), 1)
    account.place(limit(SELL, "3", "101.0", "target", reduce_only=True), 2)
    account.drain()

    account.place(market(SELL, "2.5", "part", reduce_only=True), 3)

    (target,) = account.open_orders()
    assert target.quantity == D("1.5")
    assert ("target", OrderChange.SHRUNK) in order_changes(account.drain())


def test_resting_ones_expire_when_the_position_closes() -> None:
    account = open_account()
    account.place(market(SELL, "4"), 1)
    account.place(limit(BUY, "1", "99.0", "one", reduce_only=True), 2)
    account.place(limit(BUY, "1", "98.0", "two", reduce_only=True), 2)
    account.place(limit(BUY, "1", "97.0", "entry"), 2)

    account.place(market(BUY, "4", "close", reduce_only=True), 3)

    assert [each.ticket.client_id for each in account.open_orders()] == ["entry"]
    expired = account.find_order(SYMBOL, client_id="one")
    assert expired is not None
    assert expired.state is OrderState.EXPIRED
    assert expired.end_reason is EndReason.REDUCE_ONLY


def test_resting_ones_expire_when_the_position_flips() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    account.place(limit(SELL, "1", "101.0", "target", reduce_only=True), 2)

    account.place(market(SELL, "2"), 3)

    assert account.open_orders() == []


def test_targets_that_fill_one_after_another_close_the_position_exactly() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    for name, quantity, price in (
        ("a", "0.4", "101.0"),
        ("b", "0.4", "102.0"),
        ("c", "0.4", "103.0"),
    ):
        account.place(limit(SELL, quantity, price, name, reduce_only=True), 2)

    account.on_trade(SYMBOL, D(104), D(1), True, 3)

    assert account.positions() == []
    filled = [(each.ticket.client_id, each.quantity) for each in account.executions()[1:]]
    assert filled == [("a", D("0.4")), ("b", D("0.4")), ("c", D("0.2"))]


def test_it_is_exempt_from_the_minimum_notional_and_needs_no_margin() -> None:
    account = open_account(terms(taker_fee=D(0)), wallet=D("10.01"))
    account.place(market(BUY, "1"), 1)
    assert account.standing().available == 0

    order = account.place(market(SELL, "0.001", "tiny", reduce_only=True), 2)

    assert order.state is OrderState.FILLED
    held = account.position(SYMBOL, LONG)
    assert held is not None
    assert held.quantity == D("0.999")
