"""Market orders: they walk what is shown, once, and end."""

import pytest

from domain.errors import Refusal
from domain.orders import OrderState
from exchanges.matching.account import TradingAccount
from exchanges.matching.records import EndReason
from exchanges.matching.refusals import Cause, RuleBrokenError
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    LONG,
    NARROW_BOOK,
    SELL,
    SHORT,
    SYMBOL,
    D,
    account_terms,
    market,
    open_account,
    show,
    terms,
)


def test_an_order_larger_than_the_first_level_walks_to_the_next() -> None:
    account = open_account()

    order = account.place(market(BUY, "7"), 1)

    assert order.state is OrderState.FILLED
    assert [(each.price, each.quantity) for each in account.executions()] == [
        (D("100.1"), D(5)),
        (D("100.2"), D(2)),
    ]
    assert order.average_price == (D("100.1") * 5 + D("100.2") * 2) / 7


def test_what_the_book_does_not_hold_expires() -> None:
    account = open_account()

    order = account.place(market(SELL, "20"), 1)

    assert order.state is OrderState.EXPIRED
    assert order.end_reason is EndReason.THIN_BOOK
    assert order.filled_quantity == 15
    held = account.position(SYMBOL, SHORT)
    assert held is not None
    assert held.quantity == 15


def test_the_same_liquidity_is_not_taken_twice_until_the_next_book() -> None:
    account = open_account()
    account.place(market(BUY, "5"), 1)

    second = account.place(market(BUY, "5"), 2)
    show(account, 3)
    third = account.place(market(BUY, "5"), 4)

    assert second.average_price == D("100.2")
    assert third.average_price == D("100.1")


def test_without_a_book_it_is_refused() -> None:
    account = TradingAccount(account_terms(), [terms()])

    with pytest.raises(RuleBrokenError) as refused:
        account.place(market(BUY, "1"), 1)

    assert refused.value.cause is Cause.NO_PRICE_NEAR_MARK
    assert refused.value.refusal is Refusal.THIN_BOOK


def test_prices_too_far_from_the_mark_are_not_taken() -> None:
    account = open_account(terms(highest_share=D("1.001")))
    account.on_mark(SYMBOL, D("100.05"), 1)

    order = account.place(market(BUY, "7"), 2)

    assert order.filled_quantity == 5
    assert order.state is OrderState.EXPIRED


def test_a_best_price_too_far_from_the_mark_refuses_it() -> None:
    account = open_account(terms(highest_share=D("1.001")))
    account.on_mark(SYMBOL, D(90), 1)

    with pytest.raises(RuleBrokenError, match="no price near the mark") as refused:
        account.place(market(BUY, "1"), 2)

    assert refused.value.refusal is Refusal.THIN_BOOK


def test_takers_pay_the_takers_fee() -> None:
    account = open_account(terms(taker_fee=D("0.0005")))

    account.place(market(BUY, "2"), 1)

    assert account.executions()[0].fee == D("0.1001")
    assert account.wallet == D(10_000) - D("0.1001")


def test_floats_of_a_feed_are_taken_exactly() -> None:
    account = open_account()
    account.on_book(SYMBOL, [(99.9, 0.3)], [(100.1, 0.1 + 0.2)], 1)

    order = account.place(market(BUY, "0.3"), 2)

    assert order.state is OrderState.FILLED
    assert order.average_price == D("100.1")


def test_a_symbol_without_terms_is_refused_and_its_market_ignored() -> None:
    account = TradingAccount(account_terms(), [terms("ETHUSDT")])
    account.on_book(SYMBOL, *NARROW_BOOK, 1)
    account.on_trade(SYMBOL, 100, 1, True, 1)
    account.on_mark(SYMBOL, 100, 1)
    account.on_funding(SYMBOL, 0.01, 100, 1)

    with pytest.raises(RuleBrokenError, match="unknown symbol"):
        account.place(market(BUY, "1"), 2)

    account.set_terms(terms())
    show(account, 3)
    account.place(market(BUY, "1"), 4)
    assert account.position(SYMBOL, LONG) is not None
