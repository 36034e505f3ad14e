"""The venue of the model: the real matching machine, a market moved by hand, hints of any kind."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.accounts import PositionMode
from domain.directions import Direction
from domain.instruments import Instrument
from domain.orders import exit_side
from domain.timeframes import to_ms
from engine.ports.broker import OnHint, Quote, Quotes
from engine.ports.clock import Clock
from exchanges.matching.account import TradingAccount
from exchanges.matching.terms import AccountTerms, SymbolTerms
from exchanges.matching.usual_brackets import usual_brackets

WALLET: Final = Decimal(10_000)
PLENTY: Final = Decimal(1000)
_HALF_SPREAD: Final = Decimal("0.05")
_LATE_HINT_SECONDS: Final = 2.0
_ANSWERS_SECONDS: Final = 0.1
_NOTHING: Final = Decimal(0)


class ModelClock(Clock):
    """Exchange time and wall seconds are those of the running event loop."""

    def __init__(self, start: datetime) -> None:
        self._start = start

    def now(self) -> datetime:
        return self._start + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()

    async def sleep(self, exchange_seconds: float) -> None:
        await asyncio.sleep(exchange_seconds)


class Hints(StrEnum):
    """How the account's stream tells what happened."""

    AT_ONCE = "at once"
    TWICE = "twice"
    LATE = "late"
    NEVER = "never"


class ModelVenue(Quotes):
    """One pair, one account. `watchers` are called after everything that may have changed it.

    `disturbed_at` is when market or hand last did something (monotonic second); what must never be
    and was seen all the same is told in `broken`.
    """

    def __init__(
        self,
        instrument: Instrument,
        direction: Direction,
        price: Decimal,
        clock: Clock,
        mode: PositionMode,
    ) -> None:
        terms = SymbolTerms(
            instrument=instrument,
            brackets=usual_brackets(instrument.base),
            highest_share=Decimal("1.15"),
            lowest_share=Decimal("0.85"),
        )
        self.account = TradingAccount(AccountTerms(wallet=WALLET, position_mode=mode), [terms])
        self.symbol, self.direction = instrument.symbol, direction
        self.price, self.depth = price, PLENTY
        self.hints = Hints.AT_ONCE
        self.listeners: list[OnHint] = []
        self.watchers: list[Callable[[], None]] = []
        self.disturbed_at = float("-inf")
        self.broken: list[str] = []
        self._clock = clock
        self.show()

    @property
    def now_ms(self) -> int:
        return to_ms(self._clock.now())

    @property
    def held(self) -> Decimal:
        """What is held in the direction of the trade, in base units."""
        position = self.account.position(self.symbol, self.direction)
        return _NOTHING if position is None else position.quantity

    @property
    def covered(self) -> Decimal:
        """What waiting stops would close of it, whoever placed them."""
        side = exit_side(self.direction)
        waiting = (each.ticket for each in self.account.open_conditionals())
        return sum((each.quantity or PLENTY for each in waiting if each.side is side), _NOTHING)

    def quote(self, symbol: str) -> Quote | None:
        assert symbol == self.symbol
        return Quote(bid=self.price - _HALF_SPREAD, ask=self.price + _HALF_SPREAD, age_seconds=0.0)

    def move(self, price: Decimal, *, is_traded: bool) -> None:
        """The market goes to a price: through trades, or in one leap of the book."""
        is_up, self.price = price > self.price, price
        self.disturb()
        if is_traded:
            self.account.on_trade(self.symbol, price, PLENTY, is_up, self.now_ms)
        self.show()

    def tell_broken(self, promise: str) -> None:
        """Something is as it must never be."""
        if promise not in self.broken:
            self.broken.append(promise)

    def is_calm(self) -> bool:
        """Whether the bot alone has acted for as long as two sound answers take."""
        return self._clock.monotonic() - self.disturbed_at > _ANSWERS_SECONDS

    def show(self) -> None:
        """Show the book, as deep as it is now, and the mark price in its middle."""
        steps = (_HALF_SPREAD, 2 * _HALF_SPREAD)
        bids = [(self.price - step, self.depth) for step in steps]
        asks = [(self.price + step, self.depth) for step in steps]
        self.account.on_book(self.symbol, bids, asks, self.now_ms)
        self.account.on_mark(self.symbol, self.price, self.now_ms)
        self.note()

    def note(self) -> None:
        """Whatever was done to the account is over: tell of it."""
        if self.account.drain():
            self._hint()
        for watcher in self.watchers:
            watcher()

    def disturb(self) -> None:
        """Somebody else than the bot acts."""
        self.disturbed_at = self._clock.monotonic()

    def _hint(self) -> None:
        loop = asyncio.get_running_loop()
        if self.hints is Hints.LATE:
            loop.call_later(_LATE_HINT_SECONDS, self._tell)
        elif self.hints is not Hints.NEVER:
            loop.call_soon(self._tell)
        if self.hints is Hints.TWICE:
            loop.call_later(_LATE_HINT_SECONDS, self._tell)

    def _tell(self) -> None:
        for listener in tuple(self.listeners):
            listener(self.symbol)
