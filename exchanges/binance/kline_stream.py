"""Candle streams of Binance USDⓈ-M over as many connections as they need."""

import asyncio
from collections.abc import Collection, Iterator
from contextlib import suppress

import aiohttp
import msgspec
import structlog

from domain.timeframes import Timeframe
from engine.ports.clock import Clock
from exchanges.back_off import Jitter
from exchanges.binance.connection import ConnectionLimits, StreamConnection
from exchanges.binance.messages import USDM, decode_event, decode_reply, values_of
from exchanges.binance.routes import BASE_URL, kline_stream
from exchanges.kline_stream import (
    STREAMED_TIMEFRAMES,
    KlineListener,
    KlineStream,
    StreamHealth,
)

log = structlog.get_logger()


class BinanceKlineStream(KlineStream):
    """Decodes each frame straight to floats and calls the listener; nothing waits in between."""

    def __init__(
        self,
        clock: Clock,
        jitter: Jitter,
        *,
        base_url: str = BASE_URL,
        limits: ConnectionLimits | None = None,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._base_url = base_url
        self._limits = limits or ConnectionLimits()
        self._streams: dict[tuple[str, str], _Stream] = {}
        self._connections: list[StreamConnection] = []
        self._listener: KlineListener | None = None
        self._changed = asyncio.Event()
        self._bad_frames = 0

    async def run(self, listener: KlineListener) -> None:
        """Stream to the listener until cancelled, through every fault of the network."""
        self._listener = listener
        self._connections.clear()
        async with aiohttp.ClientSession() as session, asyncio.TaskGroup() as tasks:
            while True:
                self._changed.clear()
                for connection in self._spread_streams():
                    tasks.create_task(connection.run(session))
                await self._until_changed()
                self._ask_stale_again()

    def set_symbols(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs; takes effect soon, without touching the others."""
        kept = set(symbols)
        self._streams = {key: one for key, one in self._streams.items() if one.symbol in kept}
        now = self._clock.monotonic()
        for symbol in sorted(kept):
            for timeframe in STREAMED_TIMEFRAMES:
                key = (symbol, timeframe.value)
                self._streams.setdefault(key, _Stream(symbol, timeframe, now))
        self._changed.set()

    def health(self) -> StreamHealth:
        """How it stands."""
        return StreamHealth(
            open_connections=sum(connection.is_open for connection in self._connections),
            reconnects=sum(connection.reconnects for connection in self._connections),
            bad_frames=self._bad_frames,
        )

    def _on_frame(self, frame: bytes, received: float) -> None:
        try:
            event = decode_event(frame)
        except msgspec.DecodeError:
            self._on_other_frame(frame)
            return
        kline = event.kline
        stream = self._streams.get((event.symbol, kline.interval))
        if stream is None or event.market != USDM or self._listener is None:
            return  # left over from an unsubscribed pair, or of the other market on these servers
        index, off_grid = divmod(kline.open_ms, stream.length_ms)
        if off_grid:
            self._bad_frames += 1
            return
        stream.last_frame_at = received
        self._listener.on_kline(
            stream.symbol, stream.timeframe, index, values_of(kline), kline.final, received
        )

    def _on_other_frame(self, frame: bytes) -> None:
        """The answer to a control message, or something that cannot be read."""
        try:
            refusal = decode_reply(frame).refusal
        except msgspec.DecodeError:
            self._bad_frames += 1
            log.warning("frame_unreadable", start=frame[:80].decode(errors="replace"))
            return
        if refusal is not None:
            log.warning("stream_request_refused", reason=refusal)

    def _on_gap(self, streams: Collection[str]) -> None:
        if self._listener is not None:
            self._listener.on_gap({s.symbol for s in self._streams.values() if s.name in streams})

    def _spread_streams(self) -> Iterator[StreamConnection]:
        """Give every stream to a connection; yields the connections that this adds."""
        unplaced = {stream.name for stream in self._streams.values()}
        for connection in self._connections:
            connection.want(connection.wanted & unplaced)
            unplaced -= connection.wanted
        for connection in self._connections:
            self._fill(connection, unplaced)
        while unplaced:
            connection = self._new_connection()
            self._connections.append(connection)
            self._fill(connection, unplaced)
            yield connection

    def _fill(self, connection: StreamConnection, unplaced: set[str]) -> None:
        room = self._limits.streams - len(connection.wanted)
        taken = set(sorted(unplaced)[:room])
        if taken:
            unplaced -= taken
            connection.want(connection.wanted | taken)

    def _new_connection(self) -> StreamConnection:
        return StreamConnection(
            self._base_url,
            clock=self._clock,
            jitter=self._jitter,
            limits=self._limits,
            on_frame=self._on_frame,
            on_gap=self._on_gap,
        )

    async def _until_changed(self) -> None:
        with suppress(TimeoutError):
            async with asyncio.timeout(self._limits.stale):
                await self._changed.wait()

    def _ask_stale_again(self) -> None:
        """Subscribe anew what has been silent on a connection that otherwise lives."""
        now = self._clock.monotonic()
        stale = [s for s in self._streams.values() if now - s.last_frame_at > self._limits.stale]
        if stale:
            log.warning("streams_stale", count=len(stale), first=stale[0].name)
        for connection in self._connections:
            connection.ask_again({stream.name for stream in stale})


class _Stream:
    """One candle stream and when it last said something."""

    __slots__ = ("last_frame_at", "length_ms", "name", "symbol", "timeframe")

    def __init__(self, symbol: str, timeframe: Timeframe, since: float) -> None:
        self.symbol = symbol
        self.timeframe = timeframe
        self.name = kline_stream(symbol, timeframe)
        self.length_ms = timeframe.milliseconds
        self.last_frame_at = since
