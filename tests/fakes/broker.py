"""A venue for one account in memory: it fills at a quote, rests, triggers, and fails when told."""

import asyncio
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal
from typing import TypeVar

from domain.accounts import AccountStanding, KeyPermissions, PositionMode
from domain.directions import Direction
from domain.orders import (
    Fill,
    OrderKind,
    OrderReport,
    OrderRequest,
    OrderState,
    Side,
    VenuePosition,
    exit_side,
)
from engine.ports.broker import Broker, Hint, OnHint
from engine.ports.clock import Clock
from tests.fakes.memory_venue import OPEN, MemoryVenue
from tests.fakes.quotes import FakeQuotes

Result = TypeVar("Result")


@dataclass(frozen=True, slots=True, kw_only=True)
class Fault:
    """What goes wrong with one request: `is_late` lets it be carried out before it fails."""

    error: Exception
    is_late: bool = False


class FakeBroker(MemoryVenue, Broker):
    """`calls` are the names of all requests in order, `attempted` the client ids of orders sent,
    `listed` the pairs whose open orders were asked for (None: all).

    With `is_fading` positions end as soon as they were listed.
    """

    def __init__(self, clock: Clock, quotes: FakeQuotes) -> None:
        super().__init__(clock, quotes)
        self.permissions = KeyPermissions(can_trade=True, can_withdraw=False)
        self.hidden_fills = 0
        self.calls: list[str] = []
        self.attempted: list[str] = []
        self.prepared: list[tuple[str, int]] = []
        self.listed: list[str | None] = []
        self.is_closed = False
        self.is_fading = False
        self._faults: dict[str, list[Fault | None]] = defaultdict(list)
        self._asked = asyncio.Event()
        self._gates: dict[str, asyncio.Event] = {}
        self._hints: list[OnHint] = []

    # What a test does to the venue.

    def fail(self, call: str, error: Exception, *, is_late: bool = False, times: int = 1) -> None:
        """Let the next calls of a method fail."""
        self.fail_after(call, 0, error, is_late=is_late, times=times)

    def fail_after(
        self, call: str, sound: int, error: Exception, *, is_late: bool = False, times: int = 1
    ) -> None:
        """Let calls of a method fail once so many of them were carried out."""
        self._faults[call] += [None] * sound
        self._faults[call] += [Fault(error=error, is_late=is_late)] * times

    def mend(self) -> None:
        """Let nothing fail any more."""
        self._faults.clear()

    def hold(self, call: str) -> asyncio.Event:
        """Let calls of a method wait until the event is set."""
        self._gates[call] = asyncio.Event()
        return self._gates[call]

    def hint(self, hint: Hint) -> None:
        """Tell whoever listens that something happened."""
        for on_hint in self._hints:
            on_hint(hint)

    async def is_asked_again(self) -> None:
        """Wait until the next request, whatever it is."""
        self._asked.clear()
        await self._asked.wait()

    @property
    def is_listened_to(self) -> bool:
        return bool(self._hints)

    def fill(self, client_id: str, quantity: Decimal | None = None) -> None:
        """Fill a resting order at its price, in part or all that is left of it."""
        order = self.orders[client_id]
        assert order.price is not None
        left = order.quantity - order.filled_quantity
        self._execute(order, left if quantity is None else quantity, order.price)

    def trigger(self, client_id: str, *, is_filled: bool = True) -> None:
        """Fire a conditional order; its market order is filled at the trigger price."""
        order = self.orders[client_id]
        assert order.trigger is not None
        fired = replace(order, state=OrderState.TRIGGERED, engine_id=f"engine-{order.venue_id}")
        self.orders[client_id] = fired
        if is_filled:
            self._execute(fired, self._reducible(fired), order.trigger)

    def cancel_by_hand(self, client_id: str) -> None:
        self.orders[client_id] = replace(self.orders[client_id], state=OrderState.CANCELLED)

    def trade_by_hand(self, symbol: str, side: Side, quantity: Decimal, price: Decimal) -> None:
        """A person's market order: it opens or adds to a position, or makes one smaller."""
        opposite = Direction.SHORT if side is Side.BUY else Direction.LONG
        direction = opposite if (symbol, opposite) in self.positions else opposite.opposite
        self._book(symbol, direction, side, quantity, price, venue_id=f"hand-{self._next()}")

    def take_away(self, symbol: str, direction: Direction) -> None:
        """The position is gone, and no fill tells why."""
        del self.positions[(symbol, direction)]

    def add_order(self, report: OrderReport) -> None:
        """An order that somebody else placed."""
        self.orders[report.client_id] = report

    def open_orders(self, kind: OrderKind | None = None) -> list[OrderReport]:
        return [
            order
            for order in self.orders.values()
            if order.state in OPEN and kind in (None, order.kind)
        ]

    # The port.

    async def read_permissions(self) -> KeyPermissions:
        return await self._call("read_permissions", lambda: self.permissions)

    async def read_standing(self) -> AccountStanding:
        standing = AccountStanding(
            equity=Decimal(10_000), available=Decimal(8_000), position_mode=PositionMode.ONE_WAY
        )
        return await self._call("read_standing", lambda: standing)

    async def prepare(self, symbol: str, leverage: int) -> None:
        await self._call("prepare", lambda: self.prepared.append((symbol, leverage)))

    async def place(self, request: OrderRequest) -> OrderReport:
        self.attempted.append(request.client_id)
        return await self._call("place", lambda: self._place(request))

    async def cancel(self, request: OrderRequest) -> OrderReport:
        return await self._call("cancel", lambda: self._cancel(request))

    async def find_order(self, request: OrderRequest) -> OrderReport | None:
        def find() -> OrderReport | None:
            order = self.orders.get(request.client_id)
            return order if order is not None and order.symbol == request.symbol else None

        return await self._call("find_order", find)

    async def list_open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        self.listed.append(symbol)

        def listed() -> list[OrderReport]:
            return [order for order in self.open_orders() if symbol in (None, order.symbol)]

        return await self._call("list_open_orders", listed)

    async def list_positions(self) -> list[VenuePosition]:
        held = await self._call("list_positions", lambda: list(self.positions.values()))
        if self.is_fading:
            self.positions.clear()
        return held

    async def list_fills(self, symbol: str, since: datetime) -> list[Fill]:
        def listed() -> list[Fill]:
            told = self.fills[: len(self.fills) - self.hidden_fills]
            return [fill for fill in told if fill.symbol == symbol and fill.at >= since]

        return await self._call("list_fills", listed)

    async def run(self, on_hint: OnHint) -> None:
        await self._call("run", lambda: self._hints.append(on_hint))
        try:
            await asyncio.Event().wait()
        finally:
            self._hints.remove(on_hint)

    async def close(self) -> None:
        self.is_closed = True

    # The machine.

    async def _call(self, name: str, work: Callable[[], Result]) -> Result:
        self.calls.append(name)
        self._asked.set()
        await asyncio.sleep(0)
        gate = self._gates.get(name)
        if gate is not None:
            await gate.wait()
        fault = self._faults[name].pop(0) if self._faults[name] else None
        if fault is None:
            return work()
        if fault.is_late:
            work()
        raise fault.error


def hand_stop(
    symbol: str, direction: Direction, quantity: Decimal, trigger: Decimal
) -> OrderReport:
    """A stop that a person placed at the venue."""
    return OrderReport(
        symbol=symbol,
        client_id="web_7f3k2",
        venue_id="hand-stop",
        state=OrderState.RESTING,
        direction=direction,
        side=exit_side(direction),
        kind=OrderKind.STOP,
        quantity=quantity,
        reduces=True,
        trigger=trigger,
    )
