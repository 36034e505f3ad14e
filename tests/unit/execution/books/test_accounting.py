"""What fills make of a position."""

from dataclasses import replace
from decimal import Decimal

from domain.orders import Fill, OrderRole, OrderState, Side
from domain.positions import PositionBooks
from engine.execution.books.absorbing import absorb_fills
from engine.execution.books.accounting import (
    by_hand_quantity,
    ledger_of,
    open_quantity,
    owed_orders,
)
from tests.unit.execution.books.trades import (
    entered_books,
    filled,
    make_books,
    make_fill,
    open_books,
    order_of,
    report,
)


def by_hand(books: PositionBooks, quantity: str, price: str, *, side: Side) -> Fill:
    """Something the trader did himself, after everything else."""
    count = len(books.fills)
    fill = make_fill(None, quantity, price, trade=f"h{count}", seconds=500 + count, books=books)
    return replace(fill, side=side)


def test_nothing_filled_is_nothing_earned() -> None:
    numbers = ledger_of(make_books())
    assert numbers.average_entry is None
    assert numbers.entered == numbers.net == numbers.net_r == 0


def test_partial_close_earns_by_the_average_entry() -> None:
    books = open_books()
    books = filled(books, order_of(books, OrderRole.TARGET, 1), "102.25", seconds=9)
    numbers = ledger_of(books)
    assert (numbers.entered, numbers.exited) == (Decimal(1), Decimal("0.4"))
    assert (numbers.average_entry, numbers.average_exit) == (Decimal(100), Decimal("102.25"))
    assert numbers.realised == Decimal("0.9")
    assert numbers.net == Decimal("0.88")
    assert open_quantity(books) == Decimal("0.6")


def test_what_is_added_by_hand_after_a_target_costs_what_was_paid_for_it() -> None:
    books = open_books()
    books = filled(books, order_of(books, OrderRole.TARGET, 1), "102.25", seconds=9)
    books = absorb_fills(books, [by_hand(books, "0.2", "102.40", side=Side.BUY)])
    books = absorb_fills(books, [by_hand(books, "0.8", "102", side=Side.SELL)])
    paid, got = (
        1 * Decimal(100) + Decimal("0.2") * Decimal("102.40"),
        Decimal("40.9") + Decimal("81.6"),
    )
    assert ledger_of(books).realised == got - paid


def test_fees_in_another_coin_are_not_counted_as_quote_currency() -> None:
    books = entered_books()
    fills = tuple(replace(fill, fee_currency="BNB") for fill in books.fills)
    assert ledger_of(replace(books, fills=fills)).fees == 0


def test_what_an_order_reports_is_open_before_its_fill_is_booked_and_only_once() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    books = report(books, stop, OrderState.TRIGGERED, filled="0.3", engine_id="e1")
    assert open_quantity(books) == Decimal("0.7")
    assert owed_orders(books) == (order_of(books, OrderRole.STOP),)
    fill = make_fill(stop, "0.3", "98.5", trade="s", seconds=9, venue_id="e1")
    books = absorb_fills(books, [fill])
    assert open_quantity(books) == Decimal("0.7")
    assert owed_orders(books) == ()


def test_fill_that_an_order_may_yet_claim_is_not_counted_twice() -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    books = report(books, stop, OrderState.TRIGGERED, filled="0.3")
    fill = make_fill(stop, "0.3", "98.5", trade="s", seconds=9, venue_id="e1")
    assert open_quantity(absorb_fills(books, [fill])) == Decimal("0.7")


def test_part_closed_by_hand_is_closed_and_its_money_counts() -> None:
    books = entered_books()
    books = absorb_fills(books, [by_hand(books, "0.4", "101", side=Side.SELL)])
    numbers = ledger_of(books)
    assert open_quantity(books) == Decimal("0.6")
    assert by_hand_quantity(books) == Decimal("-0.4")
    assert (numbers.exited, numbers.realised) == (Decimal(0), Decimal("0.4"))


def test_part_added_by_hand_moves_the_average_entry() -> None:
    books = entered_books()
    books = absorb_fills(books, [by_hand(books, "1", "102", side=Side.BUY)])
    assert open_quantity(books) == 2
    assert ledger_of(books).average_entry == 101
    assert ledger_of(books).entered == 1


def test_position_turned_round_by_hand_is_flat_and_what_comes_after_is_another_trade() -> None:
    books = entered_books()
    books = absorb_fills(books, [by_hand(books, "3", "101", side=Side.SELL)])
    assert open_quantity(books) == 0
    assert by_hand_quantity(books) == -1
    books = absorb_fills(books, [by_hand(books, "2", "101", side=Side.BUY)])
    assert open_quantity(books) == 0
    assert ledger_of(books).realised == 1


def test_fills_by_hand_before_the_entry_are_not_of_this_trade() -> None:
    books = make_books()
    books = absorb_fills(books, [by_hand(books, "2", "101", side=Side.BUY)])
    assert open_quantity(books) == 0
