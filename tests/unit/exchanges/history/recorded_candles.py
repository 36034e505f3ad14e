"""Candles for tests of the history: on a venue's grids, from a seed, with holes on request."""

from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pyarrow
from pyarrow import parquet

from domain.candles import TAKER_BUY_VOLUME
from domain.timeframes import Timeframe, to_ms
from exchanges.grids import Real
from exchanges.history import CandleTable

JULY_MS = to_ms(datetime(2025, 7, 1, tzinfo=UTC))
MINUTE_MS = Timeframe.M1.milliseconds
HOUR_MS = Timeframe.H1.milliseconds
DAY_MS = 24 * HOUR_MS


def columns_of(count: int, *, seed: int = 1, decimals: int = 3) -> Real:
    """Shape (6, count): prices in tenths, volumes with `decimals`."""
    generator = np.random.default_rng(seed)
    closes = 1_000_000 + np.cumsum(generator.integers(-50, 51, count))
    opens = np.concatenate(([1_000_000], closes))[:count]
    highs = np.maximum(opens, closes) + generator.integers(0, 30, count)
    lows = np.minimum(opens, closes) - generator.integers(0, 30, count)
    volumes = generator.integers(0, 10**6, count)
    taker_buys = (volumes * generator.random(count)).astype(np.int64)
    prices = np.vstack((opens, highs, lows, closes)) / 10.0
    return np.vstack((prices, np.vstack((volumes, taker_buys)) / 10.0**decimals))


def candles(
    count: int,
    timeframe: Timeframe = Timeframe.M5,
    *,
    start_ms: int = JULY_MS,
    seed: int = 1,
    without: Sequence[int] = (),
    tells_taker_buys: bool = True,
) -> CandleTable:
    """`count` candles from `start_ms` on, except those at the positions `without`."""
    columns = columns_of(count, seed=seed)
    if not tells_taker_buys:
        columns[TAKER_BUY_VOLUME] = np.nan
    table = CandleTable(
        timeframe=timeframe,
        opened=start_ms + np.arange(count, dtype=np.int64) * timeframe.milliseconds,
        columns=columns,
    )
    kept = np.ones(count, dtype=np.bool_)
    kept[list(without)] = False
    return table.rows_where(kept)


def same(one: CandleTable, other: CandleTable) -> bool:
    """Bit for bit."""
    return (
        one.timeframe is other.timeframe
        and one.opened.tobytes() == other.opened.tobytes()
        and one.columns.tobytes() == other.columns.tobytes()
    )


def write_plain(path: Path, table: CandleTable, **changed: object) -> Path:
    """The layout `timestamp, open, high, low, close, volume` as Parquet."""
    names = ("open", "high", "low", "close", "volume")
    columns: dict[str, object] = {"timestamp": table.opened}
    columns |= dict(zip(names, table.columns[:5], strict=True))
    path.parent.mkdir(parents=True, exist_ok=True)
    parquet.write_table(pyarrow.table(columns | changed), path)
    return path


def kline_lines(table: CandleTable, *, unit: int = 1) -> list[str]:
    """Binance's 12 columns; `unit` 1000 writes microseconds."""
    length = table.timeframe.milliseconds
    lines = []
    for opened, row in zip(table.opened.tolist(), table.columns.T.tolist(), strict=True):
        closes = (opened + length) * unit - 1
        numbers = ",".join(f"{number!r}" for number in row[:5])
        lines.append(f"{opened * unit},{numbers},{closes},1.0,1,{row[5]!r},1.0,0")
    return lines
