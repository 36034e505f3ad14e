"""Checks a whole store: every file by the rules, gaps, and timeframes against each other."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from domain.candles import TAKER_BUY_VOLUME, VOLUME
from domain.errors import InvalidDataError
from domain.timeframes import Timeframe
from engine.backtest.funding import funding_gaps
from exchanges.grids import Real, Whole
from exchanges.history.gaps import Gap, gaps_inside, minute_text
from exchanges.history.joining import join_table
from exchanges.history.rules import Flags, words_of
from exchanges.history.store import HistoryStore
from exchanges.history.table import CandleTable


@dataclass(frozen=True, slots=True, kw_only=True)
class Inspection:
    """One pair and timeframe: how much there is, and all that is wrong with it.

    `differences` counts candles that are not what the next shorter stored ones join to; those of
    them that hold a stretch without trades are `explained`: a venue opens its own candle at the
    first trade, joined ones at the price before it. `faults` are broken rules, gaps and unexplained
    differences.
    """

    symbol: str
    timeframe: Timeframe
    candles: int
    first_ms: int | None
    end_ms: int | None
    gaps: tuple[Gap, ...]
    differences: int
    explained: int
    faults: tuple[str, ...]


def inspect_store(store: HistoryStore) -> Iterator[Inspection]:
    """Every pair and timeframe, sorted by name, then length."""
    for symbol in store.symbols():
        yield from inspect_pair(store, symbol)


def inspect_pair(store: HistoryStore, symbol: str) -> Iterator[Inspection]:
    """Every stored timeframe of a pair, shortest first."""
    shorter: CandleTable | None = None
    for timeframe in store.timeframes(symbol):
        table, faults = _readable(store, symbol, timeframe)
        gaps = gaps_inside(table)
        difference = _Difference() if shorter is None else _compared(shorter, table)
        yield Inspection(
            symbol=symbol,
            timeframe=timeframe,
            candles=len(table),
            first_ms=table.first_ms if len(table) else None,
            end_ms=table.end_ms if len(table) else None,
            gaps=gaps,
            differences=difference.differing,
            explained=difference.explained,
            faults=(*faults, *_gap_words(gaps), *difference.words),
        )
        shorter = table


def inspect_funding(store: HistoryStore, symbol: str) -> tuple[str, ...]:
    """What is wrong with the settled funding of a pair: a broken file, or payments missing."""
    try:
        gaps = funding_gaps(store.funding(symbol))
    except InvalidDataError as error:
        return (str(error),)
    return tuple(
        f"no payment between {minute_text(gap.start_ms)} and {minute_text(gap.end_ms)}"
        for gap in gaps
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Difference:
    differing: int = 0
    explained: int = 0
    words: tuple[str, ...] = ()


def _readable(
    store: HistoryStore, symbol: str, timeframe: Timeframe
) -> tuple[CandleTable, list[str]]:
    """The candles of all files that are in order, and what is wrong with the others."""
    tables, faults = [], []
    for month in store.months(symbol, timeframe):
        try:
            tables.append(store.month(symbol, timeframe, month))
        except InvalidDataError as error:
            faults.append(str(error))
    return CandleTable.joined(timeframe, tables), faults


def _gap_words(gaps: tuple[Gap, ...]) -> Iterator[str]:
    for gap in gaps:
        yield f"{gap.candles:,} candles missing from {gap}"


def _compared(shorter: CandleTable, longer: CandleTable) -> _Difference:
    """Stored candles against those that shorter ones join to, where both are there."""
    try:
        joined = join_table(shorter, longer.timeframe)
    except InvalidDataError as error:
        return _Difference(words=(f"cannot be compared with {shorter.timeframe}: {error}",))
    _, ours, theirs = np.intersect1d(
        longer.opened, joined.opened, assume_unique=True, return_indices=True
    )
    differs = _differs(longer.columns[:, ours], joined.columns[:, theirs])
    quiet = np.isin(joined.opened[theirs], _quiet_openings(shorter, longer.timeframe))
    unexplained = np.flatnonzero(differs & ~quiet)
    words: tuple[str, ...] = ()
    if len(unexplained):
        row = int(unexplained[0])
        first = f"{words_of(longer, int(ours[row]))} against {words_of(joined, int(theirs[row]))}"
        count = f"{len(unexplained):,} candles differ from the joined {shorter.timeframe} ones"
        words = (f"{count}, first {first}",)
    return _Difference(
        differing=int(differs.sum()), explained=int((differs & quiet).sum()), words=words
    )


def _differs(one: Real, other: Real) -> Flags:
    """Which candles are not the same; an unknown taker-buy volume contradicts nothing."""
    unequal = one != other
    unknown = np.isnan(one[TAKER_BUY_VOLUME]) | np.isnan(other[TAKER_BUY_VOLUME])
    unequal[TAKER_BUY_VOLUME] &= ~unknown
    return np.asarray(unequal.any(axis=0))


def _quiet_openings(shorter: CandleTable, longer: Timeframe) -> Whole:
    """Open times of longer candles in which a shorter one had no trade."""
    quiet = shorter.opened[shorter.columns[VOLUME] == 0]
    return np.unique(quiet // longer.milliseconds * longer.milliseconds)
