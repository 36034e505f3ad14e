"""Conditional orders: their own list, numbers and events; fired by mark or last price."""

import pytest

from domain.errors import Refusal
from domain.orders import OrderState
from exchanges.matching.records import ConditionalState
from exchanges.matching.refusals import Cause, RuleBrokenError
from exchanges.matching.tickets import ConditionalKind, WorkingPrice
from tests.unit.exchanges.matching.trading_room import (
    BUY,
    SELL,
    SYMBOL,
    D,
    conditional_states,
    limit,
    market,
    open_account,
    show,
    stop,
)

TAKE_PROFIT = ConditionalKind.TAKE_PROFIT


def test_a_stop_waits_in_a_list_of_its_own() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)

    waiting = account.place_conditional(stop(SELL, "95.0", "1"), 2)

    assert account.open_orders() == []
    assert account.open_conditionals() == [waiting]
    assert account.cancel_all(SYMBOL, 3) == []
    assert account.open_conditionals() == [waiting]


def test_a_mark_at_its_trigger_closes_the_position_at_market() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    account.place_conditional(stop(SELL, "95.0", "1"), 2)
    account.drain()

    account.on_mark(SYMBOL, D("95.0"), 3)

    assert account.positions() == []
    finished = account.find_conditional(client_id="s")
    assert finished is not None
    assert finished.state is ConditionalState.FINISHED
    assert finished.triggered_ms == 3
    engine_order = account.find_order(SYMBOL, number=finished.engine_number)
    assert engine_order is not None
    assert engine_order.conditional_number == finished.number
    assert engine_order.ticket.client_id == "s"
    assert conditional_states(account.drain()) == [
        ConditionalState.TRIGGERING,
        ConditionalState.TRIGGERED,
        ConditionalState.FINISHED,
    ]


@pytest.mark.parametrize(
    ("side", "kind", "waits_at", "fires_at"),
    [
        (SELL, ConditionalKind.STOP, "100.1", "100.0"),
        (BUY, ConditionalKind.STOP, "99.9", "100.0"),
        (SELL, TAKE_PROFIT, "99.9", "100.0"),
        (BUY, TAKE_PROFIT, "100.1", "100.0"),
    ],
)
def test_stops_fire_against_and_take_profits_for_the_position(
    side: str, kind: ConditionalKind, waits_at: str, fires_at: str
) -> None:
    account = open_account()
    account.place(market(BUY if side == SELL else SELL, "1"), 1)
    account.on_mark(SYMBOL, D(waits_at), 1)
    account.place_conditional(stop(SELL if side == SELL else BUY, "100.0", kind=kind), 2)

    account.on_mark(SYMBOL, D(waits_at), 3)
    assert account.positions() != []
    account.on_mark(SYMBOL, D(fires_at), 4)
    assert account.positions() == []


def test_one_that_would_fire_at_once_is_refused() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    account.on_mark(SYMBOL, D("95.0"), 2)

    with pytest.raises(RuleBrokenError) as refused:
        account.place_conditional(stop(SELL, "95.0", "1"), 3)

    assert refused.value.refusal is Refusal.WOULD_TRIGGER
    assert account.open_conditionals() == []


def test_the_last_price_fires_only_those_that_watch_it() -> None:
    account = open_account()
    account.place(market(BUY, "2"), 1)
    account.place_conditional(stop(SELL, "95.0", "1", "by-mark"), 2)
    account.place_conditional(stop(SELL, "95.0", "1", "by-last", working=WorkingPrice.LAST), 2)

    account.on_trade(SYMBOL, D("94.9"), D(1), False, 3)

    assert [each.ticket.client_id for each in account.open_conditionals()] == ["by-mark"]


def test_a_stop_with_nothing_to_reduce_is_rejected_when_it_fires() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    account.place_conditional(stop(SELL, "95.0", "1"), 2)
    account.place(market(SELL, "1", reduce_only=True), 3)
    assert len(account.open_conditionals()) == 1

    account.on_mark(SYMBOL, D("94.0"), 4)

    rejected = account.find_conditional(client_id="s")
    assert rejected is not None
    assert rejected.state is ConditionalState.REJECTED
    assert "nothing to reduce" in rejected.reason
    assert account.positions() == []


def test_one_that_closes_the_position_takes_all_there_is() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    account.place_conditional(stop(SELL, "95.0"), 2)
    account.place(market(BUY, "1"), 3)

    account.on_mark(SYMBOL, D("94.0"), 4)

    assert account.positions() == []


