"""From a confirmed intent to a protected position with its ladder of targets."""

from datetime import timedelta
from decimal import Decimal

import pytest

from domain.errors import Refusal
from domain.intents import EntryStyle, IntentState
from domain.orders import OrderKind, OrderRole, OrderState, Side
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.books.absorbing import absorb_absence, absorb_refusal
from engine.execution.values import NewsKind
from tests.unit.execution.books.trades import (
    PARAMETERS,
    START,
    all_rest,
    entered_books,
    filled,
    make_books,
    make_sight,
    open_books,
    order_of,
    plan,
    report,
)


def test_confirmed_position_gets_one_market_entry_under_a_derived_name() -> None:
    moves = plan(make_books())
    (entry,) = moves.place
    assert (entry.client_id, entry.request.kind) == ("qabcdef-7-e0-1", OrderKind.MARKET)
    assert (entry.request.side, entry.request.quantity) == (Side.BUY, Decimal(1))
    assert not entry.request.reduces
    assert entry.state is OrderState.SENDING
    assert moves.books.orders == (entry,)
    assert [news.kind for news in moves.news] == [NewsKind.SENT]


def test_entry_of_unknown_fate_is_asked_about_and_not_sent_again() -> None:
    books = plan(make_books()).books
    moves = plan(books)
    assert (moves.place, moves.resend, moves.ask) == ((), (), books.orders)
    assert moves.books == books


def test_entry_unknown_to_the_venue_is_lost_only_when_it_cannot_arrive_any_more() -> None:
    books = plan(make_books()).books
    name = books.orders[0].client_id
    early = absorb_absence(books, name, START + timedelta(seconds=5.9), PARAMETERS)
    assert early == books
    late = absorb_absence(books, name, START + timedelta(seconds=6), PARAMETERS)
    assert late.orders[0].state is OrderState.LOST
    moves = plan(late, make_sight(6))
    assert [order.client_id for order in moves.place] == ["qabcdef-7-e0-2"]


def test_lost_entry_after_its_window_is_missed() -> None:
    books = plan(make_books()).books
    at = START + timedelta(minutes=15)
    books = absorb_absence(books, books.orders[0].client_id, at, PARAMETERS)
    moves = plan(books, make_sight(900))
    assert moves.place == ()
    assert moves.books.intent.state is IntentState.MISSED
    assert moves.books.position.state is PositionState.CLOSED
    assert moves.books.position.close_reason is CloseReason.NOT_ENTERED
    assert [news.kind for news in moves.news] == [NewsKind.MISSED]


def test_refused_entry_ends_with_the_venues_words() -> None:
    books = plan(make_books()).books
    books = absorb_refusal(books, books.orders[0].client_id, Refusal.MARGIN, "no margin", START)
    moves = plan(books)
    assert moves.books.intent.state is IntentState.REFUSED
    assert moves.books.intent.reason == "no margin"
    assert moves.books.position.state is PositionState.CLOSED
    assert [(news.kind, news.text) for news in moves.news] == [(NewsKind.REFUSED, "no margin")]


def test_price_that_ran_away_gets_no_entry() -> None:
    assert plan(make_books(), make_sight(price="100.45")).place
    assert not plan(make_books(), make_sight(price="100.46")).place
    assert not plan(make_books(), make_sight(price="99.54")).place


def test_filled_entry_gets_its_stop_first_and_its_targets_when_that_rests() -> None:
    moves = plan(entered_books())
    (stop,) = moves.place
    assert (stop.role, stop.request.trigger) == (OrderRole.STOP, Decimal("98.50"))
    assert stop.request.reduces
    assert stop.request.side is Side.SELL
    assert moves.books.position.state is PositionState.OPEN
    assert moves.books.position.entered_at == START
    assert moves.books.intent.state is IntentState.ENTERED
    targets = plan(all_rest(moves.books)).place
    assert [(t.rung, t.request.price, t.request.quantity) for t in targets] == [
        (1, Decimal("102.25"), Decimal("0.4")),
        (2, Decimal("103.75"), Decimal("0.4")),
        (3, Decimal(106), Decimal("0.2")),
    ]
    assert all(t.request.reduces and t.request.kind is OrderKind.LIMIT for t in targets)


def test_stop_is_placed_on_the_word_of_the_order_before_its_fills_are_booked() -> None:
    books = plan(make_books()).books
    books = report(books, books.orders[0], OrderState.FILLED, filled="1")
    moves = plan(books)
    assert [order.role for order in moves.place] == [OrderRole.STOP]
    assert [order.role for order in moves.ask] == [OrderRole.ENTRY]


def test_partly_filled_limit_is_protected_at_once_and_its_rest_cancelled_in_time() -> None:
    books = all_rest(plan(make_books(style=EntryStyle.LIMIT)).books)
    entry = order_of(books, OrderRole.ENTRY)
    assert entry.request.price == 100
    books = report(books, entry, OrderState.RESTING, filled="0.3")
    moves = plan(books)
    assert [(o.role, o.request.quantity) for o in moves.place] == [(OrderRole.STOP, Decimal("0.3"))]
    assert moves.books.position.state is PositionState.OPENING
    late = plan(all_rest(moves.books), make_sight(60))
    assert [order.role for order in late.cancel] == [OrderRole.ENTRY]
    done = plan(all_rest(late.books), make_sight(61))
    assert done.books.position.state is PositionState.OPEN
    assert [order.role for order in done.place] == [OrderRole.TARGET] * 3


