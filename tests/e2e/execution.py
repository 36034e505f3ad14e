"""Traders at work on a line: they press and read their cards; prices go where a test wants them."""

import asyncio
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from decimal import Decimal
from types import MappingProxyType
from typing import Any

from aiohttp import ClientSession

from app.application import Application
from bot.presenters.conversation import TOO_FAST
from domain.positions import PositionBooks
from domain.signals import FollowedSignal, Signal, SignalState
from engine.issue import FRESH_STATES
from exchanges.simulator import USUAL_ACCOUNT, SimulatedAccount
from tests.e2e.line import EAGER, PATIENT_BREAKERS, Line, number_of, open_line
from tests.e2e.waiting import until, until_seen
from tests.telegram_server import Answer, Message, SimulatedUser

EXECUTE = "⚡ Execute"
CONFIRM = "✅ Confirm"
DECLINE = "✖️ Decline"
HALF = "Half"

_SPEED = 120.0
"""A quarter of an hour in 7.5 s: slow enough for people, and for what is counted in seconds."""

_START = datetime(2026, 1, 6, 8, 6, tzinfo=UTC)
"""A few minutes before a close: about what a bot needs to start."""

_LEFT_SECONDS = 3 * _SPEED
"""How long a signal must still be open to be taken for a test: 3 s."""

_NEAR = Decimal("0.002")
"""How near to where a price was put it is seen then, as a fraction: books have a spread."""


@dataclass(slots=True, kw_only=True)
class Floor:
    """A line with one bot, which can be stopped and started."""

    line: Line
    _bot: Application | None = None
    _running: AsyncExitStack = field(default_factory=AsyncExitStack)
    _taken: set[str] = field(default_factory=set)

    @property
    def bot(self) -> Application:
        """The running bot."""
        assert self._bot is not None
        return self._bot

    async def start(self, line: Line | None = None) -> None:
        """Start a bot, on other settings if another line around the same venue is given."""
        self._bot = await self._running.enter_async_context((line or self.line).bot())

    async def stop(self) -> None:
        """Stop the bot in order."""
        self._bot = None
        await self._running.aclose()

    async def hire(self, user_id: int) -> "Trader":
        """Somebody who has pressed Start. People are throttled: a test takes its own."""
        trader = self.meet(user_id)
        await trader.user.send("/start")
        return trader

    def meet(self, user_id: int) -> "Trader":
        """Somebody who has not pressed Start yet."""
        return Trader(user=self.line.telegram.user(user_id, f"Trader {user_id}"), floor=self)

    async def command(self, command: str, answer: str) -> Message:
        """An admin's command, and the answer that holds a text."""
        return await self.line.ask(command, answer)

    async def fresh_signal(self, *, alone: bool = False) -> Signal:
        """A signal with some time left and its price at the entry; `alone`: nobody else's now."""
        found = await until(self._fresh_at_entry, "no fresh signal on a free pair", seconds=90)
        if alone:
            self._taken.add(found.instrument.symbol)
        return found

    async def _fresh_at_entry(self) -> Signal | None:
        """One that its price has not stopped out before it was put back to the entry."""
        found = await self._find_fresh()
        if found is None:
            return None
        await self.put_price(found, found.plan.entry)
        async with self.line.storage() as unit:
            now = await unit.signals.find(found.id)
        return found if now is not None and self._is_fresh(now, self._offering()) else None

    async def _find_fresh(self) -> Signal | None:
        async with self.line.storage() as unit:
            live = await unit.signals.list_live()
        offering = self._offering()
        return next((one.signal for one in reversed(live) if self._is_fresh(one, offering)), None)

    def _offering(self) -> set[int]:
        """Signals whose posts show the button: one edited while execution was off has none."""
        return {number_of(post) for post in self.line.posts() if post.keyboard.find(EXECUTE)}

    def _is_fresh(self, followed: FollowedSignal, offering: set[int]) -> bool:
        signal = followed.signal
        left = (signal.valid_until - self.line.now()).total_seconds()
        return (
            signal.instrument.symbol not in self._taken
            and signal.id in offering
            and followed.course.state in FRESH_STATES
            and left > _LEFT_SECONDS
        )

    async def put_price(self, signal: Signal, price: Decimal) -> None:
        """Move a pair's price at the venue, and wait until the bot has seen it."""
        symbol = signal.instrument.symbol
        order = {"symbol": symbol, "price": float(price)}
        async with (
            ClientSession() as session,
            session.post(f"{self.line.venue.rest_url}/simulator/move", json=order) as answer,
        ):
            assert answer.status == 200, await answer.text()
        await until_seen(lambda: self._is_near(symbol, price), f"{symbol} does not go to {price}")

    def _is_near(self, symbol: str, price: Decimal) -> bool:
        quote = self.bot.trading.quotes.quote(symbol)
        return quote is not None and abs(quote.bid / price - 1) < _NEAR

    async def enter_signal(self, signal: Signal) -> None:
        """Keep the price at the entry until the signal itself counts as entered."""

        async def is_entered() -> bool:
            await self.put_price(signal, signal.plan.entry)
            async with self.line.storage() as unit:
                followed = await unit.signals.find(signal.id)
            return followed is not None and followed.course.state is SignalState.TRIGGERED

        await until(is_entered, f"signal {signal.id} is not entered", pause=0.2)

    def post_of(self, signal: Signal) -> Message:
        """The signal's post in the channel."""
        return next(post for post in self.line.posts() if number_of(post) == signal.id)

    async def post_shows(self, signal: Signal, *words: str) -> Message:
        """Wait until the signal's post holds texts."""

        def look(_: Sequence[Message]) -> Message | None:
            post = self.post_of(signal)
            return post if all(each in post.text for each in words) else None

        return await self.line.channel.wait(look)

    async def books_of(self, user_id: int) -> list[PositionBooks]:
        """Everything kept of the positions of a trader, oldest first."""
        async with self.line.storage() as unit:
            numbers = range(1, await unit.positions.next_id())
            found = [await unit.positions.find_books(number) for number in numbers]
        return [books for books in found if books and books.position.user_id == user_id]


