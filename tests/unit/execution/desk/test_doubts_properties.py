"""Whatever a venue tells in whatever order, what contradicts the books is not believed at once."""

from dataclasses import replace
from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from domain.directions import Direction
from domain.intents import IntentState
from domain.orders import Fill, OrderRole, OrderState, Side, VenuePosition
from domain.positions import PositionBooks, PositionState
from engine.execution.desk.account_venue import Reading
from engine.execution.desk.doubts import Doubts
from tests.unit.execution.desk.desk_floor import BTC, QUANTITY, Floor
from tests.unit.execution.desk.entries import make_entry

TOLD = st.lists(st.tuples(st.sampled_from([0, 40, 100, 150]), st.booleans()), max_size=12)
"""Thousandths that a reading shows, and whether the books change before it."""


async def _open_books() -> PositionBooks:
    floor = Floor()
    await floor.confirm()
    books = await floor.books()
    entry = replace(make_entry(books, OrderState.FILLED), venue_id="1", filled_quantity=QUANTITY)
    fill = Fill(
        trade_id="t1",
        venue_id="1",
        symbol=BTC.symbol,
        direction=Direction.LONG,
        side=Side.BUY,
        price=Decimal(64_210),
        quantity=QUANTITY,
        fee=Decimal(3),
        fee_currency="USDT",
        is_maker=False,
        at=books.intent.created_at,
    )
    position = replace(books.position, state=PositionState.OPEN)
    intent = replace(books.intent, state=IntentState.ENTERED)
    return replace(books, intent=intent, position=position, orders=(entry,), fills=(fill,))


async def test_a_contradiction_needs_two_readings_after_the_newest_change() -> None:
    books = await _open_books()
    assert books.orders[0].role is OrderRole.ENTRY

    @given(told=TOLD)
    def check(told: list[tuple[int, bool]]) -> None:
        doubts, seen = Doubts(), 0
        for number, (thousandths, is_changed) in enumerate(told):
            if is_changed:
                doubts.note_change(number)
                seen = 0
            quantity = Decimal(thousandths) / 1000
            known = doubts.judge(books, _reading(quantity, number + 0.5)).is_known
            is_same = number > 0 and told[number - 1][0] == thousandths
            seen = seen + 1 if is_same and not is_changed else 1
            assert known == (quantity == QUANTITY or seen > 1)

    check()


def _reading(quantity: Decimal, at: float) -> Reading:
    held = VenuePosition(
        symbol=BTC.symbol,
        direction=Direction.LONG,
        quantity=quantity,
        entry_price=Decimal(64_210),
    )
    return Reading(began_at=at, orders=(), positions=(held,) if quantity else ())
