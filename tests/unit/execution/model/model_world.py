"""One trade from its confirmation to its end, in a process that dies and comes back."""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.accounts import Account, PositionMode
from domain.directions import Direction
from domain.intents import EntryStyle
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.desk.desk import Desk
from engine.execution.parameters import ExecutionParameters
from engine.execution.values import CloseRequest
from engine.ports.broker import Broker
from tests.fakes.clock import run_leaping
from tests.fakes.storage import InMemoryStorage
from tests.unit.execution.books.trades import SOL, START, TAG, at_price, make_books
from tests.unit.execution.desk.desk_floor import TradePresenter
from tests.unit.execution.desk.mortal_storage import KilledError
from tests.unit.execution.model.model_agreement import check_agreement
from tests.unit.execution.model.model_broker import Fault, ModelBroker, Weather
from tests.unit.execution.model.model_guard import Guard
from tests.unit.execution.model.model_hand import Hand, HandMade
from tests.unit.execution.model.model_life import Life, Mistakes
from tests.unit.execution.model.model_venue import PLENTY, Hints, ModelClock, ModelVenue

_REST_SECONDS: Final = 30
_TICK: Final = 0.5


class Wish(StrEnum):
    """What the trader, or a breaker, wants of the bot."""

    CLOSE = "close"
    CALL_OFF = "call off the entry"


@dataclass(frozen=True, slots=True)
class Wait:
    """Time passes."""

    seconds: float


@dataclass(frozen=True, slots=True)
class Move:
    """The market goes to a long's price; a short's goes to its mirror."""

    price: str
    is_traded: bool = True


@dataclass(frozen=True, slots=True)
class Trouble:
    """The next request of a name goes wrong."""

    request: str
    fault: Fault


@dataclass(frozen=True, slots=True)
class Depth:
    """How much each level of the book holds from now on."""

    quantity: str


@dataclass(frozen=True, slots=True)
class Kill:
    """The process dies at a call of storage or a request, or at once; so long nobody is there."""

    calls: int | None
    is_late: bool
    seconds: float


Step = Wait | Move | Trouble | Depth | Hints | HandMade | Wish | Kill


@dataclass(frozen=True, slots=True)
class Terms:
    """What the trade is, and how much a level of the book holds at first.

    With `is_begun` time and price for the entry pass before anything else happens.
    """

    direction: Direction
    style: EntryStyle
    mode: PositionMode
    is_begun: bool
    depth: str


_BEGINNING: Final = (
    Wait(0.5),
    Move("99.95", is_traded=False),
    Wait(1.0),
    Move("100", is_traded=False),
    Wait(1.0),
)


