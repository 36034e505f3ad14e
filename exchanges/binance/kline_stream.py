"""Candle streams of Binance USDⓈ-M over as many connections as they need."""

from collections.abc import Collection

import msgspec

from domain.timeframes import Timeframe
from engine.ports.clock import Clock
from exchanges.back_off import Jitter
from exchanges.binance.connection import ConnectionLimits
from exchanges.binance.messages import USDM, decode_event, values_of
from exchanges.binance.routes import BASE_URL, kline_stream
from exchanges.binance.stream_set import Stream, StreamSet
from exchanges.kline_stream import (
    STREAMED_TIMEFRAMES,
    KlineListener,
    KlineStream,
    StreamHealth,
)


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
        self._streams: dict[tuple[str, str], _KlineStream] = {}
        self._listener: KlineListener | None = None
        self._set = StreamSet(
            clock,
            jitter,
            base_url=base_url,
            limits=limits or ConnectionLimits(),
            on_event=self._on_frame,
            on_gap=self._on_gap,
        )

    async def run(self, listener: KlineListener) -> None:
        """Stream to the listener until cancelled, through every fault of the network."""
        self._listener = listener
        await self._set.run()

    def set_symbols(self, symbols: Collection[str]) -> None:
        """Make these the streamed pairs; takes effect soon, without touching the others."""
        kept = set(symbols)
        self._streams = {key: one for key, one in self._streams.items() if one.symbol in kept}
        now = self._clock.monotonic()
        for symbol in sorted(kept):
            for timeframe in STREAMED_TIMEFRAMES:
                key = (symbol, timeframe.value)
                self._streams.setdefault(key, _KlineStream(symbol, timeframe, now))
        self._set.want(self._streams.values())

    def health(self) -> StreamHealth:
        """How it stands."""
        return StreamHealth(
            open_connections=self._set.open_connections,
            reconnects=self._set.reconnects,
            bad_frames=self._set.bad_frames,
        )

    def _on_frame(self, frame: bytes, received: float) -> None:
        event = decode_event(frame)
        kline = event.kline
        stream = self._streams.get((event.symbol, kline.interval))
        if stream is None or event.market != USDM or self._listener is None:
            return  # left over from an unsubscribed pair, or of the other market on these servers
        index, off_grid = divmod(kline.open_ms, stream.length_ms)
        if off_grid:
            raise msgspec.ValidationError(f"{stream.name} opens off its grid at {kline.open_ms}")
        stream.last_frame_at = received
        self._listener.on_kline(
            stream.symbol, stream.timeframe, index, values_of(kline), kline.final, received
        )

    def _on_gap(self, symbols: Collection[str]) -> None:
        if self._listener is not None:
            self._listener.on_gap(symbols)


class _KlineStream(Stream):
    """One candle stream."""

    __slots__ = ("length_ms", "timeframe")

    def __init__(self, symbol: str, timeframe: Timeframe, since: float) -> None:
        super().__init__(kline_stream(symbol, timeframe), symbol, since)
        self.timeframe = timeframe
        self.length_ms = timeframe.milliseconds
