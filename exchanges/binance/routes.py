"""Binance's stream names and the route that serves each.

A stream asked for on the wrong route stays silent, so the mapping stands in this one place (API
documentation of USDⓈ-M futures, "WebSocket Market Streams", routes of April 2026).
"""

import re
from enum import StrEnum
from typing import Final

from domain.timeframes import Timeframe

BASE_URL: Final = "wss://fstream.binance.com"
ALL_LIQUIDATIONS: Final = "!forceOrder@arr"
"""Name of the one stream that tells the liquidations of every pair."""


class Route(StrEnum):
    """Part of the path that says which servers answer."""

    PUBLIC = "public"
    MARKET = "market"
    PRIVATE = "private"


_ROUTES: Final = {
    "depth": Route.PUBLIC,
    "bookTicker": Route.PUBLIC,
    "aggTrade": Route.MARKET,
    "kline": Route.MARKET,
    "markPrice": Route.MARKET,
    "forceOrder": Route.MARKET,
}
_KIND: Final = re.compile(r"(?:@|^!)([A-Za-z]+)")


def kline_stream(symbol: str, timeframe: Timeframe) -> str:
    """Name of a candle stream: "btcusdt@kline_15m"."""
    return f"{symbol.lower()}@kline_{timeframe}"


def book_stream(symbol: str) -> str:
    """Name of the stream of a pair's best 20 levels, whole in every frame, ten times a second."""
    return f"{symbol.lower()}@depth20@100ms"


def trade_stream(symbol: str) -> str:
    """Name of the stream of a pair's trades, those of one taker at one price as one."""
    return f"{symbol.lower()}@aggTrade"


def route_of(stream: str) -> Route:
    """The route that serves a stream ("btcusdt@depth20@100ms", "!bookTicker").

    Raises `KeyError` for a kind that is not known.
    """
    kind = _KIND.search(stream)
    return _ROUTES["" if kind is None else kind[1]]


def stream_url(base_url: str, stream: str) -> str:
    """Where to connect for streams like this one; the rest is subscribed on the open socket.

    A base that ends in "/ws", as the venue's old address did, means the same without it.
    """
    base = base_url.rstrip("/").removesuffix("/ws")
    return f"{base}/{route_of(stream)}/ws/{stream}"
