"""Imports files into a store: everything that was asked for, or nothing."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.timeframes import Timeframe
from exchanges.history.files import StagedFiles
from exchanges.history.gaps import Gap, gaps_inside
from exchanges.history.importing.layouts import Layout
from exchanges.history.importing.reading import read_source
from exchanges.history.importing.sources import Source, find_sources
from exchanges.history.merging import merged
from exchanges.history.store import HistoryStore, Written
from exchanges.history.table import CandleTable

_CONFLICT: Final = "Nothing was imported. Take out the file that is wrong"


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """What the files brought for one pair and timeframe; `gaps` are those between their candles."""

    symbol: str
    timeframe: Timeframe
    candles: int
    written: Written
    gaps: tuple[Gap, ...]


def import_files(
    store: HistoryStore,
    path: Path,
    *,
    layout: Layout = Layout.AUTO,
    replace: bool = False,
    on_progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> tuple[Imported, ...]:
    """Import a file, or all in a folder and below; `on_progress(files done, of how many)`.

    A candle that is stored already and differs is refused unless `replace`. Raises
    `ConfigurationError` for names that tell no pair, `InvalidDataError` for everything else that is
    refused; then nothing was imported.
    """
    sources = find_sources(path)
    by_symbol: dict[str, list[Source]] = defaultdict(list)
    for source in sources:
        by_symbol[source.symbol].append(source)
    done, imported = 0, []
    with StagedFiles() as staged:
        for symbol, own in sorted(by_symbol.items()):
            for table in _tables(own, layout):
                written = store.stage(staged, symbol, table, replace=replace)
                imported.append(_imported(symbol, table, written))
            done += len(own)
            on_progress(done, len(sources))
    return tuple(imported)


def _tables(sources: list[Source], layout: Layout) -> list[CandleTable]:
    """The candles of a pair's files, by timeframe; files that contradict each other are refused."""
    tables: dict[Timeframe, CandleTable] = {}
    for source in sources:
        new = read_source(source, layout)
        known = tables.get(new.timeframe, CandleTable.empty(new.timeframe))
        tables[new.timeframe] = merged(
            known, new, replace=False, place=str(source.path), mend=_CONFLICT
        ).table
    return [tables[timeframe] for timeframe in Timeframe if timeframe in tables]


def _imported(symbol: str, table: CandleTable, written: Written) -> Imported:
    return Imported(
        symbol=symbol,
        timeframe=table.timeframe,
        candles=len(table),
        written=written,
        gaps=gaps_inside(table),
    )
