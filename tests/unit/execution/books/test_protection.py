"""The stop: never missing, never doubled, new before old; and what happens where it cannot be."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.directions import Direction
from domain.errors import Refusal
from domain.orders import OrderRole, OrderState, Side
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.books.absorbing import absorb_absence, absorb_fills, absorb_refusal
from engine.execution.books.wishes import wish_close
from engine.execution.values import NewsKind
from tests.unit.execution.books.trades import (
    PARAMETERS,
    START,
    all_rest,
    at_price,
    entered_books,
    filled,
    make_books,
    make_fill,
    make_held,
    make_report,
    make_sight,
    open_books,
    order_of,
    plan,
    report,
)

BOTH = pytest.mark.parametrize("direction", list(Direction))


@BOTH
def test_first_target_moves_the_stop_to_break_even_and_keeps_the_old_one_until_then(
    direction: Direction,
) -> None:
    books = open_books(direction)
    target = order_of(books, OrderRole.TARGET, 1)
    moves = plan(
        filled(books, target, target.request.price or Decimal(0), seconds=60), make_sight(60)
    )
    (stop,) = moves.place
    assert stop.request.trigger == books.position.plan.break_even
    assert stop.request.quantity == Decimal("0.6")
    assert moves.cancel == ()
    assert [(news.kind, news.rung) for news in moves.news] == [(NewsKind.TARGET_FILLED, 1)]
    after = plan(all_rest(moves.books), make_sight(61))
    assert [order.client_id for order in after.cancel] == ["qabcdef-7-s0-1"]
    assert [news.kind for news in after.news] == [NewsKind.STOP_MOVED]
    end = plan(all_rest(after.books), make_sight(62))
    assert end.books == all_rest(after.books)


@BOTH
@pytest.mark.parametrize(
    ("paid", "expected"),
    [("100.40", "100.52"), ("100.403", "100.53"), ("99.60", "99.72"), ("98", "100.12")],
    ids=["worse", "between ticks", "better", "beyond the stop"],
)
def test_break_even_is_that_of_the_price_that_was_paid(
    direction: Direction, paid: str, expected: str
) -> None:
    books = plan(make_books(direction)).books
    books = filled(books, order_of(books, OrderRole.ENTRY), at_price(direction, paid))
    books = all_rest(plan(all_rest(plan(books).books)).books)
    target = order_of(books, OrderRole.TARGET, 1)
    moves = plan(filled(books, target, target.request.price or Decimal(0)))
    assert moves.books.position.stop == at_price(direction, expected)
    assert [stop.request.trigger for stop in moves.place] == [at_price(direction, expected)]


@BOTH
@pytest.mark.parametrize("paid", ["102.20", "102.60"], ids=["costs beyond it", "paid beyond it"])
def test_stop_goes_no_further_than_the_first_target_where_break_even_lies_beyond_it(
    direction: Direction, paid: str
) -> None:
    books = plan(make_books(direction)).books
    books = filled(books, order_of(books, OrderRole.ENTRY), at_price(direction, paid))
    books = all_rest(plan(all_rest(plan(books).books)).books)
    target = order_of(books, OrderRole.TARGET, 1)
    moves = plan(filled(books, target, target.request.price or Decimal(0)))
    assert moves.books.position.stop == at_price(direction, "102.25")


def test_break_even_is_the_plans_while_fills_of_the_entry_are_owed() -> None:
    books = plan(make_books()).books
    entry = order_of(books, OrderRole.ENTRY)
    books = report(books, entry, OrderState.FILLED, filled="1")
    books = all_rest(plan(all_rest(plan(books).books)).books)
    target = order_of(books, OrderRole.TARGET, 1)
    reached = plan(filled(books, target, "102.25"))
    assert reached.books.position.stop == Decimal("100.12")


def test_what_is_added_by_hand_does_not_move_break_even() -> None:
    books = open_books()
    books = plan(filled(books, order_of(books, OrderRole.TARGET, 1), "102.25")).books
    added = make_fill(None, "5", "102.20", trade="hand", seconds=1, books=books)
    books = absorb_fills(all_rest(books), [replace(added, side=Side.BUY)])
    assert plan(books).books.position.stop == Decimal("100.12")


def test_old_stop_stays_while_the_fate_of_the_new_one_is_unknown() -> None:
    books = open_books()
    books = plan(filled(books, order_of(books, OrderRole.TARGET, 1), "102.25")).books
    moves = plan(books)
    assert moves.cancel == ()
    assert [order.attempt for order in moves.ask if order.role is OrderRole.STOP] == [2]


def test_second_target_moves_the_stop_to_the_better_of_first_target_and_trail() -> None:
    books = _after_two_targets()
    assert books.position.stop == Decimal("102.75")
    assert books.position.extreme == Decimal("103.75")


@pytest.mark.parametrize(
    ("price", "stop"), [("103.84", "102.75"), ("103.85", "102.85"), ("104.567", "103.56")]
)
def test_stop_trails_the_best_price_in_steps_and_is_rounded_to_the_safe_side(
    price: str, stop: str
) -> None:
    moves = plan(_after_two_targets(), make_sight(70, price))
    assert moves.books.position.stop == Decimal(stop)


def test_trailing_stop_never_moves_back() -> None:
    books = plan(_after_two_targets(), make_sight(70, "105")).books
    moves = plan(books, make_sight(71, "104.2"))
    assert moves.books.position.stop == Decimal("104.00")


def test_stop_that_would_trigger_at_once_closes_at_market_as_stopped() -> None:
    books = plan(entered_books()).books
    name = order_of(books, OrderRole.STOP).client_id
    books = absorb_refusal(books, name, Refusal.WOULD_TRIGGER, "-2021", START)
    assert books.position.state is PositionState.CLOSING
    assert books.position.close_reason is CloseReason.STOPPED
    assert [o.role for o in plan(books).place] == [OrderRole.CLOSE]


def test_break_even_that_would_trigger_at_once_closes_at_market_while_the_old_stop_rests() -> None:
    books = open_books()
    books = plan(filled(books, order_of(books, OrderRole.TARGET, 1), "102.25")).books
    name = order_of(books, OrderRole.STOP).client_id
    books = absorb_refusal(books, name, Refusal.WOULD_TRIGGER, "-2021", START)
    moves = plan(books)
    assert books.position.close_reason is CloseReason.BREAKEVEN
    assert [(o.role, o.request.quantity) for o in moves.place] == [
        (OrderRole.CLOSE, Decimal("0.6"))
    ]
    assert moves.cancel == ()


def test_refused_stop_closes_at_market_and_is_told() -> None:
    books = plan(entered_books()).books
    name = order_of(books, OrderRole.STOP).client_id
    moves = plan(absorb_refusal(books, name, Refusal.TOO_MANY, "too many orders", START))
    assert [order.role for order in moves.place] == [OrderRole.CLOSE]
    assert moves.books.position.close_reason is CloseReason.UNPROTECTED
    assert [(news.kind, news.text) for news in moves.news] == [
        (NewsKind.UNPROTECTED, "the stop was refused: too many orders")
    ]


def test_refused_move_of_a_stop_keeps_the_old_one_and_is_tried_again_after_a_pause() -> None:
    books = open_books()
    books = plan(filled(books, order_of(books, OrderRole.TARGET, 1), "102.25")).books
    name = order_of(books, OrderRole.STOP).client_id
    books = absorb_refusal(books, name, Refusal.OTHER, "busy", START)
    assert plan(books, make_sight(0.9)).books == books
    assert [order.attempt for order in plan(books, make_sight(1)).place] == [3]


def test_stop_not_confirmed_in_time_closes_at_market() -> None:
    books = plan(entered_books()).books
    assert plan(books, make_sight(4.9)).place == ()
    moves = plan(books, make_sight(5))
    assert [order.role for order in moves.place] == [OrderRole.CLOSE]
    assert [news.kind for news in moves.news] == [NewsKind.UNPROTECTED]


def test_time_switched_off_and_slow_requests_do_not_count_as_the_venues_silence() -> None:
    books = plan(entered_books()).books
    back = START + timedelta(minutes=10)
    assert plan(books, make_sight(604, watching_since=back)).place == ()
    assert plan(books, make_sight(605, watching_since=back)).place
    assert plan(books, make_sight(9, patience=2.0)).place == ()


def test_stop_the_venue_does_not_know_is_sent_again_at_once_under_its_name() -> None:
    books = plan(entered_books()).books
    stop = order_of(books, OrderRole.STOP)
    books = absorb_absence(books, stop.client_id, START + timedelta(seconds=0.1), PARAMETERS)
    moves = plan(books, make_sight(0.1))
    assert [order.request for order in moves.resend] == [stop.request]
    assert plan(moves.books, make_sight(0.2)).resend == ()
    assert [o.client_id for o in plan(moves.books, make_sight(0.2)).ask] == [stop.client_id]


def test_duplicate_name_means_that_the_first_attempt_is_live() -> None:
    books = plan(entered_books()).books
    stop = order_of(books, OrderRole.STOP)
    books = absorb_refusal(books, stop.client_id, Refusal.DUPLICATE_ID, "-4116", START)
    moves = plan(books)
    assert [order.client_id for order in moves.ask] == [stop.client_id]
    assert moves.place == moves.resend == ()


def test_refusal_of_what_was_sent_twice_proves_nothing() -> None:
    books = plan(entered_books()).books
    name = order_of(books, OrderRole.STOP).client_id
    at = START + timedelta(seconds=0.1)
    books = plan(absorb_absence(books, name, at, PARAMETERS), make_sight(0.1)).books
    books = absorb_refusal(books, name, Refusal.NOTHING_TO_REDUCE, "-2022", at)
    assert order_of(books, OrderRole.STOP).state is OrderState.SENDING
    assert [order.client_id for order in plan(books, make_sight(0.2)).ask] == [name]


def test_stop_removed_on_the_exchange_is_put_back_and_told() -> None:
    books = open_books()
    books = report(books, order_of(books, OrderRole.STOP), OrderState.CANCELLED)
    moves = plan(books)
    assert [(o.role, o.attempt) for o in moves.place] == [(OrderRole.STOP, 2)]
    assert [news.kind for news in moves.news] == [NewsKind.CHANGED_BY_HAND]


@pytest.mark.parametrize(("quantity", "put_back"), [("1", 0), ("0.5", 1)])
def test_stop_of_the_traders_own_is_respected_where_it_covers_the_position(
    quantity: str, put_back: int
) -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    books = report(books, stop, OrderState.CANCELLED)
    own = replace(make_report(stop, OrderState.RESTING), quantity=Decimal(quantity))
    assert len(plan(books, make_sight(foreign_stops=(own,))).place) == put_back


def test_stop_that_fired_is_asked_about_and_not_replaced() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    books = report(books, stop, OrderState.TRIGGERED, engine_id="e1")
    moves = plan(books)
    assert moves.place == ()
    assert [order.client_id for order in moves.ask] == [stop.client_id]


def test_stop_the_venue_lost_is_missed_only_when_it_is_not_brand_new() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    early = absorb_absence(books, stop.client_id, START + timedelta(seconds=5), PARAMETERS)
    assert early == books
    late = absorb_absence(books, stop.client_id, START + timedelta(seconds=6), PARAMETERS)
    assert [order.role for order in plan(late).place] == [OrderRole.STOP]


def test_nothing_held_is_not_an_unprotected_position() -> None:
    books = plan(entered_books()).books
    name = order_of(books, OrderRole.STOP).client_id
    books = absorb_refusal(books, name, Refusal.NOTHING_TO_REDUCE, "-2022", START)
    moves = plan(books, make_sight(is_held_known=True))
    assert moves.place == ()
    assert moves.books.position.close_reason is CloseReason.BY_HAND
    assert [news.kind for news in moves.news] == [NewsKind.CLOSED]
    held = plan(books, make_sight(is_held_known=True, held=make_held(books, "1")))
    assert held.books.position.close_reason is CloseReason.UNPROTECTED


def _after_two_targets() -> PositionBooks:
    books = open_books()
    for rung, price in ((1, "102.25"), (2, "103.75")):
        books = filled(books, order_of(books, OrderRole.TARGET, rung), price, seconds=60)
    moves = plan(books, make_sight(60))
    assert [news.rung for news in moves.news] == [1, 2]
    return all_rest(plan(all_rest(moves.books), make_sight(61)).books)


def test_every_order_is_asked_about_while_venue_and_books_disagree() -> None:
    books = open_books()
    moves = plan(books, make_sight(held=make_held(books, "0.6"), is_held_known=True))
    assert {order.role for order in moves.ask} == {OrderRole.STOP, OrderRole.TARGET}
    assert moves.books == books


def test_stop_that_is_not_needed_any_more_is_asked_about_and_not_sent_again() -> None:
    books = plan(entered_books()).books
    name = order_of(books, OrderRole.STOP).client_id
    books = wish_close(absorb_absence(books, name, START, PARAMETERS), CloseReason.BY_TRADER)
    moves = plan(books)
    assert moves.resend == ()
    assert [order.client_id for order in moves.ask] == [name]


def test_order_under_a_name_that_was_taken_is_not_sent_again_when_it_is_not_found() -> None:
    books = plan(entered_books()).books
    name = order_of(books, OrderRole.STOP).client_id
    books = absorb_refusal(books, name, Refusal.DUPLICATE_ID, "-4116", START)
    assert plan(absorb_absence(books, name, START, PARAMETERS)).resend == ()
