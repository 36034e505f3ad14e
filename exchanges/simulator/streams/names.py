"""Stream names: what each asks for, and on which route the venue serves it."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from exchanges.simulator.market.klines import INTERVAL_MINUTES


class Route(StrEnum):
    """The three entrances of the venue."""

    PUBLIC = "public"
    MARKET = "market"
    PRIVATE = "private"


class StreamKind(StrEnum):
    """What a stream carries."""

    KLINE = "kline"
    AGGREGATE_TRADE = "aggTrade"
    TRADE = "trade"
    PARTIAL_BOOK = "partial book"
    BOOK_CHANGES = "book changes"
    BEST = "bookTicker"
    ALL_BEST = "!bookTicker"
    MARK = "markPrice"
    ALL_MARKS = "!markPrice@arr"
    MINI_TICKER = "miniTicker"
    ALL_MINI_TICKERS = "!miniTicker@arr"
    TICKER = "ticker"
    ALL_TICKERS = "!ticker@arr"
    LIQUIDATION = "forceOrder"
    ALL_LIQUIDATIONS = "!forceOrder@arr"


_PUBLIC_KINDS: Final = {
    StreamKind.TRADE,
    StreamKind.PARTIAL_BOOK,
    StreamKind.BOOK_CHANGES,
    StreamKind.BEST,
    StreamKind.ALL_BEST,
}


@dataclass(frozen=True, slots=True)
class Stream:
    """A subscription that the venue can serve.

    `symbol` is upper case and "" for all symbols; `interval` is minutes of a kline or levels of a
    partial book; `period_seconds` is the wall time between two frames of a paced stream.
    """

    name: str
    kind: StreamKind
    symbol: str = ""
    interval: int = 0
    period_seconds: float = 0.0

    @property
    def route(self) -> Route:
        """Where the venue serves it."""
        return Route.PUBLIC if self.kind in _PUBLIC_KINDS else Route.MARKET


_FIXED: Final = {
    "!bookTicker": (StreamKind.ALL_BEST, 5.0),
    "!markPrice@arr": (StreamKind.ALL_MARKS, 3.0),
    "!markPrice@arr@1s": (StreamKind.ALL_MARKS, 1.0),
    "!miniTicker@arr": (StreamKind.ALL_MINI_TICKERS, 1.0),
    "!ticker@arr": (StreamKind.ALL_TICKERS, 1.0),
    "!forceOrder@arr": (StreamKind.ALL_LIQUIDATIONS, 0.0),
    "aggTrade": (StreamKind.AGGREGATE_TRADE, 0.0),
    "trade": (StreamKind.TRADE, 0.0),
    "bookTicker": (StreamKind.BEST, 0.1),
    "markPrice": (StreamKind.MARK, 3.0),
    "markPrice@1s": (StreamKind.MARK, 1.0),
    "miniTicker": (StreamKind.MINI_TICKER, 2.0),
    "ticker": (StreamKind.TICKER, 2.0),
    "forceOrder": (StreamKind.LIQUIDATION, 0.0),
}
_DEPTH: Final = re.compile(r"depth(5|10|20)?(?:@(100|250|500)ms)?")
_USUAL_DEPTH_MS: Final = "250"


def parse_stream(name: str) -> Stream | None:
    """The stream a name stands for; None for names the venue does not know."""
    if name.startswith("!"):
        fixed = _FIXED.get(name)
        return None if fixed is None else Stream(name, fixed[0], period_seconds=fixed[1])
    symbol, _, channel = name.partition("@")
    if not symbol or symbol != symbol.lower():
        return None
    return _of_symbol(name, symbol.upper(), channel)


def _of_symbol(name: str, symbol: str, channel: str) -> Stream | None:
    if channel in _FIXED and not channel.startswith("!"):
        kind, period = _FIXED[channel]
        return Stream(name, kind, symbol, period_seconds=period)
    if channel.startswith("kline_"):
        minutes = INTERVAL_MINUTES.get(channel.removeprefix("kline_"))
        return None if minutes is None else Stream(name, StreamKind.KLINE, symbol, minutes)
    depth = _DEPTH.fullmatch(channel)
    if depth is None:
        return None
    kind = StreamKind.PARTIAL_BOOK if depth[1] else StreamKind.BOOK_CHANGES
    period = int(depth[2] or _USUAL_DEPTH_MS) / 1000.0
    return Stream(name, kind, symbol, int(depth[1] or 0), period)
