"""Carries one position from its confirmation to its end: plan, write down, send, take in, again."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Final

from domain.errors import IllegalTransitionError, QuorumError
from domain.orders import OrderRole
from domain.positions import PositionBooks, PositionState
from engine.execution.books.accounting import owed_orders
from engine.execution.books.moves import plan_moves
from engine.execution.desk.account_venue import AccountVenue, Reading
from engine.execution.desk.book_keeper import BookKeeper, Change, Revision
from engine.execution.desk.doubts import Doubts, Held
from engine.execution.desk.entering import send_unsent, withhold_entries
from engine.execution.desk.errands import Answer, Errands
from engine.execution.desk.looking import (
    foreign_stops,
    is_protected,
    missing_orders,
    rests_by_books,
    unsettled_orders,
)
from engine.execution.desk.pauses import Pauses
from engine.execution.desk.troubles import Troubles
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import Moves, Sight
from engine.ports.broker import Quotes
from engine.ports.clock import Clock

_log = logging.getLogger(__name__)

_MOST_STEPS: Final = 100
"""A whole trade takes fewer; whoever needs more goes round in circles, and not without a pause."""

_UNTIL_WOKEN: Final = 60.0
"""Wall seconds; the watchdog wakes every position long before."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What workers share.

    `data_age` tells in seconds how old a pair's market data is, `tag` the mark of our orders.
    `patience` (1 or more): see `Sight`.
    """

    keeper: BookKeeper
    quotes: Quotes
    clock: Clock
    parameters: ExecutionParameters
    data_age: Callable[[str], float | None]
    tag: Callable[[], str]
    troubles: Troubles
    patience: float = 1.0


class PositionWorker:
    """Works on one position, one step after the other, whoever asks for it."""

    def __init__(
        self,
        books: PositionBooks,
        *,
        venue: AccountVenue,
        errands: Errands,
        surroundings: Surroundings,
    ) -> None:
        self._books = books
        self._venue = venue
        self._errands = errands
        self._around = surroundings
        self._doubts = Doubts()
        self._pauses = Pauses()
        self._turn = asyncio.Lock()
        self._awake = asyncio.Event()
        self._seen: Reading | None = None
        self._held = Held()
        self._is_waiting = False
        self._is_written = True
        self._watching_since = surroundings.clock.now()
        # A new position has nothing to catch up with, and its entry is not to wait for it.
        self._wants_fills = bool(books.orders)
        self._wants_orders = bool(books.orders)

    @property
    def books(self) -> PositionBooks:
        """The books as this worker last saw them."""
        return self._books

    @property
    def venue(self) -> AccountVenue:
        """The account that the position is held in."""
        return self._venue

    @property
    def is_over(self) -> bool:
        """Whether the position has ended, and its end is written down."""
        return self._is_written and self._books.position.state is PositionState.CLOSED

    @property
    def is_protected(self) -> bool:
        """Whether stops that rest cover what is open: by the newest reading, or answers since."""
        reading = self._venue.reading_of(self._books.position.symbol)
        if reading is None or not self._doubts.is_fresh(reading):
            return rests_by_books(self._books)
        return is_protected(self._books, reading)

    def wake(self) -> None:
        """Look at the books: they were changed, or time has passed."""
        self._awake.set()

    def hint(self) -> None:
        """Look at the venue: something may have happened there."""
        if self._books.orders:
            self._wants_fills = self._wants_orders = True
        self._awake.set()

    async def run(self) -> None:
        """Work until the position has ended."""
        while not self.is_over:
            self._awake.clear()
            wait = await self._work_safely()
            if not self.is_over:
                with suppress(TimeoutError):
                    async with asyncio.timeout(wait):
                        await self._awake.wait()

    async def settle(self) -> bool:
        """Work until nothing is left to do now; false where something waits for the venue.

        Books that cannot go on are told, and nobody else waits for them. Raises what storage raises
        where nothing is known of the position.
        """
        async with self._turn:
            try:
                return await self._work()
            except IllegalTransitionError as error:
                await self._around.troubles.tell_mistake(self._books.position, error)
                return False

    async def _work(self) -> bool:
        for _ in range(_MOST_STEPS):
            if not await self._step():
                return not (self._wants_orders or self._is_waiting)
            self._pauses.reset()
        await self._around.troubles.tell_mistake(
            self._books.position, QuorumError(f"more than {_MOST_STEPS} steps in a row")
        )
        return False

    async def _work_safely(self) -> float:
        """Wall seconds until the next look."""
        try:
            is_settled = await self.settle()
        except QuorumError as error:
            _log.warning("position %s waits: %s", self._books.position.id, error)
            return self._look_at_all_later()
        except Exception as error:  # noqa: BLE001 - a mistake of ours must not stop the others
            _log.exception("position %s could not be worked on", self._books.position.id)
            await self._around.troubles.tell_mistake(self._books.position, error)
            return self._look_at_all_later()
        if not is_settled:
            return self._pauses.next()
        self._pauses.reset()
        return _UNTIL_WOKEN

    def _look_at_all_later(self) -> float:
        """Wall seconds until then: answers may have been lost on the way into the books."""
        if self._books.orders:
            self._wants_fills = self._wants_orders = True
        return self._pauses.next()

    async def _tell_troubles(self) -> None:
        await self._around.troubles.tell_fruitless_closing(self._books)
        parameters = self._around.parameters
        is_entering = any(o.role is OrderRole.ENTRY for o in unsettled_orders(self._books))
        patience = parameters.late_arrival_seconds if is_entering else parameters.compare_seconds
        if self._held.contradicted_seconds >= patience:
            await self._around.troubles.tell_difference(self._books, self._held.position)

    async def _step(self) -> bool:
        """One step; whether anything went forward."""
        revision = await self._revise(self._plan)
        if self.is_over:
            return False
        await self._tell_troubles()
        moves = revision.moves
        is_owed = self._wants_fills or bool(owed_orders(self._books))
        wants_fills = is_owed or self._errands.wants_fills
        if wants_fills or _has_requests(moves):
            answers = await self._carry_out(moves, wants_fills=wants_fills)
            if await self._take(answers):
                return True
        is_owed = self._wants_fills or bool(owed_orders(self._books))
        is_unanswered = _has_requests(moves) or is_owed
        self._is_waiting = is_unanswered or not revision.is_stored
        return not is_unanswered and await self._check_orders()

    async def _carry_out(self, moves: Moves, *, wants_fills: bool) -> list[Answer]:
        """What is to be done, and fills beside it: what protects does not wait for them."""
        if not wants_fills:
            return await self._errands.carry_out(moves)
        self._wants_fills = False
        position = self._books.position
        answers, fills = await asyncio.gather(
            self._errands.carry_out(moves),
            self._errands.read_fills(position.symbol, position.watched_from),
        )
        self._wants_fills = self._wants_fills or fills is None
        # Fills first: whether an entry is lost is judged by them.
        return answers if fills is None else [fills, *answers]

    def _plan(self, books: PositionBooks) -> Moves:
        now, symbol = self._around.clock.now(), books.position.symbol
        sight, parameters = self._sight(books), self._around.parameters
        moves = plan_moves(books, sight, self._around.tag(), parameters)
        may_enter = self._venue.may_enter(symbol) and self._venue.takes_entries
        moves = send_unsent(moves, self._errands.unsent, sight, parameters, may_enter=may_enter)
        if may_enter:
            return moves
        return withhold_entries(books, moves, self._venue.refusal_for(symbol), now)

    def _sight(self, books: PositionBooks) -> Sight:
        symbol = books.position.symbol
        reading = self._venue.reading_of(symbol)
        held = self._held = self._doubts.judge(books, reading)
        self._wants_fills = self._doubts.take_question() or self._wants_fills
        return Sight(
            now=self._around.clock.now(),
            quote=self._around.quotes.quote(symbol),
            held=held.position,
            is_held_known=held.is_known and not self._wants_fills,
            is_held_new=held.is_new and not self._wants_fills,
            contradicted_seconds=held.contradicted_seconds,
            data_age_seconds=self._around.data_age(symbol),
            patience=self._around.patience,
            watching_since=self._watching_since,
            foreign_stops=() if reading is None else foreign_stops(books.position, reading),
        )

    async def _check_orders(self) -> bool:
        """Ask about orders that should rest and are not listed; whether that brought news."""
        listed = await self._list_open()
        missing = [] if listed is None else missing_orders(self._books, listed)
        return bool(missing) and await self._take(await self._errands.ask(missing))

    async def _list_open(self) -> frozenset[str] | None:
        """Ids of open orders: asked for after a hint, else from a reading not looked at yet."""
        if self._wants_orders:
            self._wants_orders = False
            listed = await self._errands.list_open(self._books.position.symbol)
            self._wants_orders = self._wants_orders or listed is None
            return listed
        symbol = self._books.position.symbol
        reading = self._venue.reading_of(symbol)
        if reading is None or reading is self._seen or not self._doubts.is_fresh(reading):
            return None
        self._seen = reading
        return frozenset(order.client_id for order in reading.orders_of(symbol))

    async def _take(self, answers: Sequence[Answer]) -> bool:
        """Take answers into the books; whether that changed them.

        One that cannot be is told, and keeps none of the others out.
        """
        impossible: list[IllegalTransitionError] = []

        def take_all(books: PositionBooks) -> Moves:
            impossible.clear()
            for answer in answers:
                try:
                    books = answer(books)
                except IllegalTransitionError as error:
                    impossible.append(error)
            return Moves(books=books)

        before = _dealings(self._books)
        await self._revise(take_all)
        for error in impossible:
            await self._around.troubles.tell_mistake(self._books.position, error)
        return _dealings(self._books) != before

    async def _revise(self, change: Change) -> Revision:
        revision = await self._around.keeper.revise(self._books.position.id, change)
        if _dealings(revision.books) != _dealings(self._books):
            self._doubts.note_change(self._around.clock.monotonic())
        self._books, self._is_written = revision.books, revision.is_stored
        return revision


def _has_requests(moves: Moves) -> bool:
    return bool(moves.place or moves.resend or moves.cancel or moves.ask)


def _dealings(books: PositionBooks) -> object:
    """What of the books the venue can change: notes on orders are no progress."""
    orders = [(order.client_id, order.state, order.filled_quantity) for order in books.orders]
    return orders, books.fills, books.position.adjusted_quantity, books.position.state
