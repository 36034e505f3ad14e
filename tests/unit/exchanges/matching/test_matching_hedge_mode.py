"""Hedge mode: a long beside a short, each with its own orders."""

import pytest

from domain.accounts import PositionMode
from domain.errors import Refusal
from exchanges.matching.account import TradingAccount
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
    stop,
    terms,
)


@pytest.fixture
def hedged() -> TradingAccount:
    account = open_account(terms(maker_fee=D(0), taker_fee=D(0)), position_mode=PositionMode.HEDGE)
    account.place(market(BUY, "2", position_side=LONG), 1)
    account.place(market(SELL, "1", position_side=SHORT), 1)
    return account


def test_long_and_short_stand_side_by_side(hedged: TradingAccount) -> None:
    sizes = {each.direction: each.quantity for each in hedged.positions(SYMBOL)}

    assert sizes == {LONG: D(2), SHORT: D(1)}
    assert hedged.standing().position_mode is PositionMode.HEDGE


def test_an_order_without_a_position_side_is_refused(hedged: TradingAccount) -> None:
    with pytest.raises(RuleBrokenError) as refused:
        hedged.place(market(BUY, "1"), 2)

    assert refused.value.refusal is Refusal.WRONG_MODE


def test_the_closing_side_is_reduce_only_by_itself(hedged: TradingAccount) -> None:
    hedged.place(market(SELL, "5", position_side=LONG), 2)

    assert [each.direction for each in hedged.positions()] == [SHORT]
    with pytest.raises(RuleBrokenError) as refused:
        hedged.place(market(SELL, "1", position_side=LONG), 3)
    assert refused.value.refusal is Refusal.NOTHING_TO_REDUCE


def test_orders_follow_their_own_position_only(hedged: TradingAccount) -> None:
    hedged.place(limit(SELL, "1", "110.0", "long-target", position_side=LONG), 2)
    hedged.place(limit(BUY, "1", "90.0", "short-target", position_side=SHORT), 2)
    hedged.place_conditional(stop(BUY, "120.0", client_id="short-stop", position_side=SHORT), 2)

    hedged.place(market(SELL, "2", "close", position_side=LONG), 3)

    assert [each.ticket.client_id for each in hedged.open_orders()] == ["short-target"]
    assert [each.ticket.client_id for each in hedged.open_conditionals()] == ["short-stop"]


def test_both_directions_reserve_margin(hedged: TradingAccount) -> None:
    free = hedged.standing().available

    hedged.place(limit(BUY, "1", "99.0", "a", position_side=LONG), 2)
    hedged.place(limit(SELL, "1", "101.0", "b", position_side=SHORT), 2)

    assert hedged.standing().available == free - D("9.9") - D("10.1")


def test_the_mode_can_be_changed_on_an_empty_account_only(hedged: TradingAccount) -> None:
    with pytest.raises(RuleBrokenError, match="not while a position is open"):
        hedged.set_position_mode(PositionMode.ONE_WAY)
    hedged.place(market(SELL, "2", position_side=LONG), 2)
    hedged.place(market(BUY, "1", position_side=SHORT), 2)

    assert hedged.set_position_mode(PositionMode.ONE_WAY)
    assert not hedged.set_position_mode(PositionMode.ONE_WAY)
