"""Taking in what the venue says: late, twice, out of order."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.directions import Direction
from domain.errors import IllegalTransitionError, NotFoundError, Refusal
from domain.intents import EntryStyle
from domain.orders import OrderRole, OrderState
from engine.execution.books.absorbing import (
    absorb_absence,
    absorb_fills,
    absorb_refusal,
    absorb_report,
)
from engine.execution.books.accounting import owed_orders
from tests.unit.execution.books.trades import (
    PARAMETERS,
    START,
    all_rest,
    make_books,
    make_fill,
    make_report,
    make_sight,
    open_books,
    order_of,
    plan,
    report,
)


def test_report_fills_in_what_is_known_of_the_order() -> None:
    books = plan(make_books()).books
    books = report(books, books.orders[0], OrderState.FILLED, filled="1")
    order = books.orders[0]
    assert (order.state, order.venue_id, order.filled_quantity) == (
        OrderState.FILLED,
        "v-qabcdef-7-e0-1",
        Decimal(1),
    )


@pytest.mark.parametrize("late", [OrderState.RESTING, OrderState.TRIGGERED])
@pytest.mark.parametrize("end", [OrderState.FILLED, OrderState.CANCELLED, OrderState.EXPIRED])
def test_word_from_before_the_end_moves_nothing_back(end: OrderState, late: OrderState) -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    ended = report(books, stop, end, filled="0.4", engine_id="e1")
    assert report(ended, stop, late, filled="0.2") == ended


def test_resting_after_it_has_fired_moves_nothing_back() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    fired = report(books, stop, OrderState.TRIGGERED, engine_id="e1")
    assert report(fired, stop, OrderState.RESTING) == fired


@pytest.mark.parametrize(
    ("state", "told"),
    [
        (OrderState.FILLED, OrderState.CANCELLED),
        (OrderState.CANCELLED, OrderState.FILLED),
        (OrderState.EXPIRED, OrderState.FILLED),
    ],
)
def test_contradiction_is_not_swallowed(state: OrderState, told: OrderState) -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    ended = report(books, stop, state)
    with pytest.raises(IllegalTransitionError):
        report(ended, stop, told)


def test_lost_order_that_turns_up_alive_is_not_swallowed() -> None:
    books = plan(make_books()).books
    name = books.orders[0].client_id
    books = absorb_absence(books, name, START + timedelta(seconds=6), PARAMETERS)
    with pytest.raises(IllegalTransitionError):
        report(books, books.orders[0], OrderState.RESTING)


def test_order_that_rested_and_is_refused_by_the_engine_has_expired() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    books = report(books, stop, OrderState.REFUSED)
    assert order_of(books, OrderRole.STOP).state is OrderState.EXPIRED


def test_order_of_somebody_else_is_not_taken_in() -> None:
    books = open_books()
    told = make_report(order_of(books, OrderRole.STOP), OrderState.RESTING)
    with pytest.raises(NotFoundError):
        absorb_report(books, "qabcdef-9-s0-1", told, START)


def test_cancelling_that_did_not_take_is_asked_for_again() -> None:
    books = all_rest(plan(make_books(style=EntryStyle.LIMIT)).books)
    books = plan(books, make_sight(60)).books
    entry = order_of(books, OrderRole.ENTRY)
    assert plan(books, make_sight(60)).cancel == ()
    stale = report(books, entry, OrderState.RESTING, seconds=59)
    assert plan(stale, make_sight(61)).cancel == ()
    books = report(books, entry, OrderState.RESTING, seconds=61)
    moves = plan(books, make_sight(61))
    assert [order.client_id for order in moves.cancel] == [entry.client_id]
    assert moves.ask == ()


def test_order_to_be_cancelled_that_the_venue_does_not_find_is_asked_about_then_gone() -> None:
    books = all_rest(plan(make_books(style=EntryStyle.LIMIT)).books)
    books = plan(books, make_sight(60)).books
    name = books.orders[0].client_id
    books = absorb_refusal(books, name, Refusal.UNKNOWN_ORDER, "-2011", START)
    assert [order.client_id for order in plan(books, make_sight(60)).ask] == [name]
    books = absorb_absence(books, name, START + timedelta(seconds=60), PARAMETERS)
    assert books.orders[0].state is OrderState.CANCELLED


def test_refusal_of_an_order_that_is_known_to_rest_changes_nothing() -> None:
    books = open_books()
    name = order_of(books, OrderRole.STOP).client_id
    assert absorb_refusal(books, name, Refusal.OTHER, "late", START) == books


def test_fill_of_the_other_leg_is_left_out() -> None:
    books = open_books()
    fill = make_fill(None, "1", "101", trade="h", seconds=20, books=books)
    assert absorb_fills(books, [replace(fill, direction=Direction.SHORT)]) is books


def test_fill_of_an_order_of_ours_is_ours_whatever_leg_is_told() -> None:
    """In one-way mode an entry that meets an opposite position closes that one."""
    books = plan(make_books()).books
    entry = order_of(books, OrderRole.ENTRY)
    books = report(books, entry, OrderState.FILLED, filled="1")
    fill = make_fill(entry, "1", "100", trade="1")
    books = absorb_fills(books, [replace(fill, direction=Direction.SHORT)])
    assert owed_orders(books) == ()


def test_fills_come_once_in_order_and_only_those_of_the_pair_since_the_beginning() -> None:
    books = open_books()
    target = order_of(books, OrderRole.TARGET, 1)
    second = make_fill(target, "0.2", "102.25", trade="10", seconds=20)
    first = make_fill(target, "0.2", "102.25", trade="9", seconds=20)
    early = make_fill(target, "0.2", "102.25", trade="3", seconds=-1)
    books = absorb_fills(books, [second, early])
    books = absorb_fills(books, [first, second, first])
    assert [fill.trade_id for fill in books.fills][1:] == ["9", "10"]
    assert absorb_fills(books, [second]) is books
