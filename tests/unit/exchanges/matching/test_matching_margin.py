"""Margin: what orders and positions take, what is free, and what leverage allows."""

import pytest

from domain.accounts import PositionMode
from domain.errors import Refusal
from exchanges.matching.refusals import Cause, RuleBrokenError
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    LONG,
    SELL,
    SYMBOL,
    D,
    limit,
    market,
    open_account,
    stop,
    terms,
)

FREE = terms(maker_fee=D(0), taker_fee=D(0))


def test_a_position_takes_its_notional_over_leverage() -> None:
    account = open_account(FREE)

    account.place(market(BUY, "5"), 1)

    held = account.position(SYMBOL, LONG)
    assert held is not None
    assert held.margin == D("50.05")
    assert account.standing().available == D("9949.95")


def test_an_order_that_needs_more_than_is_free_is_refused() -> None:
    account = open_account(FREE, wallet=D(100))

    with pytest.raises(RuleBrokenError) as refused:
        account.place(limit(BUY, "10.1", "99.9"), 1)
    account.place(limit(BUY, "10", "99.9"), 1)

    assert refused.value.refusal is Refusal.MARGIN
    assert account.standing().available == D("0.1")


def test_open_orders_reserve_and_cancelled_ones_give_back() -> None:
    account = open_account(FREE, wallet=D(100))
    account.place(limit(BUY, "6", "99.9", "a"), 1)

    with pytest.raises(RuleBrokenError, match="not enough margin"):
        account.place(limit(BUY, "6", "99.9", "b"), 2)
    account.cancel(SYMBOL, 3, client_id="a")

    assert account.standing().available == 100


def test_of_both_sides_only_the_larger_need_counts() -> None:
    account = open_account(FREE, wallet=D(100))

    account.place(limit(BUY, "5", "99.0", "a"), 1)
    account.place(limit(SELL, "6", "101.0", "b"), 1)

    assert account.standing().available == 100 - D("60.6")


def test_an_order_that_closes_first_needs_margin_only_for_the_rest() -> None:
    account = open_account(FREE, wallet=D(100))
    account.place(market(BUY, "4"), 1)

    account.place(limit(SELL, "9", "101.0"), 2)

    assert account.standing().available == 100 - D("40.04") - D("50.5")


def test_a_loss_that_an_order_would_begin_with_is_part_of_its_cost() -> None:
    account = open_account(FREE)
    account.on_mark(SYMBOL, D(98), 1)

    account.place(limit(BUY, "1", "100.0"), 2)

    assert account.standing().available == 10_000 - D(10) - D(2)


def test_losses_of_a_position_do_not_touch_what_is_free() -> None:
    account = open_account(FREE)
    account.place(market(BUY, "5"), 1)

    account.on_mark(SYMBOL, D("98.1"), 2)

    standing = account.standing()
    assert standing.available == D("9949.95")
    assert standing.equity == 9_990


def test_closing_a_part_gives_back_its_part_of_the_margin() -> None:
    account = open_account(FREE)
    account.place(market(BUY, "4"), 1)

    account.place(market(SELL, "1", reduce_only=True), 2)

    held = account.position(SYMBOL, LONG)
    assert held is not None
    assert held.margin == D("30.03")
    assert held.realised == D("-0.2")


def test_a_position_above_the_bracket_of_its_leverage_is_refused() -> None:
    account = open_account(FREE, wallet=D(1_000_000), leverage=20)
    account.place(limit(BUY, "400", "99.0", "a"), 1)

    with pytest.raises(RuleBrokenError) as refused:
        account.place(limit(BUY, "110", "99.0", "b"), 2)
    account.set_leverage(SYMBOL, 10)
    account.place(limit(BUY, "110", "99.0", "b"), 3)

    assert refused.value.refusal is Refusal.TOO_LARGE
    assert refused.value.cause is Cause.ABOVE_BRACKET


def test_setting_the_same_leverage_again_says_so() -> None:
    account = open_account()

    assert account.set_leverage(SYMBOL, 5)
    assert not account.set_leverage(SYMBOL, 5)
    assert account.leverage(SYMBOL) == 5


@pytest.mark.parametrize("leverage", [0, 21])
def test_leverage_out_of_range_is_refused(leverage: int) -> None:
    with pytest.raises(RuleBrokenError, match="leverage out of range"):
        open_account().set_leverage(SYMBOL, leverage)


def test_leverage_of_an_open_position_can_only_be_raised() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)

    with pytest.raises(RuleBrokenError, match="cannot be lowered"):
        account.set_leverage(SYMBOL, 9)
    account.set_leverage(SYMBOL, 11)

    held = account.position(SYMBOL, LONG)
    assert held is not None
    assert held.leverage == 11


def test_leverage_above_what_the_size_allows_is_refused() -> None:
    account = open_account(FREE, wallet=D(100_000))
    account.on_book(SYMBOL, [(D("99.9"), D(1000))], [(D("100.0"), D(1000))], 1)
    account.place(market(BUY, "600"), 2)

    with pytest.raises(RuleBrokenError) as refused:
        account.set_leverage(SYMBOL, 20)

    assert refused.value.refusal is Refusal.TOO_LARGE


def test_lower_leverage_that_open_orders_cannot_afford_is_refused() -> None:
    account = open_account(FREE, wallet=D(100))
    account.place(limit(BUY, "10", "99.0"), 1)

    with pytest.raises(RuleBrokenError, match="not enough margin"):
        account.set_leverage(SYMBOL, 5)

    assert account.leverage(SYMBOL) == 10


def test_orders_on_cross_margin_are_refused_until_it_is_isolated() -> None:
    account = open_account(starts_isolated=False)
    with pytest.raises(RuleBrokenError) as refused:
        account.place(market(BUY, "1"), 1)

    assert account.set_isolated(SYMBOL, True)
    assert not account.set_isolated(SYMBOL, True)
    account.place(market(BUY, "1"), 2)

    assert refused.value.cause is Cause.NOT_ISOLATED


def test_margin_type_and_position_mode_stay_while_anything_is_open() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    with pytest.raises(RuleBrokenError, match="not while a position is open"):
        account.set_isolated(SYMBOL, False)
    account.place_conditional(stop(SELL, "95.0", "1"), 2)
    with pytest.raises(RuleBrokenError, match="not while orders are open"):
        account.set_position_mode(PositionMode.HEDGE)


def test_a_deposit_is_told() -> None:
    account = open_account()

    account.deposit(D(-500), 1)

    assert account.wallet == 9_500
    assert len(account.drain()) == 1
