"""The order model against an unreliable venue: whatever happens, its promises hold."""

from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
)

from domain.directions import Direction
from domain.intents import EntryStyle
from domain.orders import OrderReport, OrderRole, OrderState, entry_side, exit_side
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.books.accounting import ledger_of, open_quantity
from engine.execution.books.wishes import call_off_entry, wish_close
from engine.execution.values import Moves
from tests.unit.execution.books.errand_boy import ErrandBoy, KilledError
from tests.unit.execution.books.tiny_venue import TinyVenue
from tests.unit.execution.books.trades import START, at_price, make_books

PRICES = [
    "98",
    "98.50",
    "99.90",
    "100",
    "100.12",
    "101",
    "102.25",
    "103",
    "103.75",
    "105",
    "106",
    "107.3",
]
FAULTS = ["never arrives", "arrives late", "answer is lost", "answer is old", "refused"]


def check_moves(was: PositionBooks, moves: Moves, is_flat: bool) -> None:
    """What no plan may ever do."""
    books = moves.books
    live_entries = [o for o in books.orders if o.role is OrderRole.ENTRY and not o.is_final]
    assert len(live_entries) <= 1
    known = {order.client_id: order for order in was.orders}
    assert len({order.client_id for order in books.orders}) == len(books.orders)
    for order in moves.place:
        assert order.client_id not in known
        _check_placed(was, moves, order.role)
        is_entry = order.role is OrderRole.ENTRY
        side = (entry_side if is_entry else exit_side)(books.position.direction)
        assert order.request.side is side
        assert order.request.reduces is not is_entry
        assert order.request.quantity > 0
    for order in moves.resend:
        assert order.request.reduces
        assert known[order.client_id].request == order.request
    if not is_flat:
        _check_cancelled_stops(was, moves)
        _check_planned_protection(moves)


def _check_placed(was: PositionBooks, moves: Moves, role: OrderRole) -> None:
    if role is OrderRole.ENTRY:
        assert was.position.state is PositionState.OPENING
        assert not any(o.role is not OrderRole.ENTRY and o.filled_quantity for o in was.orders)


def _check_cancelled_stops(was: PositionBooks, moves: Moves) -> None:
    cancelled = {o.client_id for o in moves.cancel if o.role is OrderRole.STOP}
    if not cancelled or open_quantity(was) == 0 or was.position.state is PositionState.CLOSING:
        return
    kept = [
        order
        for order in was.orders
        if order.role is OrderRole.STOP
        and order.state is OrderState.RESTING
        and order.client_id not in cancelled
    ]
    assert any(order.request.quantity >= open_quantity(was) for order in kept)


def _check_planned_protection(moves: Moves) -> None:
    books = moves.books
    if open_quantity(books) == 0 or books.position.state is PositionState.CLOSED:
        return
    live = [order for order in books.orders if not order.is_final]
    guards = [order for order in live if order.role in (OrderRole.STOP, OrderRole.CLOSE)]
    is_pausing = books.position.state is PositionState.CLOSING and any(
        order.role is OrderRole.CLOSE for order in books.orders
    )
    assert guards or is_pausing


