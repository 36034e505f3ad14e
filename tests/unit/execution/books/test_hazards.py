"""What has cost others money: exits that come to nothing, prices nobody knows, orders sent late."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.directions import Direction
from domain.errors import Refusal
from domain.intents import EntryStyle
from domain.orders import Order, OrderKind, OrderRole, OrderState
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.books.absorbing import absorb_absence, absorb_fills, absorb_refusal
from engine.execution.books.wishes import wish_close
from engine.execution.desk.entering import send_unsent
from engine.execution.values import Moves, Sight
from engine.ports.broker import Quote
from tests.unit.execution.books.trades import (
    PARAMETERS,
    START,
    entered_books,
    filled,
    make_books,
    make_fill,
    make_sight,
    open_books,
    order_of,
    plan,
    report,
)


@pytest.mark.parametrize("state", [OrderState.EXPIRED, OrderState.CANCELLED])
@pytest.mark.parametrize("quantity", ["0", "0.4"])
def test_what_a_fired_stop_could_not_close_in_a_thin_book_is_closed_at_once(
    state: OrderState, quantity: str
) -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    books = report(books, stop, OrderState.TRIGGERED, engine_id=f"e-{stop.client_id}")
    if quantity == "0":
        books = report(books, stop, state, engine_id=f"e-{stop.client_id}")
    else:
        books = filled(books, stop, "98.40", quantity=quantity, state=state)
    moves = plan(books, make_sight(30, "98.30"))
    assert [(o.role, o.request.kind, o.request.quantity) for o in moves.place] == [
        (OrderRole.CLOSE, OrderKind.MARKET, Decimal(1) - Decimal(quantity))
    ]
    assert moves.books.position.close_reason is CloseReason.STOPPED


def test_a_stop_that_fired_and_of_which_nothing_more_is_heard_is_not_waited_for() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    told = report(books, stop, OrderState.TRIGGERED, seconds=100, engine_id="e-1")
    assert plan(told, make_sight(104, "98.30")).place == ()
    moves = plan(told, make_sight(105, "98.30"))
    assert [order.role for order in moves.place] == [OrderRole.CLOSE]
    assert moves.books.position.close_reason is CloseReason.UNPROTECTED


def test_a_stop_that_was_taken_away_before_it_fired_is_put_back_and_closes_nothing() -> None:
    books = open_books()
    books = report(books, order_of(books, OrderRole.STOP), OrderState.CANCELLED)
    moves = plan(books, make_sight(30, "100"))
    assert [order.request.kind for order in moves.place] == [OrderKind.STOP]


def _refused_closings(books: PositionBooks, times: int) -> PositionBooks:
    for number in range(times):
        now = 60 + number * 1000
        books = plan(books, make_sight(now, "100")).books
        close = order_of(books, OrderRole.CLOSE)
        at = START + timedelta(seconds=now)
        books = absorb_refusal(books, close.client_id, Refusal.OTHER, "busy", at)
    return books


def test_a_closing_order_that_is_refused_often_is_tried_again_within_seconds_all_the_same() -> None:
    books = _refused_closings(wish_close(open_books(), CloseReason.BY_TRADER), 50)
    last = order_of(books, OrderRole.CLOSE).created_at
    moves = plan(books, replace(make_sight(), now=last + timedelta(seconds=10)))
    assert [order.role for order in moves.place] == [OrderRole.CLOSE]


def test_targets_that_may_stand_in_the_way_of_a_refused_closing_are_cancelled_the_stop_stays() -> (
    None
):
    books = _refused_closings(wish_close(open_books(), CloseReason.BY_TRADER), 1)
    moves = plan(books, make_sight(60, "100"))
    assert [order.role for order in moves.cancel] == [OrderRole.TARGET] * 3
    assert order_of(moves.books, OrderRole.STOP).state is OrderState.RESTING


def _looked_at(age_seconds: float | None) -> Sight:
    if age_seconds is None:
        return make_sight(price=None)
    price = Decimal(100)
    return make_sight(quote=Quote(bid=price, ask=price, age_seconds=age_seconds))


@pytest.mark.parametrize("age_seconds", [None, 5.1])
@pytest.mark.parametrize("style", [EntryStyle.MARKET, EntryStyle.POST_ONLY])
def test_nothing_is_entered_at_a_price_that_nobody_knows(
    style: EntryStyle, age_seconds: float | None
) -> None:
    assert plan(make_books(style=style), _looked_at(age_seconds)).place == ()


def test_a_limit_is_sent_without_a_price_for_it_names_its_own() -> None:
    assert len(plan(make_books(style=EntryStyle.LIMIT), _looked_at(None)).place) == 1


def test_an_entry_is_not_lost_before_its_newest_request_can_no_more_arrive() -> None:
    books = plan(make_books(), make_sight(price="100")).books
    entry = order_of(books, OrderRole.ENTRY)
    sent_by = START + timedelta(seconds=30)

    def told(seconds: float) -> OrderState:
        at = START + timedelta(seconds=seconds)
        found = absorb_absence(books, entry.client_id, at, PARAMETERS, sent_by=sent_by)
        return order_of(found, OrderRole.ENTRY).state

    assert told(35) is OrderState.SENDING
    assert told(36) is OrderState.LOST


@pytest.mark.parametrize(
    ("held", "expected"),
    [(None, OrderState.SENDING), ("0.2", OrderState.SENDING), ("0", OrderState.LOST)],
    ids=["nobody has looked", "something is held", "nothing is held"],
)
def test_an_entry_is_lost_only_where_nothing_is_held(
    held: str | None, expected: OrderState
) -> None:
    books = plan(make_books(), make_sight(price="100")).books
    name, at = books.orders[0].client_id, START + timedelta(seconds=6)
    seen = None if held is None else Decimal(held)
    found = absorb_absence(books, name, at, PARAMETERS, held=seen)
    assert found.orders[0].state is expected


def test_a_fill_that_an_entry_may_have_made_keeps_it_from_being_lost() -> None:
    books = plan(make_books(), make_sight(price="100")).books
    entry, at = books.orders[0], START + timedelta(seconds=6)
    books = absorb_fills(books, [make_fill(entry, "1", "100", trade="1", seconds=1)])
    found = absorb_absence(books, entry.client_id, at, PARAMETERS)
    assert found.orders[0].state is OrderState.SENDING
    exit_fill = make_fill(None, "1", "100", trade="2", seconds=1, books=books)
    only_left = absorb_fills(replace(books, fills=()), [exit_fill])
    lost = absorb_absence(only_left, entry.client_id, at, PARAMETERS)
    assert lost.orders[0].state is OrderState.LOST


def _resent(order_books: PositionBooks, order: Order, seconds: float, *, may_enter: bool) -> Moves:
    moves = Moves(books=order_books, ask=(order,))
    sight = make_sight(seconds, price="100")
    return send_unsent(moves, {order.client_id}, sight, PARAMETERS, may_enter=may_enter)


def test_an_entry_that_did_not_leave_is_sent_again_only_at_once_and_only_where_it_may() -> None:
    books = plan(make_books(), make_sight(price="100")).books
    entry = order_of(books, OrderRole.ENTRY)
    assert len(_resent(books, entry, 5, may_enter=True).resend) == 1
    assert _resent(books, entry, 6, may_enter=True).ask == (entry,)
    assert _resent(books, entry, 5, may_enter=False).ask == (entry,)


def test_a_stop_that_did_not_leave_is_sent_again_whenever_that_may_be() -> None:
    books = plan(entered_books()).books
    stop = order_of(books, OrderRole.STOP)
    moves = _resent(books, stop, 3600, may_enter=False)
    assert [order.client_id for order in moves.resend] == [stop.client_id]


@pytest.mark.parametrize("direction", list(Direction))
def test_a_price_that_leaps_moves_a_stop_at_most_once_and_never_back(direction: Direction) -> None:
    books = open_books(direction)
    for rung in (1, 2):
        target = order_of(books, OrderRole.TARGET, rung)
        books = filled(books, target, target.request.price or Decimal(0))
    stops = []
    for price in ("103.9", "200", "50", "104"):
        at = Decimal(price) if direction is Direction.LONG else 200 - Decimal(price)
        books = plan(books, make_sight(60, str(max(at, Decimal("0.01"))))).books
        stops.append(books.position.stop * direction.sign)
    assert stops == sorted(stops)
    assert books.position.state is PositionState.OPEN