def test_more_of_the_entry_is_filled_and_the_new_stop_rests_before_the_old_one_goes() -> None:
    books = all_rest(plan(make_books(style=EntryStyle.LIMIT)).books)
    entry = order_of(books, OrderRole.ENTRY)
    books = all_rest(plan(report(books, entry, OrderState.RESTING, filled="0.3")).books)
    grown = plan(report(books, entry, OrderState.FILLED, filled="1"))
    assert [(o.role, o.request.quantity) for o in grown.place] == [(OrderRole.STOP, Decimal(1))]
    assert grown.cancel == ()
    after = plan(all_rest(grown.books))
    assert [(o.role, o.attempt) for o in after.cancel] == [(OrderRole.STOP, 1)]


def test_post_only_rests_at_the_touch_and_follows_the_market() -> None:
    moves = plan(make_books(style=EntryStyle.POST_ONLY), make_sight(price="100.10"))
    assert moves.place[0].request.price == Decimal("100.10")
    books = all_rest(moves.books)
    assert plan(books, make_sight(9, "100.20")).cancel == ()
    assert plan(books, make_sight(10, "100.10")).cancel == ()
    behind = plan(books, make_sight(10, "100.20"))
    assert [order.role for order in behind.cancel] == [OrderRole.ENTRY]
    assert behind.place == ()
    again = plan(all_rest(behind.books), make_sight(11, "100.20"))
    assert [(o.attempt, o.request.price) for o in again.place] == [(2, Decimal("100.20"))]


def test_post_only_without_a_quote_waits() -> None:
    moves = plan(make_books(style=EntryStyle.POST_ONLY), make_sight(price=None))
    assert moves.place == ()
    assert moves.books.position.state is PositionState.OPENING


def test_post_only_that_would_take_is_quoted_anew_after_a_pause() -> None:
    books = plan(make_books(style=EntryStyle.POST_ONLY), make_sight(price="100")).books
    books = absorb_refusal(books, books.orders[0].client_id, Refusal.WOULD_TAKE, "GTX", START)
    assert plan(books, make_sight(0.9, "100.1")).place == ()
    assert plan(books, make_sight(1, "100.1")).place[0].request.price == Decimal("100.1")


def test_part_of_a_post_only_is_filled_and_only_the_rest_is_quoted_anew() -> None:
    books = all_rest(plan(make_books(style=EntryStyle.POST_ONLY), make_sight(price="100")).books)
    books = report(books, books.orders[0], OrderState.RESTING, filled="0.3")
    books = all_rest(plan(books, make_sight(10, "100.2")).books)
    again = plan(books, make_sight(11, "100.2"))
    assert [(o.role, o.request.quantity) for o in again.place] == [
        (OrderRole.ENTRY, Decimal("0.7"))
    ]


def test_nothing_more_is_entered_once_something_was_left_again() -> None:
    books = all_rest(plan(make_books(style=EntryStyle.POST_ONLY), make_sight(price="100")).books)
    books = report(books, books.orders[0], OrderState.RESTING, filled="0.3")
    books = all_rest(plan(books, make_sight(10, "100.2")).books)
    stopped = filled(books, order_of(books, OrderRole.STOP), "98.5", seconds=11)
    moves = plan(stopped, make_sight(11, "100.2"))
    assert moves.place == ()
    assert moves.books.position.state is not PositionState.OPENING


@pytest.mark.parametrize("style", list(EntryStyle))
def test_entry_cancelled_by_hand_is_not_repeated(style: EntryStyle) -> None:
    books = all_rest(plan(make_books(style=style), make_sight(price="100")).books)
    books = report(books, books.orders[0], OrderState.CANCELLED)
    moves = plan(books, make_sight(1, "100"))
    assert moves.place == ()
    assert moves.books.intent.state is IntentState.MISSED


def test_first_target_below_the_venues_minimum_joins_the_next() -> None:
    books = all_rest(plan(entered_books(quantity="0.121")).books)
    assert _ladder(books) == [(2, Decimal("0.121"))]
    books = all_rest(plan(entered_books(quantity="0.238")).books)
    assert _ladder(books) == [(1, Decimal("0.095")), (2, Decimal("0.095")), (3, Decimal("0.048"))]


def test_last_target_below_the_venues_minimum_joins_the_one_before() -> None:
    books = all_rest(plan(entered_books(quantity="0.23")).books)
    assert _ladder(books) == [(1, Decimal("0.092")), (2, Decimal("0.138"))]


def test_ladder_rounds_down_and_its_last_rung_takes_the_rest() -> None:
    books = all_rest(plan(entered_books(quantity="0.999")).books)
    assert _ladder(books) == [(1, Decimal("0.399")), (2, Decimal("0.399")), (3, Decimal("0.201"))]


def test_all_is_placed_and_nothing_is_left_to_do() -> None:
    books = open_books()
    moves = plan(books)
    assert moves.books == books
    assert (moves.place, moves.cancel, moves.ask, moves.resend, moves.news) == ((),) * 5


def _ladder(books: PositionBooks) -> list[tuple[int, Decimal]]:
    return [(order.rung, order.request.quantity) for order in plan(books).place]


def test_fill_of_an_entry_whose_answer_was_lost_is_found_by_asking() -> None:
    books = plan(make_books()).books
    books = filled(books, books.orders[0], "100.01")
    assert [order.role for order in plan(books).place] == [OrderRole.STOP]
