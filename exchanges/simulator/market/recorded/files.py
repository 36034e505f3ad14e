"""Reads recorded candles from Parquet files."""

from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from domain.errors import ConfigurationError, InvalidDataError
from exchanges.parquet_files import read_parquet
from exchanges.simulator.market.bars import MINUTE_MS, Real, Whole
from exchanges.simulator.market.klines import INTERVAL_MINUTES

_PRICES_AND_VOLUME: Final = ("open", "high", "low", "close", "volume")
_TAKER_BUY: Final = "taker_buy_volume"
_NUMBERS: Final = "iufM"
"""Kinds of arrays, as numpy calls them: whole numbers, fractions, instants."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class RecordedCandles:
    """Candles of one symbol as recorded, oldest first, holes and all.

    `opened` are open times in ms, `table` has rows open, high, low, close, volume; `taker_buy` is
    None where the recording does not tell it. `interval` is the candles' length in minutes.
    """

    symbol: str
    interval: int
    opened: Whole
    table: Real
    taker_buy: Real | None


def read_directory(directory: Path) -> list[RecordedCandles]:
    """All symbols of a directory: `<SYMBOL>.parquet`, or several `<SYMBOL>-....parquet`."""
    files: dict[str, list[Path]] = defaultdict(list)
    for path in sorted(directory.glob("*.parquet")):
        files[path.stem.partition("-")[0]].append(path)
    if not files:
        raise ConfigurationError(
            f"no Parquet file in {directory}; give a directory of <SYMBOL>.parquet with columns "
            "timestamp, open, high, low, close, volume"
        )
    return [_read_symbol(symbol, paths) for symbol, paths in sorted(files.items())]


def _read_symbol(symbol: str, paths: list[Path]) -> RecordedCandles:
    tables = [_read_columns(path) for path in paths]
    opened = np.concatenate([table["opened"] for table in tables]).astype(np.int64)
    opened, newest = np.unique(opened[::-1], return_index=True)
    rows = len(np.concatenate([table["opened"] for table in tables])) - 1 - newest
    numbers = [
        np.concatenate([table[name] for table in tables]).astype(np.float64)[rows]
        for name in _PRICES_AND_VOLUME
    ]
    taker_buy = None
    if all(_TAKER_BUY in table for table in tables):
        taker_buy = np.concatenate([table[_TAKER_BUY] for table in tables])[rows]
    return RecordedCandles(
        symbol=symbol,
        interval=_interval(symbol, opened),
        opened=opened,
        table=np.vstack(numbers),
        taker_buy=taker_buy,
    )


def _read_columns(path: Path) -> dict[str, Any]:
    """Columns of one file as arrays; the open time is called "opened" whatever its name."""
    table = read_parquet(path)
    opened = "timestamp" if "timestamp" in table.column_names else "open_time"
    wanted = {opened: "opened"} | {name: name for name in (*_PRICES_AND_VOLUME, _TAKER_BUY)}
    columns = {
        known: _numbers(path, name, table.column(name))
        for name, known in wanted.items()
        if name in table.column_names
    }
    missing = {"opened", *_PRICES_AND_VOLUME} - columns.keys()
    if missing:
        raise InvalidDataError(f"{path} lacks the columns {sorted(missing)}")
    return columns


def _numbers(path: Path, name: str, column: Any) -> Any:
    """A column as an array. Times may be instants of arrow as well, which are whole numbers."""
    numbers = column.to_numpy()
    if column.null_count or numbers.dtype.kind not in _NUMBERS:
        raise InvalidDataError(
            f"{path}: column {name} must be numbers without empty cells; it is {column.type} with "
            f"{column.null_count} empty ones"
        )
    if not np.isfinite(numbers).all():
        raise InvalidDataError(f"{path}: column {name} holds what is no number, or an endless one")
    return numbers


def _interval(symbol: str, opened: Whole) -> int:
    """The candles' length in minutes, from the usual distance between them."""
    minutes = int(np.median(np.diff(opened))) // MINUTE_MS if len(opened) > 1 else 0
    if minutes not in INTERVAL_MINUTES.values() or (opened % (minutes * MINUTE_MS)).any():
        raise InvalidDataError(
            f"{symbol}: candles {minutes} minutes apart; they must have one of the lengths "
            f"{', '.join(INTERVAL_MINUTES)} and open on its boundaries"
        )
    return minutes