class World:
    """`play` what happens, then `come_to_rest`."""

    def __init__(self, terms: Terms) -> None:
        self.clock = ModelClock(START)
        self.kept = InMemoryStorage()
        self.terms = terms
        price = at_price(terms.direction, "100.10")
        self.venue = ModelVenue(SOL, terms.direction, price, self.clock, terms.mode)
        self.venue.depth = Decimal(terms.depth)
        self.venue.show()
        self.weather = Weather()
        self.hand = Hand(self.venue)
        books = make_books(terms.direction, style=terms.style)
        self.guard = Guard(self.venue, self.weather, self.clock, books.intent.quantity)
        self._confirmed = books
        self._down_seconds = 0.0
        self.life = Life(self.kept)
        self.desk = self._open_desk()

    async def play(self, steps: Sequence[Step]) -> None:
        """From the confirmation to the end; at rest on the way, and at the end."""
        async with self.kept() as unit:
            await unit.intents.add(self._confirmed.intent)
            await unit.positions.add(self._confirmed.position)
            await unit.commit()
        async with asyncio.TaskGroup() as group:
            tasks = [
                group.create_task(self._keep_running()),
                group.create_task(self._keep_showing()),
            ]
            for step in (*(_BEGINNING if self.terms.is_begun else ()), *steps):
                await self._do(step)
            await self._rest()
            check_agreement(self.venue, await self.books())
            await self._do(Wish.CLOSE)
            await self._rest()
            for task in tasks:
                task.cancel()
        books = await self.books()
        assert books.position.state is PositionState.CLOSED
        check_agreement(self.venue, books)

    async def books(self) -> PositionBooks:
        """The books as they are stored."""
        async with self.kept() as unit:
            books = await unit.positions.find_books(self._confirmed.position.id)
        assert books is not None
        return books

    async def texts(self) -> list[str]:
        """Everything that was queued for anybody, oldest first."""
        async with self.kept() as unit:
            rows = await unit.outbox.list_put_since(START, prefix="")
        return [row.message.text for row in rows]

    async def _do(self, step: Step) -> None:
        match step:
            case Wait(seconds):
                await asyncio.sleep(seconds)
            case Move(price, is_traded):
                self.venue.move(at_price(self.terms.direction, price), is_traded=is_traded)
            case Trouble(request, fault):
                self.weather.send(request, fault)
            case Depth(quantity):
                self.venue.depth = Decimal(quantity)
                self.venue.show()
            case Hints():
                self.venue.hints = step
            case HandMade():
                self.hand.do(step)
            case Wish():
                await self._ask(step)
            case Kill():
                self._kill(step)

    async def _ask(self, wish: Wish) -> None:
        """A wish that meets nobody is lost, as a press is that is answered by nobody."""
        position_id = self._confirmed.position.id
        if self.life.died.is_set():
            return
        with suppress(KilledError):
            if wish is Wish.CLOSE:
                request = CloseRequest(position_id=position_id, reason=CloseReason.BY_TRADER)
                await self.desk.close([request])
            else:
                await self.desk.call_off_entry(position_id)

    def _kill(self, kill: Kill) -> None:
        if self.life.died.is_set():
            return  # nobody dies twice
        self._down_seconds = kill.seconds
        self.life.end_after(kill.calls or 0, is_late=kill.is_late)
        if kill.calls is None:
            self.life.died.set()

    async def _rest(self) -> None:
        """Nothing goes wrong any more; time enough for everything to be settled."""
        self.weather.clear()
        self.venue.hints, self.venue.depth = Hints.AT_ONCE, PLENTY
        self.venue.show()
        await asyncio.sleep(_REST_SECONDS)
        assert self.venue.broken == []

    async def _keep_showing(self) -> None:
        while True:
            await asyncio.sleep(_TICK)
            self.venue.show()

    async def _keep_running(self) -> None:
        while True:
            await self._live()
            self.guard.is_down = True
            await asyncio.sleep(self._down_seconds)
            self.guard.is_down = False
            self.life = Life(self.kept)
            self.desk = self._open_desk()

    async def _live(self) -> None:
        """One process, until it dies."""
        died = asyncio.create_task(self.life.died.wait())
        work = asyncio.create_task(self._work(self.desk))
        try:
            await asyncio.wait({died, work}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (died, work):
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def _work(self, desk: Desk) -> None:
        with suppress(KilledError, BaseExceptionGroup):
            await desk.start_up()
            await desk.run()
        if not self.life.died.is_set():
            self.venue.tell_broken("the desk has ended")
            await asyncio.Event().wait()

    def _open_desk(self) -> Desk:
        life = self.life

        async def open_broker(_account: Account) -> Broker:
            return ModelBroker(self.venue, self.weather, life)

        return Desk(
            storage=life.storage,
            open_broker=open_broker,
            quotes=self.venue,
            presenter=TradePresenter(),
            clock=self.clock,
            parameters=ExecutionParameters(),
            wake=lambda: None,
            new_tag=lambda: TAG,
            data_age=lambda _symbol: 0.0,
        )


def play_trade(terms: Terms, steps: Sequence[Step]) -> None:
    """Play one trade in a loop whose time leaps. Raises `AssertionError` for a broken promise."""

    async def play() -> None:
        await World(terms).play(steps)

    mistakes, log = Mistakes(), logging.getLogger("engine.execution")
    log.addHandler(mistakes)
    try:
        run_leaping(play())
    finally:
        log.removeHandler(mistakes)
    assert mistakes.texts == []
