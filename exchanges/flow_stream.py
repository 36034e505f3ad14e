"""The port between order-flow streams and what listens to them: who calls whom with what."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Protocol

from engine.ports.order_flow import FlowListener


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowHealth:
    """How the sockets fare: how many are open, and what happened since the start.

    `books`, `trades` and `liquidations` count what arrived of wanted pairs. `dropped_books` of
    those books gave way to a newer one of their pair before they were handed over; a trade or a
    liquidation never does.
    """

    open_connections: int
    reconnects: int
    bad_frames: int
    dropped_books: int
    books: int
    trades: int
    liquidations: int


class FlowStream(Protocol):
    """Books, trades and liquidations of many pairs, as long as `run` runs.

    Trades of a pair reach the listener in the order in which they arrived, and so do its books.
    Between books and trades there is no order, for they come over different sockets: their
    exchange times tell what was before what.
    """

    async def run(self, listener: FlowListener) -> None:
        """Stream to the listener until cancelled, through every fault of the network."""

    def set_symbols(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs; takes effect soon, without touching the others."""

    def health(self) -> FlowHealth:
        """How it stands."""
