"""A broker at the venue of the model: requests take time, get lost, come late, are answered late.

A request that has left arrives whatever becomes of whoever sent it.
"""

import asyncio
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Final, TypeVar

from domain.accounts import AccountStanding, KeyPermissions
from domain.errors import (
    OrderRefusedError,
    OutcomeUnknownError,
    QuorumError,
    RateLimitedError,
    Refusal,
    TemporaryVenueError,
)
from domain.orders import Fill, OrderReport, OrderRequest, VenuePosition
from domain.timeframes import to_ms
from engine.ports.broker import AnyPair, Broker, OnHint
from exchanges.matching.reports import (
    conditional_report,
    fill_of,
    order_report,
    venue_position,
)
from exchanges.matching.tickets import conditional_ticket_of, ticket_of
from tests.unit.execution.desk.mortal_storage import MortalStorage
from tests.unit.execution.model.model_venue import ModelVenue

T = TypeVar("T")

_WAY: Final = 0.02
_TIMEOUT: Final = 1.0
_SLOW: Final = 2.5
_LATE: Final = 4.0
"""Seconds: below the five after which the venue takes no request any more."""


class Fault(StrEnum):
    """What goes wrong with one request."""

    NOT_SENT = "certainly not carried out"
    LOST = "it never arrives"
    LATE = "it arrives when nobody waits for it any more"
    ANSWER_LOST = "carried out, and the answer is lost"
    SLOW_ANSWER = "carried out, and the answer is old when it comes"
    SLOW = "it arrives late, and the answer comes"
    REFUSED = "refused"
    LIMITED = "too many requests"


@dataclass(frozen=True, slots=True)
class Way:
    """How one request travels: seconds until it arrives (None: never) and until the answer."""

    arrives: float | None = _WAY
    answered: float = 2 * _WAY
    error: QuorumError | None = None


def way_of(fault: Fault | None, *, changes: bool) -> Way:
    """The way of a request; what reads fails otherwise than what changes something."""
    unknown = OutcomeUnknownError("no answer") if changes else TemporaryVenueError("no answer")
    match fault:
        case None:
            return Way()
        case Fault.NOT_SENT:
            return Way(None, _WAY, TemporaryVenueError("overloaded"))
        case Fault.LIMITED:
            return Way(None, _WAY, RateLimitedError("slow down", _TIMEOUT))
        case Fault.REFUSED:
            return Way(None, 2 * _WAY, OrderRefusedError("no reason given", Refusal.OTHER))
        case Fault.LOST:
            return Way(None, _TIMEOUT, unknown)
        case Fault.LATE:
            return Way(_LATE, _TIMEOUT, unknown)
        case Fault.ANSWER_LOST:
            return Way(_WAY, _TIMEOUT, unknown)
        case Fault.SLOW_ANSWER:
            return Way(_WAY, _SLOW)
        case Fault.SLOW:
            return Way(_SLOW, _SLOW + _WAY)


class Weather:
    """Faults that wait for requests, by the name of the request; `met` counts those that came."""

    def __init__(self) -> None:
        self._waiting: dict[str, deque[Fault]] = defaultdict(deque)
        self.met = 0

    def send(self, request: str, fault: Fault) -> None:
        self._waiting[request].append(fault)

    def clear(self) -> None:
        self._waiting.clear()

    def next(self, request: str) -> Fault | None:
        if not self._waiting[request]:
            return None
        self.met += 1
        return self._waiting[request].popleft()


