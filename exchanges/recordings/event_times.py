"""What a recorder reads of a message: when it happened, and which stream it came on."""

from typing import Final

import msgspec

from domain.timeframes import Timeframe
from exchanges.unreadable import UNREADABLE


class _Named(msgspec.Struct):
    symbol: str | None = msgspec.field(name="s", default=None)
    interval: str | None = msgspec.field(name="i", default=None)


class _Event(msgspec.Struct):
    """The few fields that all events share, whatever they are about."""

    kind: str | None = msgspec.field(name="e", default=None)
    at_ms: int | None = msgspec.field(name="E", default=None)
    traded_ms: int | None = msgspec.field(name="T", default=None)
    time_ms: int | None = msgspec.field(name="time", default=None)
    server_ms: int | None = msgspec.field(name="serverTime", default=None)
    symbol: str | None = msgspec.field(name="s", default=None)
    kline: _Named | None = msgspec.field(name="k", default=None)
    order: _Named | None = msgspec.field(name="o", default=None)
    id: int | str | None = None

    @property
    def exchange_ms(self) -> int:
        times = (self.at_ms, self.traded_ms, self.time_ms, self.server_ms)
        return next((at for at in times if at is not None), 0)


BOOK: Final = "depth20@100ms"
TRADES: Final = "aggTrade"
MARK: Final = "markPrice@1s"
LIQUIDATIONS: Final = "forceOrder"

CHANNELS: Final = (
    BOOK,
    TRADES,
    LIQUIDATIONS,
    MARK,
    *(f"kline_{timeframe}" for timeframe in Timeframe),
)
"""What is recorded of each pair."""

_CHANNEL_OF: Final = {
    "depthUpdate": BOOK,
    "aggTrade": TRADES,
    "markPriceUpdate": MARK,
    "forceOrder": LIQUIDATIONS,
}

_decode = msgspec.json.Decoder(_Event).decode


def streams_of(pairs: list[str]) -> list[str]:
    """The streams that are recorded of some pairs."""
    return [stream_of(pair, channel) for pair in pairs for channel in CHANNELS]


def stream_of(pair: str, channel: str) -> str:
    """Name of the stream that is a channel of a pair: "btcusdt@aggTrade"."""
    return f"{pair.lower()}@{channel}"


def exchange_ms_of(body: bytes) -> int:
    """The time a message tells itself, in exchange milliseconds; 0 where it tells none."""
    try:
        return _decode(body).exchange_ms
    except UNREADABLE:
        return 0


class Reading(msgspec.Struct, frozen=True):
    """The stream a frame came on, None where it cannot be told, and its event time."""

    stream: str | None
    exchange_ms: int
    is_reply: bool = False


def read_frame(frame: bytes) -> Reading:
    """Attribute a frame of a raw stream; a reply to a control message says that it is one."""
    try:
        event = _decode(frame)
    except UNREADABLE:
        return Reading(None, 0)
    if event.kind is None and event.id is not None:
        return Reading(None, 0, is_reply=True)
    return Reading(_stream_of(event), event.exchange_ms)


def _stream_of(event: _Event) -> str | None:
    symbol = event.symbol or (event.order.symbol if event.order is not None else None)
    if symbol is None or event.kind is None:
        return None
    if event.kind == "kline" and event.kline is not None:
        return stream_of(symbol, f"kline_{event.kline.interval}")
    channel = _CHANNEL_OF.get(event.kind)
    return None if channel is None else stream_of(symbol, channel)
