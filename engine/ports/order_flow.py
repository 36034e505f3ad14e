"""Order flow, as the engine sees it: events that come in, and facts that are asked for."""

from collections.abc import Collection, Sequence
from typing import Protocol

from domain.derivatives import Liquidation, OpenInterestObservation, Positioning
from domain.order_book import Level


class FlowListener(Protocol):
    """Is called for every event, directly and without a queue: it must be quick."""

    def on_book(
        self, symbol: str, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> None:
        """The best levels of both sides as they stand at an instant, best first."""

    def on_trade(
        self,
        symbol: str,
        trade_id: int,
        exchange_ms: int,
        price: float,
        quantity: float,
        is_buy: bool,
    ) -> None:
        """A taker's trade; `is_buy` says that the taker bought. Ids of a pair grow by one."""

    def on_liquidation(self, symbol: str, liquidation: Liquidation) -> None:
        """A position was ended by force."""

    def on_gap(self, symbols: Collection[str]) -> None:
        """Events of these pairs may have been lost."""


class FlowStreams(Protocol):
    """The streams that call the listener."""

    def set_symbols(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs; takes effect soon, without touching the others."""


class DerivativeFacts(Protocol):
    """Facts about open positions, fetched on demand over REST.

    Both raise what `MarketFacts` raises.
    """

    async def fetch_open_interest(self, symbol: str) -> OpenInterestObservation | None:
        """Open interest of a pair now; None where the venue does not tell it."""

    async def fetch_positioning(self, symbol: str) -> Positioning | None:
        """Newest long shares of a pair; None where the venue does not tell any."""
