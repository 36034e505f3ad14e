"""Whatever order the venue's words come in, and however often: the books end the same."""

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.orders import Fill, OrderReport, OrderRole, OrderState
from engine.execution.books.absorbing import absorb_fills, absorb_report
from engine.execution.books.accounting import ledger_of, open_quantity
from tests.unit.execution.books.trades import (
    START,
    entered_books,
    make_fill,
    make_report,
    open_books,
    order_of,
)

_HISTORIES = st.sampled_from(
    [
        [OrderState.RESTING, OrderState.TRIGGERED, OrderState.FILLED],
        [OrderState.RESTING, OrderState.TRIGGERED, OrderState.EXPIRED],
        [OrderState.RESTING, OrderState.TRIGGERED, OrderState.CANCELLED],
        [OrderState.RESTING, OrderState.FILLED],
        [OrderState.RESTING, OrderState.CANCELLED],
        [OrderState.RESTING, OrderState.EXPIRED],
        [OrderState.RESTING, OrderState.TRIGGERED],
    ]
)


@given(history=_HISTORIES, data=st.data())
@settings(max_examples=80)
def test_order_ends_where_the_newest_word_says_in_any_order_of_arrival(
    history: list[OrderState], data: st.DataObject
) -> None:
    books = open_books()
    stop = order_of(books, OrderRole.STOP)
    words = [
        make_report(stop, state, filled=str(Decimal("0.3") * step), engine_id="e1")
        for step, state in enumerate(history)
    ]
    heard: list[OrderReport] = data.draw(st.permutations(words + words))
    straight = absorb_report(books, stop.client_id, words[-1], START)
    for word in heard:
        books = absorb_report(books, stop.client_id, word, START)
        assert absorb_report(books, stop.client_id, word, START) == books
    assert books == straight


@given(data=st.data())
@settings(max_examples=50)
def test_fills_in_any_order_and_any_number_of_times_make_the_same_books(
    data: st.DataObject,
) -> None:
    books = entered_books()
    entry = order_of(books, OrderRole.ENTRY)
    ours = [make_fill(entry, "0.2", "100", trade=f"{n}", seconds=n) for n in range(3)]
    theirs = [
        make_fill(None, "0.3", "101", trade=f"{n}", seconds=n, books=books) for n in range(3, 6)
    ]
    fills: list[Fill] = [*ours, *theirs]
    straight = absorb_fills(books, fills)
    for batch in data.draw(st.lists(st.lists(st.sampled_from(fills), max_size=4), max_size=6)):
        books = absorb_fills(books, batch)
    books = absorb_fills(books, data.draw(st.permutations(fills)))
    assert books == straight
    assert open_quantity(books) == Decimal("0.7")
    assert ledger_of(books) == ledger_of(straight)
