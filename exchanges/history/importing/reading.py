"""Rows of a file as candles: times in milliseconds, the timeframe they have, every rule kept."""

from typing import Final

import numpy as np

from domain.errors import InvalidDataError
from domain.timeframes import Timeframe
from exchanges.grids import Whole
from exchanges.history.gaps import minute_text
from exchanges.history.importing.layouts import Layout
from exchanges.history.importing.rows import FileRows, read_rows
from exchanges.history.importing.sources import Source
from exchanges.history.rules import refuse_broken
from exchanges.history.table import CandleTable

_EARLIEST_MS: Final = 100_000_000_000
_EARLIEST_US: Final = 100_000_000_000_000
"""The year 1973 in milliseconds and in microseconds; as milliseconds the latter is 5138."""
_MEND: Final = "Nothing was imported. Download the file again, or mend it where it was made"


def read_source(source: Source, layout: Layout) -> CandleTable:
    """The candles of one file.

    Raises `InvalidDataError`, with the row, for candles that break a rule, that lie outside the
    period in the file's name, or that are not of one of our timeframes.
    """
    rows = read_rows(source.path, layout)
    if not len(rows.opened):
        raise InvalidDataError(f"{source.path} holds no candle. {_MEND}")
    opened = _in_milliseconds(source, rows)
    table = CandleTable(timeframe=_timeframe(source, opened), opened=opened, columns=rows.columns)
    refuse_broken(
        table,
        str(source.path),
        _MEND,
        row_name=lambda row: f"row {row + rows.first_line}",
    )
    _refuse_other_period(source, table)
    return table


def _in_milliseconds(source: Source, rows: FileRows) -> Whole:
    """Binance's files of spot have microseconds since 2025; everything else has milliseconds."""
    in_us = rows.opened >= _EARLIEST_US
    odd = (in_us != in_us[0]) | (rows.opened < _EARLIEST_MS) | (in_us & (rows.opened % 1000 != 0))
    if odd.any():
        row = int(np.flatnonzero(odd)[0])
        raise InvalidDataError(
            f"{source.path}: row {row + rows.first_line}: open time {rows.opened[row]} is neither "
            "milliseconds since 1970 nor, in the whole file, microseconds of a whole millisecond. "
            + _MEND
        )
    return rows.opened // 1000 if in_us[0] else rows.opened


def _timeframe(source: Source, opened: Whole) -> Timeframe:
    """The length that most candles have, by the distance between them."""
    distances = np.diff(np.unique(opened))
    if not len(distances):
        if source.timeframe is None:
            raise InvalidDataError(
                f"{source.path}: one candle does not tell its length. Name the file "
                "SYMBOL-1m-2024-02.parquet"
            )
        return source.timeframe
    usual = int(np.median(distances))
    found = next((one for one in Timeframe if one.milliseconds == usual), None)
    if found is None or source.timeframe not in (None, found):
        raise InvalidDataError(
            f"{source.path}: candles lie {usual / 60_000:g} minutes apart; expected is "
            f"{source.timeframe or ' or '.join(Timeframe)}. {_MEND}"
        )
    return found


def _refuse_other_period(source: Source, table: CandleTable) -> None:
    if source.span is None:
        return
    start_ms, end_ms = source.span
    if not start_ms <= table.first_ms < table.end_ms <= end_ms:
        raise InvalidDataError(
            f"{source.path}: candles from {minute_text(table.first_ms)} to "
            f"{minute_text(table.end_ms)} are not those of the period in its name. {_MEND}"
        )
