"""Limit and post-only orders: what crosses is taken, the rest waits."""

import pytest

from domain.errors import Refusal
from domain.orders import OrderKind, OrderState
from exchanges.matching.account import TradingAccount
from exchanges.matching.refusals import RuleBrokenError
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    SELL,
    SYMBOL,
    D,
    account_terms,
    limit,
    market,
    open_account,
    show,
    terms,
)


def test_what_crosses_is_taken_and_the_rest_waits_at_its_price() -> None:
    account = open_account()

    order = account.place(limit(BUY, "6", "100.1"), 1)

    assert order.state is OrderState.RESTING
    assert order.filled_quantity == 5
    assert not account.executions()[0].is_maker
    assert order.ahead == 0


def test_a_trade_beyond_its_price_fills_it_whole_at_its_price_as_maker() -> None:
    account = open_account(terms(maker_fee=D("0.0002")))
    account.place(limit(BUY, "3", "99.9"), 1)

    account.on_trade(SYMBOL, D("99.8"), D("0.001"), False, 2)

    (fill,) = account.executions()
    assert (fill.price, fill.quantity, fill.is_maker) == (D("99.9"), D(3), True)
    assert fill.fee == D("0.05994")
    assert account.open_orders() == []


def test_a_book_that_comes_to_its_price_fills_as_much_as_it_shows() -> None:
    account = open_account()
    account.place(limit(BUY, "3", "99.5"), 1)

    account.on_book(SYMBOL, [(D("99.3"), D(1))], [(D("99.4"), D(2)), (D("99.6"), D(5))], 2)

    (fill,) = account.executions()
    assert (fill.price, fill.quantity, fill.is_maker) == (D("99.5"), D(2), True)


def test_a_trade_short_of_its_price_fills_nothing() -> None:
    account = open_account()
    account.place(limit(SELL, "1", "100.3"), 1)

    account.on_trade(SYMBOL, D("100.2"), D(100), True, 2)

    assert account.executions() == []


def test_what_the_market_did_before_it_arrived_does_not_fill_it() -> None:
    account = open_account()
    account.place(limit(BUY, "1", "99.9"), 10)

    account.on_trade(SYMBOL, D("99.5"), D(1), False, 9)
    account.on_book(SYMBOL, [(D(98), D(1))], [(D(99), D(1))], 9)

    assert account.executions() == []


def test_post_only_that_would_take_is_refused() -> None:
    account = open_account()

    with pytest.raises(RuleBrokenError) as refused:
        account.place(limit(BUY, "1", "100.1", kind=OrderKind.POST_ONLY), 1)

    assert refused.value.refusal is Refusal.WOULD_TAKE
    assert account.open_orders() == []


def test_post_only_inside_the_spread_waits() -> None:
    account = open_account()

    order = account.place(limit(SELL, "1", "100.0", kind=OrderKind.POST_ONLY), 1)

    assert order.state is OrderState.RESTING
    assert order.ahead == 0


def test_a_limit_order_before_the_first_book_waits() -> None:
    account = TradingAccount(account_terms(), [terms()])

    order = account.place(limit(BUY, "1", "99.9"), 1)
    show(account, 2)

    assert order.ahead is None
    assert account.open_orders()[0].ahead == 5


def test_a_cancelled_order_is_gone_but_known() -> None:
    account = open_account()
    account.place(limit(BUY, "1", "99.0", "a"), 1)

    account.cancel(SYMBOL, 2, client_id="a")

    assert account.open_orders() == []
    found = account.find_order(SYMBOL, client_id="a")
    assert found is not None
    assert found.state is OrderState.CANCELLED


def test_cancelling_twice_says_unknown_order() -> None:
    account = open_account()
    number = account.place(limit(BUY, "1", "99.0", "a"), 1).number
    account.cancel(SYMBOL, 2, number=number)

    with pytest.raises(RuleBrokenError) as refused:
        account.cancel(SYMBOL, 3, number=number)

    assert refused.value.refusal is Refusal.UNKNOWN_ORDER


def test_a_client_id_is_unique_among_open_orders_only() -> None:
    account = open_account()
    first = account.place(limit(BUY, "1", "99.0", "a"), 1)
    with pytest.raises(RuleBrokenError) as refused:
        account.place(market(BUY, "1", "a"), 2)
    account.cancel(SYMBOL, 3, client_id="a")

    second = account.place(limit(BUY, "1", "99.0", "a"), 4)

    assert refused.value.refusal is Refusal.DUPLICATE_ID
    assert second.number > first.number
    assert account.find_order(SYMBOL, client_id="a") == second


def test_more_open_orders_than_allowed_are_refused() -> None:
    account = open_account(terms(maximum_open_orders=2))
    account.place(limit(BUY, "1", "99.0", "a"), 1)
    account.place(limit(BUY, "1", "99.0", "b"), 1)

    with pytest.raises(RuleBrokenError) as refused:
        account.place(limit(BUY, "1", "99.0", "c"), 1)

    assert refused.value.refusal is Refusal.TOO_MANY