def test_one_that_closes_the_position_expires_with_it() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    account.place_conditional(stop(SELL, "95.0"), 2)

    account.place(market(SELL, "1", reduce_only=True), 3)

    expired = account.find_conditional(client_id="s")
    assert expired is not None
    assert expired.state is ConditionalState.EXPIRED


def test_a_second_one_of_the_kind_that_closes_the_position_is_refused() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    account.place_conditional(stop(SELL, "95.0"), 2)

    with pytest.raises(RuleBrokenError) as refused:
        account.place_conditional(stop(SELL, "94.0", client_id="t"), 3)
    account.place_conditional(stop(SELL, "110.0", client_id="t", kind=TAKE_PROFIT), 3)

    assert refused.value.cause is Cause.SECOND_CLOSE_POSITION


def test_a_stop_in_a_thin_book_closes_what_it_can_and_is_finished() -> None:
    account = open_account()
    account.place(market(BUY, "5"), 1)
    account.place_conditional(stop(SELL, "95.0", "5"), 2)
    account.on_book(SYMBOL, [(D("94.9"), D(2))], [(D("95.1"), D(2))], 3)

    account.on_mark(SYMBOL, D("95.0"), 4)

    finished = account.find_conditional(client_id="s")
    assert finished is not None
    assert finished.state is ConditionalState.FINISHED
    engine_order = account.find_order(SYMBOL, number=finished.engine_number)
    assert engine_order is not None
    assert engine_order.state is OrderState.EXPIRED
    assert account.positions()[0].quantity == 3


def test_a_stop_that_opens_a_position_is_asked_for_margin_when_it_fires() -> None:
    account = open_account(wallet=D(5))
    account.place_conditional(stop(BUY, "100.0", "1", reduce_only=False), 1)

    account.on_mark(SYMBOL, D("100.0"), 2)

    rejected = account.find_conditional(client_id="s")
    assert rejected is not None
    assert rejected.state is ConditionalState.REJECTED
    assert "margin" in rejected.reason


def test_a_cancelled_one_does_not_fire() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    number = account.place_conditional(stop(SELL, "95.0", "1"), 2).number

    cancelled = account.cancel_conditional(3, number=number)
    account.on_mark(SYMBOL, D("94.0"), 4)

    assert cancelled.state is ConditionalState.CANCELLED
    assert len(account.positions()) == 1
    with pytest.raises(RuleBrokenError, match="no such open order"):
        account.cancel_conditional(5, client_id="s")


def test_ids_are_unique_among_waiting_ones_and_apart_from_plain_orders() -> None:
    account = open_account()
    account.place(market(BUY, "1", "first"), 1)
    account.place(limit(BUY, "1", "99.0", "same"), 1)
    account.place_conditional(stop(SELL, "95.0", "1", "same"), 2)

    with pytest.raises(RuleBrokenError) as refused:
        account.place_conditional(stop(SELL, "94.0", "1", "same"), 3)

    assert refused.value.refusal is Refusal.DUPLICATE_ID


def test_two_hundred_of_all_symbols_are_the_most() -> None:
    account = open_account(maximum_conditionals=2)
    account.place(market(BUY, "1"), 1)
    account.place_conditional(stop(SELL, "95.0", "1", "a"), 2)
    account.place_conditional(stop(SELL, "94.0", "1", "b"), 2)

    with pytest.raises(RuleBrokenError) as refused:
        account.place_conditional(stop(SELL, "93.0", "1", "c"), 2)

    assert refused.value.refusal is Refusal.TOO_MANY
    assert len(account.cancel_all_conditionals(SYMBOL, 3)) == 2


def test_two_stops_at_once_close_the_position_and_never_flip_it() -> None:
    account = open_account()
    account.place(market(BUY, "1"), 1)
    account.place_conditional(stop(SELL, "95.0", "1", "old"), 2)
    account.place_conditional(stop(SELL, "96.0", "1", "new"), 2)
    show(account, 3)

    account.on_mark(SYMBOL, D("94.0"), 4)

    assert account.positions() == []
    states = [account.find_conditional(client_id=name) for name in ("old", "new")]
    assert [each.state for each in states if each] == [
        ConditionalState.FINISHED,
        ConditionalState.REJECTED,
    ]
