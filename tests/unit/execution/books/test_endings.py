"""How positions end, and what they are said to have come to."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from domain.directions import Direction
from domain.errors import Refusal
from domain.intents import EntryStyle, IntentState
from domain.orders import OrderKind, OrderRole, OrderState, entry_side
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.books.absorbing import absorb_fills, absorb_refusal, absorb_report
from engine.execution.books.accounting import ledger_of
from engine.execution.books.wishes import call_off_entry, wish_close
from engine.execution.values import Moves, NewsKind
from tests.unit.execution.books.trades import (
    SOL,
    START,
    all_rest,
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


def run_down(books: PositionBooks, seconds: float = 60) -> Moves:
    """Cancel what is left, and end."""
    first = plan(books, make_sight(seconds))
    return plan(all_rest(first.books), make_sight(seconds))


@pytest.mark.parametrize("direction", list(Direction))
def test_filled_stop_ends_the_position_as_stopped(direction: Direction) -> None:
    books = open_books(direction)
    stop = order_of(books, OrderRole.STOP)
    books = filled(books, stop, stop.request.trigger or Decimal(0), seconds=30)
    first = plan(books, make_sight(60))
    assert [order.role for order in first.cancel] == [OrderRole.TARGET] * 3
    assert first.books.position.state is PositionState.OPEN
    end = plan(all_rest(first.books), make_sight(60))
    position = end.books.position
    assert (position.state, position.close_reason) == (PositionState.CLOSED, CloseReason.STOPPED)
    assert position.closed_at == START + timedelta(seconds=30)
    assert [(news.kind, news.text) for news in end.news] == [(NewsKind.CLOSED, "stopped")]
    numbers = ledger_of(end.books)
    assert (numbers.realised, numbers.fees) == (Decimal("-1.50"), Decimal("0.02"))
    assert numbers.net_r == Decimal("-1.52") / Decimal("1.5")


def test_closed_position_has_no_moves() -> None:
    books = open_books()
    books = filled(books, order_of(books, OrderRole.STOP), "98.5", seconds=30)
    books = run_down(books).books
    assert plan(books) == Moves(books=books)


def test_stop_at_break_even_and_trailing_stop_are_called_so() -> None:
    books = open_books()
    books = filled(books, order_of(books, OrderRole.TARGET, 1), "102.25", seconds=10)
    books = all_rest(plan(all_rest(plan(books, make_sight(10)).books), make_sight(10)).books)
    even = run_down(filled(books, order_of(books, OrderRole.STOP), "100.12", seconds=20))
    assert even.books.position.close_reason is CloseReason.BREAKEVEN
    books = filled(books, order_of(books, OrderRole.TARGET, 2), "103.75", seconds=20)
    books = all_rest(plan(all_rest(plan(books, make_sight(20)).books), make_sight(20)).books)
    trailed = run_down(filled(books, order_of(books, OrderRole.STOP), "102.75", seconds=30))
    assert trailed.books.position.close_reason is CloseReason.TRAILED


def test_last_target_ends_the_position_and_every_target_is_told_once() -> None:
    books = open_books()
    told = []
    for rung, price in ((1, "102.25"), (2, "103.75"), (3, "106")):
        books = filled(books, order_of(books, OrderRole.TARGET, rung), price, seconds=rung)
        for _ in range(4):
            moves = plan(books, make_sight(rung))
            told += [(news.kind, news.rung) for news in moves.news]
            books = all_rest(moves.books)
    assert books.position.close_reason is CloseReason.TARGETS
    kinds = (NewsKind.TARGET_FILLED, NewsKind.CLOSED)
    assert [each for each in told if each[0] in kinds] == [
        (NewsKind.TARGET_FILLED, 1),
        (NewsKind.TARGET_FILLED, 2),
        (NewsKind.TARGET_FILLED, 3),
        (NewsKind.CLOSED, 0),
    ]


def test_longest_hold_closes_at_market_and_the_stop_stays_until_it_is_flat() -> None:
    books = open_books()
    assert plan(books, make_sight(7199)).place == ()
    moves = plan(books, make_sight(7200))
    (close,) = moves.place
    assert (close.role, close.request.kind, close.request.reduces) == (
        OrderRole.CLOSE,
        OrderKind.MARKET,
        True,
    )
    assert moves.cancel == ()
    books = filled(moves.books, close, "101", seconds=7200)
    end = run_down(books, 7201)
    assert end.books.position.close_reason is CloseReason.MAX_HOLD
    assert all(order.is_final for order in end.books.orders)


def test_lost_market_data_flattens_a_tick_playbook_only() -> None:
    books = open_books()
    assert plan(books, make_sight(60, data_age_seconds=100)).place == ()
    exits = replace(books.position.exits, data_loss_seconds=5)
    ticks = replace(books, position=replace(books.position, exits=exits))
    assert plan(ticks, make_sight(60, data_age_seconds=5)).place == ()
    for sight in (
        make_sight(60, data_age_seconds=5.1),
        make_sight(60, watching_since=START + timedelta(seconds=54)),
    ):
        assert plan(ticks, sight).books.position.close_reason is CloseReason.DATA_LOSS
    restarted = make_sight(60, watching_since=START + timedelta(seconds=56))
    assert plan(ticks, restarted).place == ()


def test_refused_close_is_tried_again_after_growing_pauses() -> None:
    books = plan(wish_close(open_books(), CloseReason.BY_TRADER)).books
    name = order_of(books, OrderRole.CLOSE).client_id
    books = absorb_refusal(books, name, Refusal.THIN_BOOK, "-4131", START)
    assert plan(books, make_sight(0.9)).place == ()
    books = plan(books, make_sight(1)).books
    name = order_of(books, OrderRole.CLOSE).client_id
    books = absorb_refusal(books, name, Refusal.THIN_BOOK, "-4131", START)
    assert plan(books, make_sight(2.9)).place == ()
    assert [order.attempt for order in plan(books, make_sight(3)).place] == [3]


@pytest.mark.parametrize("end", [OrderState.EXPIRED, OrderState.CANCELLED])
def test_close_that_ends_unfilled_is_tried_again_after_growing_pauses(end: OrderState) -> None:
    """An order at market does not rest: whatever the venue calls it, nobody took it away."""
    books = plan(wish_close(open_books(), CloseReason.BY_TRADER)).books
    books = report(books, order_of(books, OrderRole.CLOSE), end)
    assert plan(books, make_sight(0.9)).place == ()
    books = plan(books, make_sight(1)).books
    books = report(books, order_of(books, OrderRole.CLOSE), end, seconds=1)
    assert plan(books, make_sight(2.9)).place == ()
    assert [order.attempt for order in plan(books, make_sight(3)).place] == [3]


def test_rest_of_a_close_that_was_partly_filled_is_closed_at_once() -> None:
    books = plan(wish_close(open_books(), CloseReason.BY_TRADER)).books
    close = order_of(books, OrderRole.CLOSE)
    books = filled(books, close, "99", quantity="0.4", state=OrderState.CANCELLED)
    assert [order.request.quantity for order in plan(books).place] == [Decimal("0.6")]


def test_close_is_cut_to_what_the_venue_takes_at_once() -> None:
    small = replace(SOL, maximum_quantity=Decimal("0.4"))
    books = wish_close(open_books(), CloseReason.BY_TRADER)
    books = replace(books, position=replace(books.position, instrument=small))
    moves = plan(books)
    assert [order.request.quantity for order in moves.place] == [Decimal("0.4")]
    rest = plan(filled(moves.books, moves.place[0], "100", seconds=1))
    assert [order.request.quantity for order in rest.place] == [Decimal("0.4")]


def test_nothing_ends_while_a_fill_is_owed() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    books = report(books, stop, OrderState.FILLED, filled="1", engine_id="e1")
    moves = run_down(books)
    assert moves.books.position.state is PositionState.OPEN
    assert [order.client_id for order in moves.ask] == [stop.client_id]
    fill = make_fill(stop, "1", "98.5", trade="late", seconds=30, venue_id="e1")
    end = run_down(absorb_fills(moves.books, [fill]), 61)
    assert end.books.position.close_reason is CloseReason.STOPPED


def test_stop_stays_while_fills_of_the_close_are_owed_for_something_may_have_been_added() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    moves = plan(books, make_sight(7200))
    (close,) = moves.place

    waiting = plan(report(moves.books, close, OrderState.FILLED, filled="1"), make_sight(7200))
    by_hand = make_fill(stop, "0.4", "100", trade="hand", seconds=7200, venue_id="by hand")
    sold = make_fill(close, "1", "100", trade="late", seconds=7200)
    fills = [replace(by_hand, side=entry_side(Direction.LONG)), sold]
    later = plan(absorb_fills(waiting.books, fills), make_sight(7201))

    assert waiting.cancel == ()
    assert [(order.role, order.request.quantity) for order in later.place] == [
        (OrderRole.CLOSE, Decimal("0.4"))
    ]
    assert order_of(later.books, OrderRole.STOP).state is OrderState.RESTING


def test_close_of_an_entry_on_its_way_cancels_it_and_ends_as_missed() -> None:
    books = all_rest(plan(make_books(style=EntryStyle.LIMIT)).books)
    moves = plan(wish_close(books, CloseReason.BY_TRADER))
    assert [order.role for order in moves.cancel] == [OrderRole.ENTRY]
    end = plan(all_rest(moves.books))
    assert end.books.position.state is PositionState.CLOSED
    assert end.books.intent.state is IntentState.MISSED
    assert [news.kind for news in end.news] == [NewsKind.MISSED]


def test_stop_stays_while_an_entry_being_called_off_may_still_be_filled() -> None:
    books = all_rest(plan(make_books(style=EntryStyle.LIMIT)).books)
    entry = order_of(books, OrderRole.ENTRY)
    books = filled(books, entry, "100", quantity="0.4", state=OrderState.RESTING)
    books = plan(books).books
    books = report(books, order_of(books, OrderRole.STOP), OrderState.RESTING)
    books = plan(wish_close(books, CloseReason.BY_TRADER)).books
    books = filled(books, order_of(books, OrderRole.CLOSE), "100", seconds=1)
    assert plan(books).cancel == ()
    gone = report(books, entry, OrderState.CANCELLED, filled="0.4")
    assert [order.role for order in plan(gone).cancel] == [OrderRole.STOP]


def test_close_of_unknown_fate_is_asked_about_and_not_doubled() -> None:
    books = plan(wish_close(open_books(), CloseReason.BY_TRADER)).books
    moves = plan(books, make_sight(1))
    assert moves.place == ()
    assert [order.role for order in moves.ask] == [OrderRole.CLOSE]


def test_targets_left_after_much_was_taken_by_hand_add_up_to_what_is_open() -> None:
    books = open_books()
    first = order_of(books, OrderRole.TARGET, 1)
    books = filled(books, first, "102.25", quantity="0.3", state=OrderState.RESTING)
    fill = make_fill(None, "0.5", "101", trade="h", seconds=20, books=books)
    books = absorb_fills(books, [fill])
    for _ in range(6):
        books = all_rest(plan(books, make_sight(60)).books)
    live = [o for o in books.orders if o.role is OrderRole.TARGET and not o.is_final]
    assert {o.rung: o.request.quantity for o in live} == {2: Decimal("0.2")}


def test_entry_called_off_keeps_and_protects_what_was_filled() -> None:
    books = all_rest(plan(make_books(style=EntryStyle.LIMIT)).books)
    books = report(books, order_of(books, OrderRole.ENTRY), OrderState.RESTING, filled="0.4")
    moves = plan(call_off_entry(books, START), make_sight(1))
    assert [order.role for order in moves.cancel] == [OrderRole.ENTRY]
    assert [order.role for order in moves.place] == [OrderRole.STOP]
    end = plan(all_rest(moves.books), make_sight(2))
    assert end.books.position.state is PositionState.OPEN


def test_second_wish_to_close_changes_nothing() -> None:
    once = wish_close(open_books(), CloseReason.BY_TRADER)
    assert wish_close(once, CloseReason.CLOSE_ALL) == once


def test_closed_by_hand_cancels_our_orders_and_says_so() -> None:
    books = open_books()
    fill = make_fill(None, "1", "101", trade="h", seconds=20, books=books)
    books = absorb_fills(books, [fill])
    first = plan(books, make_sight(20, is_held_known=True))
    assert {order.role for order in first.cancel} == {OrderRole.STOP, OrderRole.TARGET}
    end = plan(all_rest(first.books), make_sight(20))
    assert end.books.position.close_reason is CloseReason.BY_HAND
    assert end.books.position.adjusted_quantity == -1
    assert ledger_of(end.books).realised == 1


@pytest.mark.parametrize(
    ("is_liquidation", "reason"), [(True, CloseReason.LIQUIDATED), (False, CloseReason.BY_HAND)]
)
def test_what_the_venue_closed_on_its_own_is_not_said_to_be_done_by_hand(
    is_liquidation: bool, reason: CloseReason
) -> None:
    books = open_books()
    fill = make_fill(None, "1", "90", trade="t9", seconds=30, books=books)
    books = absorb_fills(books, [replace(fill, is_liquidation=is_liquidation)])
    assert run_down(books).books.position.close_reason is reason


def test_stop_whose_new_id_was_not_known_is_not_mistaken_for_a_hand() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    fill = make_fill(stop, "1", "98.5", trade="s", seconds=20, venue_id="e1")
    moves = plan(absorb_fills(books, [fill]), make_sight(20))
    gone = absorb_refusal(moves.books, stop.client_id, Refusal.UNKNOWN_ORDER, "-2011", START)
    asked = plan(all_targets_gone(gone), make_sight(20))
    assert [order.client_id for order in asked.ask] == [stop.client_id]
    told = make_report(stop, OrderState.FILLED, filled="1", engine_id="e1")
    books = absorb_report(asked.books, stop.client_id, told, START)
    assert plan(books, make_sight(20)).books.position.close_reason is CloseReason.STOPPED


@pytest.mark.parametrize("enters", [True, False])
def test_size_changed_by_hand_is_told_when_sure_and_orders_follow_at_once(enters: bool) -> None:
    books = open_books()
    fill = make_fill(None, "0.5", "101", trade="h", seconds=20, books=books)
    if enters:
        fill = replace(fill, side=order_of(books, OrderRole.ENTRY).request.side)
    books = absorb_fills(books, [fill])
    size = Decimal("1.5") if enters else Decimal("0.5")
    held = make_held(books, str(size))
    moves = plan(books, make_sight(20, is_held_known=True, held=held))
    assert [o.request.quantity for o in moves.place if o.role is OrderRole.STOP] == [size]
    told = []
    for step in range(6):
        moves = plan(books, make_sight(20 + step, is_held_known=True, held=held))
        told += [(step, news.kind) for news in moves.news if news.kind != NewsKind.STOP_MOVED]
        books = all_rest(moves.books)
    assert told == [(3, NewsKind.CHANGED_BY_HAND)]
    assert books.position.adjusted_quantity == (Decimal("0.5") if enters else Decimal("-0.5"))
    live = [o for o in books.orders if not o.is_final]
    targets = [o.request.quantity for o in live if o.role is OrderRole.TARGET]
    assert sum(targets) == size
    assert [o.request.quantity for o in live if o.role is OrderRole.STOP] == [size]


def test_target_taken_away_by_hand_is_not_put_back() -> None:
    books = open_books()
    books = report(books, order_of(books, OrderRole.TARGET, 1), OrderState.CANCELLED)
    for _ in range(4):
        books = all_rest(plan(books).books)
    live = {o.rung: o.request.quantity for o in books.orders if not o.is_final}
    assert live == {0: Decimal(1), 2: Decimal("0.666"), 3: Decimal("0.334")}


def all_targets_gone(books: PositionBooks) -> PositionBooks:
    """The books after the venue confirmed that the targets are cancelled."""
    for order in books.orders:
        if order.role is OrderRole.TARGET:
            books = report(books, order, OrderState.CANCELLED)
    return books
