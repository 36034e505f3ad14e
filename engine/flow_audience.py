"""Hands each event of the order-flow streams to everybody who listens."""

from collections.abc import Collection, Sequence

from domain.derivatives import Liquidation
from domain.order_book import Level
from engine.ports.order_flow import FlowListener


class FlowAudience(FlowListener):
    """Several listeners that look like one; they are called in their order."""

    def __init__(self, listeners: Sequence[FlowListener]) -> None:
        self._listeners = tuple(listeners)

    def on_book(
        self, symbol: str, exchange_ms: int, bids: Sequence[Level], asks: Sequence[Level]
    ) -> None:
        """Pass on the best levels of a book."""
        for listener in self._listeners:
            listener.on_book(symbol, exchange_ms, bids, asks)

    def on_trade(
        self,
        symbol: str,
        trade_id: int,
        exchange_ms: int,
        price: float,
        quantity: float,
        is_buy: bool,
    ) -> None:
        """Pass on a trade."""
        for listener in self._listeners:
            listener.on_trade(symbol, trade_id, exchange_ms, price, quantity, is_buy)

    def on_liquidation(self, symbol: str, liquidation: Liquidation) -> None:
        """Pass on a liquidation."""
        for listener in self._listeners:
            listener.on_liquidation(symbol, liquidation)

    def on_gap(self, symbols: Collection[str]) -> None:
        """Pass on that events may have been lost."""
        for listener in self._listeners:
            listener.on_gap(symbols)
