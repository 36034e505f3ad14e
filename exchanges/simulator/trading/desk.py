"""The trading desk: every account of the venue, brought up to the venue's own time."""

from collections.abc import Callable
from decimal import Decimal
from typing import Final

from domain.errors import ConfigurationError
from exchanges.matching.account import TradingAccount
from exchanges.matching.events import Event
from exchanges.matching.terms import SymbolTerms
from exchanges.simulator.floor import Status, TradingFloor
from exchanges.simulator.market.pairs import Pair
from exchanges.simulator.rest.endpoints import VenueError
from exchanges.simulator.trading.happenings import happenings, shown, standing
from exchanges.simulator.trading.numbers import Numbers
from exchanges.simulator.trading.terms import account_terms, symbol_terms, tradable
from exchanges.simulator.trading.trader import Trader

OnEvents = Callable[[Trader, list[Event]], None]

_KEPT_MS: Final = 90 * 24 * 3_600_000
_TIDY_EVERY_MS: Final = 24 * 3_600_000


class TradingDesk:
    """All accounts. Where nobody holds an order or a position it costs next to nothing.

    `on_events` is told what happened to an account, in order. Raises `ConfigurationError` for two
    accounts with one name or key.
    """

    def __init__(self, floor: TradingFloor, on_events: OnEvents) -> None:
        self.floor = floor
        self._on_events = on_events
        self._tidied_ms = floor.now_ms()
        self._traders: dict[str, Trader] | None = None
        self._terms: dict[str, SymbolTerms] | None = None
        accounts = floor.settings.accounts
        for taken in ([a.name for a in accounts], [a.api_key for a in accounts]):
            if len(set(taken)) < len(taken):
                raise ConfigurationError(
                    f"accounts of the simulated venue share a name or key: {taken}"
                )

    @property
    def traders(self) -> dict[str, Trader]:
        """Every account under its key, opened when the first request asks for one."""
        if self._traders is None:
            self._traders = self._opened()
        return self._traders

    @property
    def terms(self) -> dict[str, SymbolTerms]:
        """On which terms each symbol is traded."""
        if self._terms is None:
            self._terms = {each.symbol: each for each in symbol_terms(self.floor.market.pairs)}
        return self._terms

    def _opened(self) -> dict[str, Trader]:
        floor = self.floor
        return {
            account.api_key: Trader(
                account,
                Numbers(place),
                TradingAccount(account_terms(account), self.terms.values()),
                floor.clock,
                floor.settings,
            )
            for place, account in enumerate(floor.settings.accounts)
        }

    def named(self, name: str) -> Trader:
        """The account of a name. Raises `ConfigurationError`."""
        for trader in self.traders.values():
            if trader.account.name == name:
                return trader
        names = ", ".join(each.account.name for each in self.traders.values())
        raise ConfigurationError(f"no account is called {name!r}; there are: {names}")

    def tradable(self, symbol: str) -> Pair:
        """The pair of a symbol that takes orders. Raises `VenueError`."""
        pair = self.floor.find(symbol)
        if pair is None or not tradable(pair.contract):
            raise VenueError(-1121, "Invalid symbol.")
        return pair

    def open_for_orders(self, trader: Trader, symbol: str) -> int:
        """Show an account the pair that it is about to trade; tells the time. Raises as above."""
        pair = self.tradable(symbol)
        if self.floor.status(pair) is not Status.TRADING:
            raise VenueError(-4108, "Symbol is on delivering or delivered or settling or closed.")
        self.advance(trader)
        if symbol not in trader.symbols:
            self.show_standing(trader, symbol)
        return trader.seen_ms

    def show_standing(self, trader: Trader, symbol: str) -> None:
        """Show an account mark and book of a pair as they were when it was last looked at."""
        for happening in standing(self.floor, self.tradable(symbol), trader.seen_ms):
            happening.show(trader.books)

    def thin_out(self, trader: Trader, symbol: str, share: float, quantity: Decimal) -> None:
        """Show an account a book in which no more than a share of a quantity is found."""
        pair = self.tradable(symbol)
        book = self.floor.book_at(pair, trader.seen_ms, levels=1)
        steps = max(1, int(Decimal(str(share)) * quantity / pair.contract.step))
        bids, asks = (dict.fromkeys(side, steps) for side in (book.bids, book.asks))
        trader.books.on_book(symbol, shown(pair, bids), shown(pair, asks), trader.seen_ms)

    def advance_all(self) -> None:
        """Bring every account up to now."""
        traders = [] if self._traders is None else self._traders.values()
        for trader in traders:
            self.advance(trader)
        if self.floor.now_ms() - self._tidied_ms > _TIDY_EVERY_MS:
            self._tidied_ms = self.floor.now_ms()
            for trader in traders:
                trader.books.forget(self._tidied_ms - _KEPT_MS)

    def advance(self, trader: Trader) -> None:
        """Show an account what the market did since it was last looked at, and tell what came."""
        now_ms = self.floor.now_ms()
        if now_ms > trader.seen_ms:
            begin_ms, trader.seen_ms = trader.seen_ms, now_ms
            self._show(trader, begin_ms, now_ms)
            self._count_down(trader, now_ms)
        self.tell(trader)

    def tell(self, trader: Trader) -> None:
        """Pass on what happened to an account."""
        events = trader.drain()
        if events:
            self._on_events(trader, events)

    def _show(self, trader: Trader, begin_ms: int, now_ms: int) -> None:
        found = (self.floor.find(symbol) for symbol in sorted(trader.symbols))
        pairs = [pair for pair in found if pair is not None]
        for happening in happenings(self.floor, pairs, begin_ms, now_ms):
            happening.show(trader.books)

    def _count_down(self, trader: Trader, now_ms: int) -> None:
        for symbol, at_ms in list(trader.countdowns.items()):
            if at_ms <= now_ms:
                del trader.countdowns[symbol]
                trader.books.cancel_all(symbol, now_ms)
