"""Best prices of the streamed pairs, as a trader needs them: the newest, and how old it is."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from domain.derivatives import Liquidation
from domain.instruments import to_decimal
from domain.order_book import Level
from domain.timeframes import to_ms
from engine.ports.broker import Quote, Quotes
from engine.ports.clock import Clock
from engine.ports.order_flow import FlowListener


@dataclass(slots=True)
class _Best:
    """Best bid and ask of a pair, and the exchange time of its newest event of any kind."""

    bid: float
    ask: float
    heard_ms: int


class LiveQuotes(FlowListener, Quotes):
    """Listens to books and trades.

    `speed` is how fast exchange time runs against wall time: an event takes as long as ever through
    a socket, so ages are told as if time ran at 1.
    """

    def __init__(self, clock: Clock, *, speed: float = 1.0) -> None:
        self._clock = clock
        self._patience = max(1.0, speed)
        self._best: dict[str, _Best] = {}

    def quote(self, symbol: str) -> Quote | None:
        """Newest best prices; None before the first book and after a gap until the next."""
        best = self._best.get(symbol)
        if best is None:
            return None
        age_ms = max(0, to_ms(self._clock.now()) - best.heard_ms)
        return Quote(
            bid=to_decimal(best.bid),
            ask=to_decimal(best.ask),
            age_seconds=age_ms / 1000 / self._patience,
        )

    def age_seconds(self, symbol: str) -> float | None:
        """How old the newest quote of a pair is; None while there is none."""
        quote = self.quote(symbol)
        return None if quote is None else quote.age_seconds

    def on_book(
        self, symbol: str, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> None:
        """Take over the best levels; a book with an empty or a crossed side is none."""
        if not bids or not asks or bids[0][0] >= asks[0][0]:
            self._best.pop(symbol, None)
            return
        self._best[symbol] = _Best(bids[0][0], asks[0][0], exchange_ms)

    def on_trade(
        self,
        symbol: str,
        trade_id: int,  # noqa: ARG002 - the signature is the port's
        exchange_ms: int,
        price: float,  # noqa: ARG002 - the signature is the port's
        quantity: float,  # noqa: ARG002 - the signature is the port's
        is_buy: bool,  # noqa: ARG002 - the signature is the port's
    ) -> None:
        """A trade proves that the stream is alive, though the best prices stand still."""
        best = self._best.get(symbol)
        if best is not None:
            best.heard_ms = max(best.heard_ms, exchange_ms)

    def on_liquidation(self, symbol: str, liquidation: Liquidation) -> None:
        """Says nothing about the best prices."""

    def on_gap(self, symbols: Collection[str]) -> None:
        """What was known of these pairs may be wrong by now."""
        for symbol in symbols:
            self._best.pop(symbol, None)
