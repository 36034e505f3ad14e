"""Reads candles over REST: each way a venue can be asked, and rows into closed candles."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from domain.candles import Candle
from domain.errors import InvalidDataError
from domain.timeframes import Timeframe

Row = tuple[int, float, float, float, float, float, float]
"""Open time in ms, open, high, low, close, volume, taker-buy volume (NaN where unknown)."""

FetchRows = Callable[[Any, str, Timeframe, int, int, int], Awaitable[Sequence[Row]]]
"""(client, ccxt's name of the pair, timeframe, from ms, to ms, how many) -> oldest first."""


async def binance_rows(
    client: Any, name: str, timeframe: Timeframe, from_ms: int, to_ms: int, limit: int
) -> Sequence[Row]:
    """Binance's raw klines: they tell taker-buy volume, and 1,500 of them come at once."""
    rows = await client.fapiPublicGetKlines(
        {
            "symbol": client.market_id(name),
            "interval": timeframe.value,
            "startTime": from_ms,
            "endTime": to_ms,
            "limit": limit,
        }
    )
    return [_row(row, row[9]) for row in _listed(rows)]


async def unified_rows(
    client: Any, name: str, timeframe: Timeframe, from_ms: int, to_ms: int, limit: int
) -> Sequence[Row]:
    """ccxt's candles of any venue: six columns, so taker-buy volume stays unknown."""
    rows = await client.fetch_ohlcv(name, timeframe.value, since=from_ms, limit=limit)
    return [_row(row, "nan") for row in _listed(rows) if row[0] <= to_ms]


def candles_from(rows: Sequence[Row], timeframe: Timeframe, first: int, last: int) -> list[Candle]:
    """Candles number `first` to `last` of the rows, as far as they are there.

    Raises `InvalidDataError` for an impossible candle or an open time off the grid.
    """
    return [
        _candle(row, timeframe) for row in rows if first <= row[0] // timeframe.milliseconds <= last
    ]


def _candle(row: Row, timeframe: Timeframe) -> Candle:
    open_ms, opened, high, low, close, volume, taker_buy_volume = row
    index, off_grid = divmod(open_ms, timeframe.milliseconds)
    if off_grid:
        raise InvalidDataError(f"{timeframe} candle opens off the grid at {open_ms} ms")
    return Candle(
        timeframe=timeframe,
        index=index,
        open=opened,
        high=high,
        low=low,
        close=close,
        volume=volume,
        taker_buy_volume=taker_buy_volume,
    )


def _row(row: Sequence[Any], taker_buy_volume: Any) -> Row:
    opened, high, low, close, volume = map(float, row[1:6])
    return (int(row[0]), opened, high, low, close, volume, float(taker_buy_volume))


def _listed(rows: Any) -> list[Any]:
    if not isinstance(rows, list):
        raise TypeError(f"a list of candles was expected, not {type(rows).__name__}")
    return rows
