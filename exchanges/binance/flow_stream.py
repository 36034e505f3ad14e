"""Order-flow streams of Binance USDⓈ-M: books on one route, trades and liquidations on another."""

import asyncio
from collections.abc import Collection
from typing import Final

import structlog

from engine.ports.clock import Clock
from engine.ports.order_flow import FlowListener
from exchanges.back_off import Jitter
from exchanges.binance.connection import ConnectionLimits
from exchanges.binance.flow_frames import FlowFrames
from exchanges.binance.routes import ALL_LIQUIDATIONS, BASE_URL
from exchanges.binance.stream_set import Stream, StreamSet
from exchanges.flow_stream import FlowHealth, FlowStream

BOOK_LIMITS: Final = ConnectionLimits(stale=60.0)
TRADE_LIMITS: Final = ConnectionLimits(silence=300.0, stale=600.0)
"""A pair may well go without a trade for minutes; that the peer lives, the pings tell."""

log = structlog.get_logger()


class BinanceFlowStream(FlowStream):
    """Books as 20-level snapshots, which heal themselves, aggregated trades, and liquidations.

    Events reach the listener as `FlowFrames` says. During a planned change-over of sockets both
    deliver: a trade may then come twice, a book may be older than the one before it. Only lost
    trades and liquidations are told as a gap.
    """

    def __init__(
        self,
        clock: Clock,
        jitter: Jitter,
        *,
        base_url: str = BASE_URL,
        book_limits: ConnectionLimits = BOOK_LIMITS,
        trade_limits: ConnectionLimits = TRADE_LIMITS,
    ) -> None:
        self._clock = clock
        self._frames = FlowFrames()
        self._liquidations = Stream(ALL_LIQUIDATIONS, "", 0.0, may_be_silent=True)
        self._books = StreamSet(
            clock,
            jitter,
            base_url=base_url,
            limits=book_limits,
            on_event=self._frames.on_book_frame,
            on_gap=self._on_missed_books,
        )
        self._trades = StreamSet(
            clock,
            jitter,
            base_url=base_url,
            limits=trade_limits,
            on_event=self._frames.on_trade_frame,
            on_gap=self._on_gap,
        )

    async def run(self, listener: FlowListener) -> None:
        """Stream to the listener until cancelled, through every fault of the network."""
        self._frames.listener = listener
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._books.run())
            tasks.create_task(self._trades.run())

    def set_symbols(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs; takes effect soon, without touching the others."""
        self._frames.set_symbols(symbols, self._clock.monotonic())
        trades = list(self._frames.trade_streams.values())
        self._books.want(self._frames.book_streams.values())
        self._trades.want([*trades, self._liquidations] if trades else [])

    def health(self) -> FlowHealth:
        """How it stands."""
        return FlowHealth(
            open_connections=self._books.open_connections + self._trades.open_connections,
            reconnects=self._books.reconnects + self._trades.reconnects,
            bad_frames=self._books.bad_frames + self._trades.bad_frames,
            dropped_books=self._frames.dropped_books,
            books=self._frames.books,
            trades=self._frames.trades,
            liquidations=self._frames.liquidations,
        )

    def _on_missed_books(self, symbols: Collection[str]) -> None:
        """The next book is whole again; as a gap this would cost the tapes, which lost nothing."""
        log.info("books_missed", pairs=len(symbols))

    def _on_gap(self, symbols: Collection[str]) -> None:
        if self._frames.listener is not None and symbols:
            self._frames.listener.on_gap(symbols)