class ModelBroker(Broker):
    """Every request is a point at which `life` may end: before it leaves, and when it is back."""

    def __init__(self, venue: ModelVenue, weather: Weather, life: MortalStorage) -> None:
        self._venue = venue
        self._account = venue.account
        self._weather = weather
        self._life = life

    async def read_permissions(self) -> KeyPermissions:
        return KeyPermissions(can_trade=True, can_withdraw=False)

    async def read_standing(self) -> AccountStanding:
        return await self._ask("read_standing", self._account.standing)

    async def prepare(self, symbol: str, leverage: int) -> None:
        def act() -> None:
            if not self._account.is_isolated(symbol):
                self._account.set_isolated(symbol, isolated=True)
            self._account.set_leverage(symbol, leverage)

        await self._ask("prepare", act, changes=True)

    async def place(self, request: OrderRequest) -> OrderReport:
        return await self._ask("place", lambda: self._place(request), changes=True)

    async def cancel(self, request: OrderRequest) -> OrderReport:
        self._check_cancel(request)
        return await self._ask("cancel", lambda: self._cancel(request), changes=True)

    async def find_order(self, request: OrderRequest) -> OrderReport | None:
        return await self._ask("find_order", lambda: self._find(request))

    async def list_open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        def look() -> list[OrderReport]:
            waiting = self._account.open_conditionals(symbol)
            return [order_report(each) for each in self._account.open_orders(symbol)] + [
                conditional_report(each, None) for each in waiting
            ]

        return await self._ask("list_open_orders", look)

    async def list_positions(self) -> list[VenuePosition]:
        def look() -> list[VenuePosition]:
            return [venue_position(held, None) for held in self._account.positions()]

        return await self._ask("list_positions", look)

    async def list_fills(self, symbol: str, since: datetime) -> list[Fill]:
        def look() -> list[Fill]:
            return [fill_of(each) for each in self._account.executions(symbol, to_ms(since))]

        return await self._ask("list_fills", look)

    async def run(self, on_hint: OnHint) -> None:
        self._venue.listeners.append(on_hint)
        try:
            on_hint(AnyPair.STREAM_BEGAN)
            await asyncio.Event().wait()
        finally:
            self._venue.listeners.remove(on_hint)

    async def close(self) -> None:
        """Nothing is open."""

    def _check_cancel(self, request: OrderRequest) -> None:
        """New before old: only without faults is it sure that the bot could know better."""
        others = [
            each
            for each in self._account.open_conditionals()
            if each.ticket.client_id != request.client_id
        ]
        is_only_stop = request.is_conditional and not others and self._venue.held > 0
        if is_only_stop and not self._weather.met and self._venue.is_calm():
            self._venue.tell_broken("the only stop was to be cancelled")

    def _place(self, request: OrderRequest) -> OrderReport:
        mode, at_ms = self._account.position_mode, self._venue.now_ms
        if request.is_conditional:
            waiting = self._account.place_conditional(conditional_ticket_of(request, mode), at_ms)
            return conditional_report(waiting, None)
        return order_report(self._account.place(ticket_of(request, mode), at_ms))

    def _cancel(self, request: OrderRequest) -> OrderReport:
        at_ms, name = self._venue.now_ms, request.client_id
        if request.is_conditional:
            return conditional_report(self._account.cancel_conditional(at_ms, client_id=name), None)
        return order_report(self._account.cancel(request.symbol, at_ms, client_id=name))

    def _find(self, request: OrderRequest) -> OrderReport | None:
        name = request.client_id
        if not request.is_conditional:
            order = self._account.find_order(request.symbol, client_id=name)
            return None if order is None else order_report(order)
        found = self._account.find_conditional(client_id=name)
        if found is None:
            return None
        engine_order = None
        if found.engine_number is not None:
            engine_order = self._account.find_order(request.symbol, number=found.engine_number)
        return conditional_report(found, engine_order)

    async def _ask(self, name: str, work: Callable[[], T], *, changes: bool = False) -> T:
        way = way_of(self._weather.next(name), changes=changes)
        loop = asyncio.get_running_loop()
        came: asyncio.Future[T] = loop.create_future()

        async def leave() -> None:
            if way.arrives is not None:
                loop.call_later(way.arrives, self._carry_out, work, came)

        await self._life.step(leave)
        await asyncio.sleep(way.answered)
        await self._life.step(_nothing)
        if way.error is not None:
            raise way.error
        return came.result()

    def _carry_out(self, work: Callable[[], T], came: "asyncio.Future[T]") -> None:
        try:
            came.set_result(work())
        except OrderRefusedError as error:
            came.set_exception(error)
            came.exception()  # nobody may be there to hear of it
        self._venue.note()


async def _nothing() -> None:
    """The answer is here."""
