"""An account at work: its broker, whether it may trade, and what was last seen of it."""

import asyncio
from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from typing import Final

from domain.accounts import Account
from domain.directions import Direction
from domain.errors import (
    AccessRefusedError,
    OrderLimitError,
    RateLimitedError,
    TemporaryVenueError,
)
from domain.orders import OrderReport, VenuePosition
from engine.ports.broker import Broker
from engine.ports.clock import Clock

_ALL_ARE_CHEAPER_FROM: Final = 40
"""Pairs: Binance weighs a question about all of them like 40 about one each."""

_STOPS_FIRST_SECONDS: Final = 0.5
"""Wall: how much later than what protects and closes all other orders go out after a pause."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All positions of an account and its open orders, asked from `began_at` (monotonic second) on.

    Orders are those of `symbols`, of all pairs where that is None.
    """

    began_at: float
    orders: tuple[OrderReport, ...]
    positions: tuple[VenuePosition, ...]
    symbols: frozenset[str] | None = None

    def tells_of(self, symbol: str) -> bool:
        """Whether the open orders of a pair were asked for."""
        return self.symbols is None or symbol in self.symbols

    def held(self, symbol: str, direction: Direction) -> VenuePosition | None:
        """The position on a pair in a direction, None when it is flat."""
        found = (
            each for each in self.positions if (each.symbol, each.direction) == (symbol, direction)
        )
        return next(found, None)

    def orders_of(self, symbol: str) -> list[OrderReport]:
        """Open orders on a pair."""
        return [order for order in self.orders if order.symbol == symbol]


@dataclass(slots=True, kw_only=True)
class AccountVenue:
    """One account and its broker; `broker` is None until the venue was reached with a usable key.

    `halted` says why nothing new may be entered on it, `bar` why the settings or the readiness gate
    forbid it for now; `foreign` why not on single pairs. Until `is_reconciled` nothing is entered
    either, but for no reason to refuse anything. `compare` asks for a new comparison with the
    books; `opening` lets one open the broker at a time.
    """

    account: Account
    clock: Clock
    broker: Broker | None = None
    halted: str | None = None
    bar: Callable[[], str | None] = lambda: None
    is_reconciled: bool = False
    foreign: dict[str, str] = field(default_factory=dict)
    reading: Reading | None = None
    compare: asyncio.Event = field(default_factory=asyncio.Event)
    opening: asyncio.Lock = field(default_factory=asyncio.Lock)
    _quiet_until: float = float("-inf")
    _orders_quiet_until: float = float("-inf")

    @property
    def name(self) -> str:
        """The name of the account."""
        return self.account.name

    def connected(self) -> Broker:
        """The broker.

        Raises `AccessRefusedError` where there is no usable key, `TemporaryVenueError` before the
        venue was reached.
        """
        if self.broker is not None:
            return self.broker
        if self.halted is not None:
            raise AccessRefusedError(self.halted)
        raise TemporaryVenueError(f"{self.name}: the exchange was not reached yet")

    def refusal_for(self, symbol: str) -> str | None:
        """Why nothing new may be entered on a pair, for good as far as is known."""
        return self.ban or self.foreign.get(symbol)

    @property
    def ban(self) -> str | None:
        """Why nothing new may be entered on any pair, for good as far as is known."""
        return self.halted or self.bar()

    @property
    def is_ready(self) -> bool:
        """Whether something new may be entered at all."""
        return self.is_reconciled and self.ban is None

    def may_enter(self, symbol: str) -> bool:
        """Whether something new may be entered on a pair now."""
        return self.is_ready and symbol not in self.foreign

    def halt(self, reason: str) -> None:
        """Enter nothing new until a comparison with the venue finds everything in order."""
        self.halted = reason

    def rest(self, seconds: float) -> None:
        """Leave the venue alone for so many wall seconds."""
        self._quiet_until = max(self._quiet_until, self.clock.monotonic() + seconds)

    def heed(self, error: RateLimitedError) -> None:
        """Leave the venue alone as long as it asks; where it counts orders, place none."""
        if not isinstance(error, OrderLimitError):
            self.rest(error.retry_after_seconds)
            return
        until = self.clock.monotonic() + error.retry_after_seconds
        self._orders_quiet_until = max(self._orders_quiet_until, until)

    @property
    def takes_entries(self) -> bool:
        """Whether an entry that is sent now would go out now."""
        return self.takes_targets and self.clock.monotonic() >= self._quiet_until

    @property
    def takes_targets(self) -> bool:
        """Whether orders may be placed that protect and close nothing: those go first."""
        return self.clock.monotonic() >= self._orders_quiet_until + _STOPS_FIRST_SECONDS

    async def wait_turn(self) -> None:
        """Until the venue may be asked again, as far as is known now."""
        await self._wait_until(self._quiet_until)

    async def wait_turn_to_order(self) -> None:
        """Until an order may be placed that protects or closes, as far as is known now."""
        await self._wait_until(max(self._quiet_until, self._orders_quiet_until))

    async def _wait_until(self, instant: float) -> None:
        wait = instant - self.clock.monotonic()
        if wait > 0:
            await asyncio.sleep(wait)

    def reading_of(self, symbol: str) -> Reading | None:
        """The newest reading, if it tells of a pair."""
        reading = self.reading
        return reading if reading is not None and reading.tells_of(symbol) else None

    async def read(self, symbols: Collection[str] | None = None) -> Reading:
        """Ask for positions, and for the open orders of some pairs or (None) of all.

        Raises what a broker raises.
        """
        broker = self.connected()
        await self.wait_turn()
        began_at = self.clock.monotonic()
        orders = await _open_orders(broker, symbols)
        self.reading = Reading(
            began_at=began_at,
            orders=tuple(orders),
            positions=tuple(await broker.list_positions()),
            symbols=None if symbols is None else frozenset(symbols),
        )
        return self.reading


async def _open_orders(broker: Broker, symbols: Collection[str] | None) -> list[OrderReport]:
    if symbols is None or len(symbols) >= _ALL_ARE_CHEAPER_FROM:
        return await broker.list_open_orders()
    listed = await asyncio.gather(*(broker.list_open_orders(each) for each in sorted(symbols)))
    return [order for orders in listed for order in orders]
