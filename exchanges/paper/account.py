"""One paper account: the venue's machine, and everything it says written down first."""

import asyncio
from collections.abc import Callable
from typing import TypeVar

from domain.derivatives import Funding
from domain.instruments import Instrument
from domain.timeframes import to_ms
from engine.ports.broker import OnHint
from engine.ports.clock import Clock
from engine.ports.storage import Storage
from exchanges.matching.account import TradingAccount
from exchanges.matching.events import BalanceChanged, ConditionalChanged, Event, OrderChanged
from exchanges.paper.books import decode, encode, new_account, symbol_terms
from exchanges.paper.live_books import LiveBook
from exchanges.paper.parameters import PaperParameters

T = TypeVar("T")


class PaperAccount:
    """Whatever changed is stored before anybody hears of it.

    The market changes the account at once, in memory; a reader waits until that is stored, and for
    any store under way. Where storing fails, the account goes back to what is stored: nobody was
    told anything else.
    """

    def __init__(
        self,
        name: str,
        *,
        storage: Storage,
        clock: Clock,
        parameters: PaperParameters,
    ) -> None:
        self.name = name
        self._storage = storage
        self._clock = clock
        self._parameters = parameters
        self._machine = new_account(parameters)
        self._instruments: dict[str, Instrument] = {}
        self._stored: bytes | None = None
        self._is_changed = False
        self._hinted: set[str] = set()
        self._shown: dict[str, LiveBook] = {}
        self._turn = asyncio.Lock()
        self._listeners: set[OnHint] = set()

    async def load(self) -> None:
        """Take over what was stored last; a new account has nothing."""
        async with self._storage() as unit:
            self._stored = await unit.accounts.load_paper(self.name)
        self._restore()

    @property
    def symbols(self) -> frozenset[str]:
        """Pairs with an order or a position: those whose market matters."""
        machine = self._machine
        return frozenset(
            [each.ticket.symbol for each in machine.open_orders()]
            + [each.ticket.symbol for each in machine.open_conditionals()]
            + [each.symbol for each in machine.positions()]
        )

    def listen(self, on_hint: OnHint) -> Callable[[], None]:
        """Hear of changes, once they are stored; returns how to stop."""
        self._listeners.add(on_hint)
        return lambda: self._listeners.discard(on_hint)

    async def change(self, act: Callable[[TradingAccount, int], T]) -> T:
        """Carry out a request and store what came of it.

        Raises what `act` raises, with nothing changed, and `StorageUnavailableError`.
        """
        async with self._turn:
            result = act(self._machine, self._now_ms())
            self._note()
            await self._store()
        self._tell()
        return result

    async def read(self, look: Callable[[TradingAccount], T]) -> T:
        """What is stored, and nothing else. Raises `StorageUnavailableError`."""
        async with self._turn:
            while self._is_changed:  # again where the market changed it during the last store
                await self._store()
            seen = look(self._machine)
        self._tell()
        return seen

    async def keep(self) -> None:
        """Store what the market has changed, then tell who listens."""
        if self._is_changed:
            await self.read(lambda _machine: None)

    def knows(self, symbol: str) -> bool:
        """Whether a pair was traded here before, on terms that are kept."""
        return symbol in self._instruments

    def know(self, instrument: Instrument) -> None:
        """Trade a pair on its present terms."""
        if self._instruments.get(instrument.symbol) != instrument:
            self._instruments[instrument.symbol] = instrument
            self._machine.set_terms(symbol_terms(instrument, self._parameters))

    def show(self, symbol: str, book: LiveBook) -> bool:
        """Show a book; whether anything came of it."""
        self._shown[symbol] = book
        self._machine.on_book(symbol, book.bids, book.asks, book.at_ms)
        self._machine.on_mark(symbol, book.mid, book.at_ms)
        return self._note()

    def hide(self, symbol: str) -> None:
        """The book of a pair is not known any more."""
        self._shown.pop(symbol, None)
        self._machine.on_book(symbol, (), (), self._now_ms())

    def see(self, symbol: str, book: LiveBook | None) -> None:
        """Make sure that orders meet this book, or none; what was taken from it stays taken."""
        if book is None:
            self.hide(symbol)
        elif self._shown.get(symbol) is not book:
            self.show(symbol, book)

    def trade(self, symbol: str, price: float, quantity: float, is_buy: bool, at_ms: int) -> bool:
        """Show a trade; whether anything came of it."""
        self._machine.on_trade(symbol, price, quantity, is_buy, at_ms)
        return self._note()

    def fund(self, symbol: str, funding: Funding) -> bool:
        """Settle funding at the newest mark; whether anything came of it."""
        mark = self._machine.mark(symbol)
        if mark is None:
            return False
        self._machine.on_funding(symbol, funding.rate, mark, self._now_ms())
        return self._note()

    def forget(self, before_ms: int) -> None:
        """Drop ended orders and fills that are older; stored with the next change."""
        self._machine.forget(before_ms)

    def _note(self) -> bool:
        events = self._machine.drain()
        for event in events:
            symbol = _symbol_of(event)
            if symbol is not None:
                self._hinted.add(symbol)
        self._is_changed = self._is_changed or bool(events)
        return bool(events)

    async def _store(self) -> None:
        content = encode(self._machine, self._instruments)
        # What the market changes from here on is not in `content`: it is another change.
        self._is_changed = False
        try:
            async with self._storage() as unit:
                await unit.accounts.save_paper(self.name, content)
                await unit.commit()
        except BaseException:
            self._restore()
            raise
        self._stored = content

    def _restore(self) -> None:
        self._is_changed = False
        self._hinted.clear()
        self._shown.clear()
        if self._stored is None:
            self._machine, self._instruments = new_account(self._parameters), {}
        else:
            self._machine, self._instruments = decode(self._stored, self._parameters)

    def _tell(self) -> None:
        if self._is_changed:
            return  # told when the newer change is stored
        hinted, self._hinted = self._hinted, set()
        for symbol in hinted:
            for listener in tuple(self._listeners):
                listener(symbol)

    def _now_ms(self) -> int:
        return to_ms(self._clock.now())


def _symbol_of(event: Event) -> str | None:
    match event:
        case OrderChanged():
            return event.order.ticket.symbol
        case ConditionalChanged():
            return event.conditional.ticket.symbol
        case BalanceChanged():
            return None if event.position is None else event.position.symbol
        case _:
            return event.position.symbol
