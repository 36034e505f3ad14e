"""Candles of a longer timeframe, made from shorter ones exactly as the venue makes them."""

import numpy as np

from domain.candles import (
    CLOSE,
    COLUMN_COUNT,
    HIGH,
    LOW,
    OPEN,
    TAKER_BUY_VOLUME,
    VOLUME,
    CandleSeries,
)
from domain.errors import InvalidDataError
from domain.timeframes import Timeframe
from exchanges.grids import Real, on_decimal_grid
from exchanges.history.table import CandleTable, series_of


def join_candles(series: CandleSeries, to: Timeframe) -> CandleSeries | None:
    """Candles of `to`: first open, highest high, lowest low, last close, volumes added up.

    Incomplete candles at the edges are left out; None where no whole one is left. Volumes are added
    as whole numbers of their decimals, so a sum has the bits of the decimal that the venue prints.
    A taker-buy volume that is unknown in one part is unknown in the whole. Raises
    `InvalidDataError` when `to` is the shorter one.
    """
    if to is series.timeframe:
        return series
    factor, remainder = divmod(to.milliseconds, series.timeframe.milliseconds)
    if remainder or factor < 1:
        raise InvalidDataError(f"{series.timeframe} candles cannot be joined to {to}")
    skipped = -series.first_index % factor
    count = (len(series) - skipped) // factor
    if count < 1:
        return None
    columns = np.asarray(series.columns)[:, skipped : skipped + count * factor]
    joined = _joined(columns.reshape(COLUMN_COUNT, count, factor))
    first = (series.first_index + skipped) // factor
    return series_of(to, first, joined)


def join_table(table: CandleTable, to: Timeframe) -> CandleTable:
    """The same for a table with gaps: only candles of which every part is there."""
    factor = to.milliseconds // table.timeframe.milliseconds
    groups, first, sizes = np.unique(
        table.opened // to.milliseconds, return_index=True, return_counts=True
    )
    whole = sizes == factor
    if not whole.any():
        return CandleTable.empty(to)
    rows = first[whole][:, None] + np.arange(factor)
    return CandleTable(
        timeframe=to,
        opened=groups[whole] * to.milliseconds,
        columns=_joined(table.columns[:, rows]),
    )


def _joined(parts: Real) -> Real:
    """Shape (6, candles, parts of each) to (6, candles)."""
    joined = np.empty(parts.shape[:2], dtype=np.float64)
    joined[OPEN] = parts[OPEN, :, 0]
    joined[HIGH] = parts[HIGH].max(axis=1)
    joined[LOW] = parts[LOW].min(axis=1)
    joined[CLOSE] = parts[CLOSE, :, -1]
    joined[VOLUME] = _exact_sums(parts[VOLUME])
    joined[TAKER_BUY_VOLUME] = _exact_sums(parts[TAKER_BUY_VOLUME])
    return joined


def _exact_sums(parts: Real) -> Real:
    """Sums along the second axis, rounded once; NaN where a part is NaN.

    A whole number below 2**53 over a power of ten below 10**22 is one correctly rounded division,
    which is what reading the decimal text is as well.
    """
    known = ~np.isnan(parts).any(axis=1)
    sums = np.full(len(parts), np.nan)
    if known.any():
        decimals, whole = on_decimal_grid(parts[known])
        sums[known] = whole.sum(axis=1) / 10.0**decimals
    return sums