@dataclass(frozen=True, slots=True, kw_only=True)
class Trader:
    """Somebody who presses and reads."""

    user: SimulatedUser
    floor: Floor

    async def execute(self, signal: Signal) -> Answer:
        """Press *execute* under a signal's post."""
        line = self.floor.line
        press = await self.user.press(line.channel, self.floor.post_of(signal).id, EXECUTE)
        return await press.answer()

    async def offered(self, signal: Signal) -> Message:
        """Press *execute*; the card that asks for a confirmation."""
        known = len(self.user.chat.posts)
        answer = await self.execute(signal)
        assert "See our private chat" in answer.text
        return await self._new(known, "CONFIRM?")

    async def press(self, card: Message, label: str) -> Answer:
        """Press a button under a card."""
        return await (await self.user.press(self.user.chat, card.id, label)).answer()

    async def confirmed(self, signal: Signal) -> Message:
        """Take half of a signal and confirm it; the card once stop and targets rest."""
        card = await self.offered(signal)
        await self.press(card, HALF)
        await self.shows(card, "50% of the full size")
        await self.press(card, CONFIRM)
        return await self.shows(card, "OPEN", "✅ Filled", "✅ Protected", "🎯 TP3")

    async def shows(self, card: Message, *words: str) -> Message:
        """Wait until a card holds texts."""

        def look(_: Sequence[Message]) -> Message | None:
            return card if all(each in card.text for each in words) else None

        return await self.user.chat.wait(look)

    async def told(self, *words: str) -> Message:
        """Wait for a message that holds texts."""
        return await self._new(0, *words)

    async def told_after(self, known: int, *words: str) -> Message:
        """The same among the messages behind the first `known` ones."""
        return await self._new(known, *words)

    async def says(self, command: str, *words: str) -> Message:
        """Send a command, again if that was too fast; the answer that holds texts."""

        def look(posts: Sequence[Message]) -> Message | None:
            new = posts[known:]
            return _fitting(new, words) or _fitting(new, (TOO_FAST,))

        while True:
            known = len(self.user.chat.posts)
            await self.user.send(command)
            answer = await self.user.chat.wait(look)
            if TOO_FAST not in answer.text:
                return answer
            await asyncio.sleep(1.0)

    async def books(self) -> PositionBooks:
        """Everything kept of the trader's newest position."""
        return (await self.floor.books_of(self.user.id))[-1]

    async def reaches(self, look: Callable[[PositionBooks], bool], what: str) -> PositionBooks:
        """Wait until the books of the newest position are as they should be."""

        async def read() -> PositionBooks | None:
            books = await self.books()
            return books if look(books) else None

        return await until(read, what)

    async def _new(self, known: int, *words: str) -> Message:
        return await self.user.chat.wait(lambda posts: _fitting(posts[known:], words))


def _fitting(posts: Sequence[Message], words: Sequence[str]) -> Message | None:
    """The first of some messages that holds texts."""
    return next((one for one in posts if all(each in one.text for each in words)), None)


@asynccontextmanager
async def open_floor(
    database_url: str,
    *,
    traders: Sequence[int],
    window_seconds: float,
    accounts: Sequence[SimulatedAccount] = (USUAL_ACCOUNT,),
    sections: Mapping[str, Mapping[str, Any]] = MappingProxyType({}),
) -> AsyncIterator[Floor]:
    """A line with a bot at work; signals can be entered for `window_seconds` of exchange time."""
    async with open_line(
        database_url,
        start=_START,
        pairs=8,
        strategy=_strategy(window_seconds),
        speed=_SPEED,
        accounts=accounts,
        sections={**sections, "telegram": {"trader_ids": tuple(traders)}},
    ) as line:
        floor = Floor(line=line)
        await floor.start()
        try:
            yield floor
        finally:
            await floor.stop()


def _strategy(window_seconds: float) -> Mapping[str, Any]:
    """Candles alone decide, for order flow takes time to be known; prices are put by hand."""
    return {
        **EAGER,
        "confluence": {**EAGER["confluence"], "layers": ("technical",)},
        "risk": {
            **EAGER["risk"],
            "lifecycle": {"maximum_hold_candles": 8},
            "breakers": PATIENT_BREAKERS,
        },
        "issue": {
            "entry_window_seconds": window_seconds,
            "maximum_lateness_seconds": min(850.0, window_seconds),
        },
        "execution": {"maximum_drift_r": 0.8},
    }
