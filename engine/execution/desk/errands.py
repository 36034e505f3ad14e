"""Carries out requests at the venue; whatever comes of one is an answer that changes the books.

Nothing is ever guessed: where nobody knows, the books stay as they are and the venue is asked.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from domain.errors import (
    AccessRefusedError,
    InvalidDataError,
    OrderRefusedError,
    OutcomeUnknownError,
    QuorumError,
    RateLimitedError,
    Refusal,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.intents import Intent
from domain.orders import Order, OrderReport, OrderRole
from domain.positions import PositionBooks
from engine.execution.books.absorbing import (
    absorb_absence,
    absorb_fills,
    absorb_refusal,
    absorb_report,
)
from engine.execution.books.accounting import NOTHING
from engine.execution.books.order_marks import sent_at
from engine.execution.desk.account_venue import AccountVenue
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import Moves
from engine.ports.broker import Broker
from engine.ports.clock import Clock

_log = logging.getLogger(__name__)

Answer = Callable[[PositionBooks], PositionBooks]
"""What the venue said about one request, to be taken into the books."""


def nothing_new(books: PositionBooks) -> PositionBooks:
    """The answer that says nothing."""
    return books


OnRefusedAccess = Callable[[AccountVenue, str], Awaitable[None]]
"""Told that the venue does not let the key in."""


class Errands:
    """The requests of one position."""

    def __init__(
        self,
        *,
        venue: AccountVenue,
        clock: Clock,
        parameters: ExecutionParameters,
        on_refused_access: OnRefusedAccess,
    ) -> None:
        self._venue = venue
        self._clock = clock
        self._parameters = parameters
        self._on_refused_access = on_refused_access
        self._unsent: set[str] = set()
        # What an earlier process sent had left by now.
        self._began_at = clock.now()
        self._sent_by: dict[str, datetime] = {}
        # Monotonic seconds: since when entries that nobody finds could not arrive any more, and
        # when the newest question for fills began.
        self._overdue_since: dict[str, float] = {}
        self._fills_from = float("-inf")

    @property
    def unsent(self) -> frozenset[str]:
        """Client ids of orders whose request has certainly not been carried out."""
        return frozenset(self._unsent)

    @property
    def wants_fills(self) -> bool:
        """Whether it takes fills to know what became of an entry that the venue does not find."""
        return any(since > self._fills_from for since in self._overdue_since.values())

    async def carry_out(self, moves: Moves) -> list[Answer]:
        """Send, cancel and ask, all at once; the answers in the order of the requests."""
        intent = moves.books.intent
        requests = [
            *(self._place(order, intent) for order in (*moves.place, *moves.resend)),
            *(self._cancel(order) for order in moves.cancel),
            *(self._ask(order) for order in moves.ask),
        ]
        return list(await asyncio.gather(*requests))

    async def ask(self, orders: Sequence[Order]) -> list[Answer]:
        """Ask what became of orders."""
        return list(await asyncio.gather(*(self._ask(order) for order in orders)))

    async def list_open(self, symbol: str) -> frozenset[str] | None:
        """Client ids of the open orders of a pair; None when they cannot be had now."""
        listed: list[OrderReport] = []

        async def read() -> Answer:
            listed.extend(await self._venue.connected().list_open_orders(symbol))
            return nothing_new

        answer = await self._reading(read)
        return None if answer is None else frozenset(order.client_id for order in listed)

    async def read_fills(self, symbol: str, since: datetime) -> Answer | None:
        """All fills of a pair since an instant; None when they cannot be had now."""

        async def read() -> Answer:
            began_at = self._clock.monotonic()
            fills = await self._venue.connected().list_fills(symbol, since)
            self._fills_from = began_at
            return lambda books: absorb_fills(books, fills)

        return await self._reading(read)

    async def _place(self, order: Order, intent: Intent) -> Answer:
        self._unsent.discard(order.client_id)
        if not self._may_send(order):
            self._unsent.add(order.client_id)
            return nothing_new
        try:
            report = await self._send(order, intent)
        except (OutcomeUnknownError, InvalidDataError) as error:
            _log.warning("nobody knows what became of %s: %s", order.client_id, error)
            return nothing_new
        except (TemporaryVenueError, AccessRefusedError) as error:
            self._unsent.add(order.client_id)
            await self._note(error)
            return nothing_new
        except VenueRefusedError as error:
            return self._refused(order, error)
        return self._reported(order, report)

    def _may_send(self, order: Order) -> bool:
        """Whether an order need not be kept back: what protects and closes waits for its turn.

        An entry does not: it would go out at whatever price there is then. Nor does a target where
        only orders are limited: its position has to be looked after meanwhile.
        """
        if order.role is OrderRole.ENTRY:
            return self._venue.takes_entries
        return order.role is not OrderRole.TARGET or self._venue.takes_targets

    async def _send(self, order: Order, intent: Intent) -> OrderReport:
        broker = self._venue.connected()
        if order.role is OrderRole.ENTRY:
            await self._prepare(broker, intent)
        else:
            await self._venue.wait_turn_to_order()
        try:
            return await broker.place(order.request)
        finally:
            self._sent_by[order.client_id] = self._clock.now()

    async def _prepare(self, broker: Broker, intent: Intent) -> None:
        try:
            await broker.prepare(intent.instrument.symbol, intent.leverage)
        except OutcomeUnknownError as error:
            raise TemporaryVenueError(f"leverage and margin are not set: {error}") from error

    async def _cancel(self, order: Order) -> Answer:
        async def cancel() -> Answer:
            try:
                return self._reported(order, await self._venue.connected().cancel(order.request))
            except OrderRefusedError:
                return await self._found(order)

        return await self._reading(cancel) or nothing_new

    async def _ask(self, order: Order) -> Answer:
        return await self._reading(lambda: self._found(order)) or nothing_new

    async def _found(self, order: Order) -> Answer:
        report = await self._venue.connected().find_order(order.request)
        at = self._clock.now()
        if report is None:
            sent_by = self._sent_by.get(order.client_id, self._began_at)
            held = self._held_without(order, at, sent_by)
            return lambda books: absorb_absence(
                books, order.client_id, at, self._parameters, sent_by=sent_by, held=held
            )
        return self._reported(order, report)

    def _held_without(self, order: Order, at: datetime, sent_by: datetime) -> Decimal | None:
        """What is held by a look from after an order could arrive any more, and after fills were
        read; None before there is such a look.
        """
        late = timedelta(seconds=self._parameters.late_arrival_seconds)
        if order.role is not OrderRole.ENTRY or at - max(sent_at(order), sent_by) < late:
            return None
        since = self._overdue_since.setdefault(order.client_id, self._clock.monotonic())
        reading = self._venue.reading_of(order.request.symbol)
        if reading is None or min(reading.began_at, self._fills_from) < since:
            return None
        held = reading.held(order.request.symbol, order.request.direction)
        return NOTHING if held is None else held.quantity

    async def _reading(self, read: Callable[[], Awaitable[Answer]]) -> Answer | None:
        try:
            self._venue.connected()
            await self._venue.wait_turn()
            return await read()
        except (TemporaryVenueError, InvalidDataError, VenueRefusedError) as error:
            await self._note(error)
            return None

    def _reported(self, order: Order, report: OrderReport) -> Answer:
        at = self._clock.now()
        return lambda books: absorb_report(books, order.client_id, report, at)

    def _refused(self, order: Order, error: VenueRefusedError) -> Answer:
        at = self._clock.now()
        refusal = error.refusal if isinstance(error, OrderRefusedError) else Refusal.OTHER
        text = str(error)
        return lambda books: absorb_refusal(books, order.client_id, refusal, text, at)

    async def _note(self, error: QuorumError) -> None:
        _log.warning("%s: %s", self._venue.name, error)
        if isinstance(error, RateLimitedError):
            self._venue.heed(error)
        if isinstance(error, AccessRefusedError):
            self._venue.rest(self._parameters.watch_seconds)
            await self._on_refused_access(self._venue, str(error))