class OrderModel(RuleBasedStateMachine):
    """One trade, its books, and a venue that does what it wants."""

    @initialize(
        direction=st.sampled_from(Direction),
        style=st.sampled_from(EntryStyle),
        is_begun=st.booleans(),
    )
    def confirm(self, direction: Direction, style: EntryStyle, is_begun: bool) -> None:
        self.direction = direction
        self.venue = TinyVenue(direction, START)
        self.venue.tick(at_price(direction, "100.10"))
        self.boy = ErrandBoy(self.venue, make_books(direction, style=style), check_moves)
        if is_begun:
            self.boy.run()
            self.venue.tick(at_price(direction, "100"))

    @rule(
        faults=st.lists(st.sampled_from(["", *FAULTS]), max_size=3),
        budget=st.none() | st.integers(0, 12),
    )
    def run(self, faults: list[str], budget: int | None) -> None:
        self.venue.faults = faults
        self.boy.budget = budget
        try:
            self.boy.run()
        except KilledError:
            self.boy.restart()
        self.boy.budget = None

    @rule(price=st.sampled_from(PRICES), seconds=st.sampled_from([0, 1, 11]))
    def go_on(self, price: str, seconds: float) -> None:
        self.venue.faults = []
        self.venue.pass_time(seconds)
        self.venue.tick(at_price(self.direction, price))
        self.boy.run()

    @rule(price=st.sampled_from(PRICES))
    def move_price(self, price: str) -> None:
        self.venue.tick(at_price(self.direction, price))

    @rule(seconds=st.sampled_from([0.5, 2, 4, 7, 60]))
    def let_time_pass(self, seconds: float) -> None:
        self.venue.pass_time(seconds)

    @rule(depth=st.sampled_from(["0.25", "0.3", "100"]))
    def change_depth(self, depth: str) -> None:
        self.venue.depth = Decimal(depth)

    @rule(is_shown=st.booleans())
    def delay_fills(self, is_shown: bool) -> None:
        self.venue.shows_fills_until = None if is_shown else self.venue.now

    @precondition(lambda self: self.is_entered())
    @rule(quantity=st.sampled_from(["0.1", "0.35", "5"]), is_taken=st.booleans())
    def trade_by_hand(self, quantity: str, is_taken: bool) -> None:
        side = (exit_side if is_taken else entry_side)(self.direction)
        self.venue.trade_by_hand(side, Decimal(quantity))

    @precondition(lambda self: bool(self.venue.resting()))
    @rule(data=st.data())
    def cancel_by_hand(self, data: st.DataObject) -> None:
        self.venue.cancel_by_hand(data.draw(st.sampled_from(self.resting())))

    @rule(chance=st.integers(0, 7))
    def wish_otherwise(self, chance: int) -> None:
        if chance == 6:
            self.boy.stored = wish_close(self.boy.stored, CloseReason.BY_TRADER)
        if chance == 7:
            self.boy.stored = call_off_entry(self.boy.stored, self.venue.now)

    @rule()
    def come_to_rest(self) -> None:
        venue = self.venue
        venue.faults, venue.shows_fills_until, venue.depth = [], None, Decimal(100)
        for _ in range(8):
            self.boy.run()
            venue.pass_time(7)
            venue.tick(venue.price)
        assert self.boy.run(), "it does not converge"
        self.check_rest()

    def check_rest(self) -> None:
        books, resting = self.boy.stored, self.venue.resting()
        if books.position.state is PositionState.CLOSED:
            assert resting == []
            if not self.was_added_after(books):
                assert self.venue.held == 0
            return
        assert self.venue.held == open_quantity(books)
        numbers = ledger_of(books)
        assert numbers.entered - numbers.exited + books.position.adjusted_quantity == (
            self.venue.held
        )
        stops = [o for o in resting if o.trigger == books.position.stop]
        assert self.venue.held == 0 or [o.quantity for o in stops] == [self.venue.held]
        assert all(order.is_final or order.state is OrderState.RESTING for order in books.orders)

    def was_added_after(self, books: PositionBooks) -> bool:
        """Whether somebody traded by hand when the trade was over already."""
        return any(
            fill.venue_id == "by hand" and fill.at >= (books.position.closed_at or START)
            for fill in self.venue.fills
        )

    def is_entered(self) -> bool:
        return self.venue.held > 0 and self.boy.stored.position.state is not PositionState.CLOSED

    def resting(self) -> list[OrderReport]:
        return [o for o in self.venue.resting() if o.state is OrderState.RESTING] or [
            self.venue.resting()[0]
        ]

    @invariant()
    def venue_holds_nothing_the_other_way(self) -> None:
        assert not hasattr(self, "venue") or self.venue.held >= 0

    @invariant()
    def nothing_is_entered_twice(self) -> None:
        if hasattr(self, "venue"):
            bought = sum(o.filled_quantity for o in self.venue.orders.values() if not o.reduces)
            assert bought <= self.boy.stored.intent.quantity


OrderModel.TestCase.settings = settings(max_examples=100, stateful_step_count=25, deadline=None)
TestOrderModel = OrderModel.TestCase
