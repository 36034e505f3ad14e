"""The life of a trade from outside: a trader who presses, a market that moves, and what they see.

Both look at the venue, or at their chat, and know nothing of the process that may die meanwhile.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.intents import IntentState
from domain.orders import Side
from domain.plans import TradePlan
from exchanges.matching.account import TradingAccount
from exchanges.matching.records import ConditionalOrder
from tests.killpoints.ground import SYMBOL, Ground

_LOOK_SECONDS: Final = 0.02
_PATIENCE_SECONDS: Final = 60.0
_BEYOND: Final = Decimal("0.05")
"""How far the market goes past a price that is to be met, in R."""

_BOOK_SECONDS: Final = 0.25
"""Longer than a book takes from the venue to the bot."""

Ask = Callable[[str], Awaitable[str]]
"""Asks the bot that lives at the moment, until one answers."""


class StuckError(Exception):
    """What had to come did not come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """Steps in order; each waits for what it needs."""

    ground: Ground
    ask: Ask

    async def enter(self) -> None:
        """Press and confirm, again wherever no answer came, until the trade is on its way."""
        for _ in range(200):
            state = await self.ask("press")
            if state == IntentState.OFFERED:
                state = await self.ask("confirm")
            if state in (IntentState.CONFIRMED, IntentState.ENTERED):
                return
            await asyncio.sleep(0.05)
        raise StuckError(f"the trade is not taken: {state}")

    async def reach_first_target(self) -> None:
        await self._until("stop and three targets rest", lambda seen: seen.is_set_up(3))
        await self._move_past(self._plan.targets[0].price)

    async def settle_at_break_even(self) -> None:
        await self._until(
            "the stop is at break-even",
            lambda seen: seen.is_set_up(2) and seen.stop > seen.paid > 0,
        )

    async def reach_second_target(self) -> None:
        await self.settle_at_break_even()
        await self._move_past(self._plan.targets[1].price)

    async def trail(self) -> None:
        first = self._plan.targets[0].price
        await self._until(
            "the stop is at the first target", lambda seen: seen.is_set_up(1) and seen.stop >= first
        )
        self._trail_to(Decimal("3.5"))
        trailed = self._plan.entry + Decimal("2.5") * self._plan.stop_distance
        await self._until(
            "the stop trails", lambda seen: seen.is_set_up(1) and seen.stop >= trailed
        )

    async def fall_to_stop(self) -> None:
        """Down through the trailing stop."""
        self.ground.move_to(self._plan.targets[0].price)
        await self._until_over()

    async def close(self) -> None:
        """The trader closes, until it is over."""
        while not await self.ground.is_over():
            await self.ask("close")
            await asyncio.sleep(0.1)

    @property
    def _plan(self) -> TradePlan:
        return self.ground.plan

    async def _move_past(self, price: Decimal) -> None:
        """Near it first: on paper a trade may be known before the book that it left behind."""
        room = _BEYOND * self._plan.stop_distance
        self.ground.move_to(price - room)
        await asyncio.sleep(_BOOK_SECONDS)
        self.ground.move_to(price + room)

    def _trail_to(self, multiple: Decimal) -> None:
        self.ground.move_to(self._plan.entry + multiple * self._plan.stop_distance)

    async def _until(self, words: str, condition: Callable[["Seen"], bool]) -> None:
        async def look() -> bool:
            return condition(Seen(await self.ground.books()))

        try:
            await _wait(words, look)
        except StuckError as error:
            raise StuckError(f"{error}; {Seen(await self.ground.books())}") from error

    async def _until_over(self) -> None:
        await _wait("the trade is over", self.ground.is_over)


@dataclass(frozen=True, slots=True)
class Seen:
    """The venue's books at a glance."""

    books: TradingAccount

    def __str__(self) -> str:
        waiting = [order.ticket.client_id for order in self.books.open_orders(SYMBOL)]
        stops = [f"{each.ticket.client_id} {each.ticket.trigger}" for each in self.stops]
        return f"held {self.held}, orders {waiting}, stops {stops}"

    @property
    def held(self) -> Decimal:
        """What is open, in base units."""
        return sum((each.quantity for each in self.books.positions(SYMBOL)), Decimal(0))

    @property
    def paid(self) -> Decimal:
        """What the entry cost per unit; 0 before there is one."""
        entries = [e for e in self.books.executions(SYMBOL, 0) if e.ticket.side is Side.BUY]
        quantity = sum((each.quantity for each in entries), Decimal(0))
        cost = sum((each.price * each.quantity for each in entries), Decimal(0))
        return cost / quantity if quantity else Decimal(0)

    @property
    def stops(self) -> list[ConditionalOrder]:
        """Stops that wait."""
        return self.books.open_conditionals(SYMBOL)

    @property
    def stop(self) -> Decimal:
        """Where the newest of them waits."""
        return self.stops[-1].ticket.trigger if self.stops else Decimal(0)

    def is_set_up(self, targets: int) -> bool:
        """Whether exactly one stop covers the position, and so many targets wait."""
        waiting = self.books.open_orders(SYMBOL)
        fits = [stop.ticket.quantity for stop in self.stops] == [self.held]
        return self.held > 0 and fits and len(waiting) == targets


async def _wait(words: str, look: Callable[[], Awaitable[bool]]) -> None:
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while not await look():  # noqa: ASYNC110 - a venue says nothing when it happens
                await asyncio.sleep(_LOOK_SECONDS)
    except TimeoutError as error:
        raise StuckError(f"never seen: {words}") from error
