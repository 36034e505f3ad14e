"""The rules that recorded candles must keep; what breaks one is refused, with its row."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from domain.candles import CLOSE, HIGH, LOW, OPEN, TAKER_BUY_VOLUME, VOLUME
from domain.errors import InvalidDataError
from exchanges.history.gaps import minute_text
from exchanges.history.table import CandleTable

Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule:
    """A rule, the first row that breaks it (from 0), how many do, and the row in words."""

    rule: str
    row: int
    rows: int
    words: str


def broken_rules(table: CandleTable) -> tuple[BrokenRule, ...]:
    """Every rule that a table breaks."""
    return tuple(_broken(table))


def refuse_broken(
    table: CandleTable, place: str, mend: str, *, row_name: Callable[[int], str] | None = None
) -> None:
    """Raise `InvalidDataError` for the first broken rule: `place`, the row, and how to mend it.

    `row_name` says what people call the row at a position; by default rows count from 1.
    """
    for broken in _broken(table):
        more = f" (and {broken.rows - 1:,} more rows)" if broken.rows > 1 else ""
        row = f"row {broken.row + 1}" if row_name is None else row_name(broken.row)
        raise InvalidDataError(f"{place}: {row}: {broken.words}: {broken.rule}{more}. {mend}")


def _broken(table: CandleTable) -> Iterator[BrokenRule]:
    for rule, flags in _rules(table):
        rows = np.flatnonzero(flags)
        if len(rows):
            row = int(rows[0])
            yield BrokenRule(rule=rule, row=row, rows=len(rows), words=words_of(table, row))


def _rules(table: CandleTable) -> Iterator[tuple[str, Flags]]:
    yield "opens before 1970", table.opened < 0
    steps = np.diff(table.opened, prepend=table.opened[:1] - 1)
    yield "the candle before it is the same one: duplicated rows", steps == 0
    yield "opens before the row above it: rows out of order", steps < 0
    yield (
        f"opens off the boundaries of {table.timeframe} candles",
        table.opened % table.timeframe.milliseconds != 0,
    )
    yield "impossible prices", _impossible_prices(table)
    yield "impossible volume", _impossible_volume(table)


def _impossible_prices(table: CandleTable) -> Flags:
    prices = table.columns[[OPEN, HIGH, LOW, CLOSE]]
    low, high = table.columns[LOW], table.columns[HIGH]
    fits = (low > 0) & (low <= prices.min(axis=0)) & (prices.max(axis=0) <= high)
    return np.asarray(~(fits & np.isfinite(prices).all(axis=0)))


def _impossible_volume(table: CandleTable) -> Flags:
    volume, taker_buy = table.columns[VOLUME], table.columns[TAKER_BUY_VOLUME]
    fits = np.isfinite(volume) & (volume >= 0)
    known = ~np.isnan(taker_buy)
    return np.asarray(~fits | (known & ~((taker_buy >= 0) & (taker_buy <= volume))))


def words_of(table: CandleTable, row: int) -> str:
    """One candle in words."""
    opened, high, low, close, volume, taker_buy = (float(value) for value in table.columns[:, row])
    bought = "" if np.isnan(taker_buy) else f" taker buys {taker_buy:g}"
    return (
        f"{minute_text(int(table.opened[row]))} open {opened:g} high {high:g} low {low:g} "
        f"close {close:g} volume {volume:g}{bought}"
    )
