"""The layouts of candle files: which columns mean what."""

from collections.abc import Collection
from enum import StrEnum
from typing import Final

from domain.errors import InvalidDataError

OPEN_TIMES: Final = ("timestamp", "open_time")
"""What the column of open times may be called."""
PRICES_AND_VOLUME: Final = ("open", "high", "low", "close", "volume")
TAKER_BUY: Final = "taker_buy_volume"
KLINE_COLUMNS: Final = (
    "open_time",
    *PRICES_AND_VOLUME,
    "close_time",
    "quote_volume",
    "count",
    TAKER_BUY,
    "taker_buy_quote_volume",
    "ignore",
)
"""Binance's public files, in their order; older ones and those of spot have no line of names."""


class Layout(StrEnum):
    """How a file of candles is laid out."""

    AUTO = "auto"
    CANDLES = "candles"
    BINANCE = "binance"


def open_time_column(names: Collection[str], layout: Layout, place: str) -> str:
    """What the open time is called among a file's columns.

    Raises `InvalidDataError` when the columns are not those of the layout.
    """
    required = set(KLINE_COLUMNS) if layout is Layout.BINANCE else set(PRICES_AND_VOLUME)
    missing = sorted(required - set(names))
    opened = next((name for name in OPEN_TIMES if name in names), None)
    if missing or opened is None:
        lacking = ", ".join(missing) or " or ".join(OPEN_TIMES)
        raise InvalidDataError(
            f"{place} lacks the columns {lacking}; it has {', '.join(names)}. Layouts: candles "
            f"(timestamp, {', '.join(PRICES_AND_VOLUME)}), binance (the 12 columns of klines)"
        )
    return opened
