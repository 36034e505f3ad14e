"""The trading floor: the market as it stands at the venue's own time."""

from dataclasses import replace
from enum import StrEnum
from typing import Final

from domain.errors import ConfigurationError
from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.book import Book, book_at
from exchanges.simulator.market.moves import moved
from exchanges.simulator.market.pairs import Market, Pair
from exchanges.simulator.market.tape import Tape
from exchanges.simulator.settings import SimulatorSettings

_BOOK_PERIOD_MS: Final = 100


class Status(StrEnum):
    """A listing's state in exchangeInfo."""

    PENDING = "PENDING_TRADING"
    TRADING = "TRADING"
    SETTLING = "SETTLING"


class TradingFloor:
    """What REST answers and streams are made from: the market, the clock and the settings."""

    def __init__(self, market: Market, clock: SimulatorClock, settings: SimulatorSettings) -> None:
        self.market = market
        self.clock = clock
        self.settings = settings
        self.tape = Tape(settings.trades_at(clock.speed))
        self._book_grid_ms = round(_BOOK_PERIOD_MS * max(1.0, clock.speed))

    def now_ms(self) -> int:
        """Exchange time."""
        return self.clock.now_ms()

    def status(self, pair: Pair) -> Status:
        """Whether a pair is listed yet, trades, or is being settled."""
        if self.now_ms() < pair.bars.start_ms:
            return Status.PENDING
        over = pair.bars.end_ms < self.market.end_ms and self.now_ms() >= pair.bars.end_ms
        return Status.SETTLING if pair.contract.settling or over else Status.TRADING

    def listed(self) -> list[Pair]:
        """Pairs that have begun to trade."""
        now = self.now_ms()
        return [pair for pair in self.market.pairs if pair.bars.start_ms <= now]

    def book_times(self, after_ms: int, until_ms: int, period_ms: int) -> range:
        """Instants at which books change: every `period_ms` of wall time, in exchange time."""
        grid = self._book_grid_ms * period_ms // _BOOK_PERIOD_MS
        return range((after_ms // grid + 1) * grid, until_ms // grid * grid + 1, grid)

    def book(self, pair: Pair, levels: int) -> Book:
        """The book as of its newest change."""
        at_ms = self.now_ms() // self._book_grid_ms * self._book_grid_ms
        return self.book_at(pair, at_ms, levels)

    def book_at(self, pair: Pair, at_ms: int, levels: int) -> Book:
        """The book right after the trades of an instant."""
        return book_at(self.tape, pair, at_ms, levels)

    def move(self, symbol: str, factor: float) -> None:
        """Let the price of a listed pair jump by a factor, from the next instant on.

        Raises ConfigurationError for a symbol that does not trade and a factor that is no price.
        """
        pair, at_ms = self.find(symbol), self.now_ms() + 1
        if pair is None:
            raise ConfigurationError(
                f"no pair {symbol} is listed; /fapi/v1/exchangeInfo tells them"
            )
        so_far = self.tape.columns(pair, at_ms // MINUTE_MS)
        after = moved(pair, so_far, at_ms, factor)
        pairs = tuple(after if each is pair else each for each in self.market.pairs)
        self.market = replace(self.market, pairs=pairs)
        self.tape.forget(symbol)

    def find(self, symbol: str) -> Pair | None:
        """A listed pair by its symbol, None when there is none."""
        pair = self.market.by_symbol.get(symbol)
        return pair if pair is not None and pair.bars.start_ms <= self.now_ms() else None
