"""What a store holds, without reading all of it."""

from collections.abc import Iterator
from dataclasses import dataclass

from domain.timeframes import Timeframe
from exchanges.history.files import count_rows
from exchanges.history.store import HistoryStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Holding:
    """The stored candles of one pair and timeframe: their number, span and bytes on disk."""

    symbol: str
    timeframe: Timeframe
    candles: int
    first_ms: int
    end_ms: int
    size: int


def holdings(store: HistoryStore) -> Iterator[Holding]:
    """Every pair and timeframe, sorted by name, then length.

    Raises `InvalidDataError` where the oldest or the newest file cannot be read.
    """
    for symbol in store.symbols():
        for timeframe in store.timeframes(symbol):
            yield _holding(store, symbol, timeframe)


def _holding(store: HistoryStore, symbol: str, timeframe: Timeframe) -> Holding:
    months = store.months(symbol, timeframe)
    files = [store.path(symbol, timeframe, month) for month in months]
    oldest, newest = (store.month(symbol, timeframe, month) for month in (months[0], months[-1]))
    return Holding(
        symbol=symbol,
        timeframe=timeframe,
        candles=sum(count_rows(path) for path in files),
        first_ms=oldest.first_ms,
        end_ms=newest.end_ms,
        size=sum(path.stat().st_size for path in files),
    )
