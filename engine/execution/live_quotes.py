"""Best prices of the streamed pairs, as a trader needs them: the newest, and how old it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Final

from domain.derivatives import Liquidation
from domain.instruments import to_decimal
from domain.order_book import Level
from domain.timeframes import to_ms
from engine.ports.broker import Quote, Quotes
from engine.ports.clock import Clock
from engine.ports.order_flow import FlowListener

_OF_NO_USE_SECONDS: Final = 60.0
"""A quote that is older is none: the health report complains of such a book, too."""


@dataclass(frozen=True, slots=True)
class _Best:
    """Best bid and ask of a pair, and the exchange time of the book that told them."""

    bid: float
    ask: float
    told_ms: int


class LiveQuotes(FlowListener, Quotes):
    """Listens to books and trades.

    They come over sockets of their own: that trades arrive does not prove that the book is of now.
    So a quote is as old as the book it was taken from; only `heard_seconds` counts both.

    `speed` is how fast exchange time runs against wall time: an event takes as long as ever through
    a socket, so ages are told as if time ran at 1.
    """

    def __init__(self, clock: Clock, *, speed: float = 1.0) -> None:
        self._clock = clock
        self._patience = max(1.0, speed)
        self._best: dict[str, _Best] = {}
        self._heard_ms: dict[str, int] = {}

    def quote(self, symbol: str) -> Quote | None:
        """Newest best prices; None before the first book, after a gap until the next one, and once
        they are a minute old.
        """
        best, age = self._best.get(symbol), self.book_age_seconds(symbol)
        if best is None or age is None or age > _OF_NO_USE_SECONDS:
            return None
        return Quote(bid=to_decimal(best.bid), ask=to_decimal(best.ask), age_seconds=age)

    def book_age_seconds(self, symbol: str) -> float | None:
        """How old the newest book of a pair is; None before the first one and after a gap."""
        best = self._best.get(symbol)
        return None if best is None else self._age_seconds(best.told_ms)

    def heard_seconds(self, symbol: str) -> float | None:
        """How old the newest event of a pair is, book or trade; None before the first one."""
        heard_ms = self._heard_ms.get(symbol)
        return None if heard_ms is None else self._age_seconds(heard_ms)

    def on_book(
        self, symbol: str, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> None:
        """Take over the best levels; a book with an empty or a crossed side is none.

        One that is older than the known one changes nothing: while a socket is changed over, both
        tell books, and each in its own time.
        """
        now_ms = to_ms(self._clock.now())
        told_ms = self._hear(symbol, exchange_ms, now_ms)
        known = self._best.get(symbol)
        if known is not None and told_ms < known.told_ms <= now_ms:
            return
        if not bids or not asks or bids[0][0] >= asks[0][0]:
            self._best.pop(symbol, None)
            return
        self._best[symbol] = _Best(bids[0][0], asks[0][0], told_ms)

    def on_trade(
        self,
        symbol: str,
        trade_id: int,  # noqa: ARG002 - the signature is the port's
        exchange_ms: int,
        price: float,  # noqa: ARG002 - the signature is the port's
        quantity: float,  # noqa: ARG002 - the signature is the port's
        is_buy: bool,  # noqa: ARG002 - the signature is the port's
    ) -> None:
        """A trade proves that data of the pair arrive, and nothing about the best prices."""
        self._hear(symbol, exchange_ms, to_ms(self._clock.now()))

    def on_liquidation(self, symbol: str, liquidation: Liquidation) -> None:
        """Says nothing about the best prices."""

    def on_gap(self, symbols: Collection[str]) -> None:
        """What was known of these pairs may be wrong by now."""
        for symbol in symbols:
            self._best.pop(symbol, None)

    def _hear(self, symbol: str, exchange_ms: int, now_ms: int) -> int:
        """When an event happened; what names a time to come must not stay the newest until then.

        Nor must what was of now before the clock was set back.
        """
        told_ms, heard_ms = min(exchange_ms, now_ms), self._heard_ms.get(symbol)
        # A late event is no newer data, and takes none away.
        if heard_ms is None or not told_ms < heard_ms <= now_ms:
            self._heard_ms[symbol] = told_ms
        return told_ms

    def _age_seconds(self, at_ms: int) -> float:
        return max(0, to_ms(self._clock.now()) - at_ms) / 1000 / self._patience
