"""The store of recorded candles: Parquet files by pair, timeframe and month."""

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from domain.errors import InvalidDataError
from domain.timeframes import Timeframe, to_ms
from engine.backtest.values import FundingPayment, PairHistory
from exchanges.history.files import (
    MEND,
    StagedFiles,
    arrow_candles,
    arrow_funding,
    read_candles,
    read_funding,
)
from exchanges.history.histories import Stored, history_parts, whole_history
from exchanges.history.listing import ListedPair, read_listed, stage_listed
from exchanges.history.merging import merged
from exchanges.history.months import Month, by_month
from exchanges.history.rules import refuse_broken
from exchanges.history.table import CandleTable

_FUNDING_FILE: Final = "funding.parquet"
_CONFLICT: Final = (
    "Nothing was stored. Find out which source is right; to take the new ones give --replace"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Written:
    """What writing came to: candles that were not there, and stored ones that are others now."""

    added: int = 0
    changed: int = 0

    def __add__(self, other: "Written") -> "Written":
        return Written(added=self.added + other.added, changed=self.changed + other.changed)


class HistoryStore:
    """Candles, funding and instruments under one folder; docs/history.md shows the layout.

    Files appear under their names only when they are whole. Everything read is checked: what breaks
    a rule of recorded candles raises `InvalidDataError` with the file, the row and how to mend it.
    """

    def __init__(self, root: Path) -> None:
        self.root = root

    def symbols(self) -> tuple[str, ...]:
        """Pairs of which there is any candle, sorted."""
        if not self.root.is_dir():
            return ()
        names = (path.name for path in self.root.iterdir() if path.is_dir())
        return tuple(sorted(name for name in names if self.timeframes(name)))

    def timeframes(self, symbol: str) -> tuple[Timeframe, ...]:
        """Timeframes of which a pair has stored candles, shortest first."""
        return tuple(one for one in Timeframe if self.months(symbol, one))

    def months(self, symbol: str, timeframe: Timeframe) -> tuple[Month, ...]:
        """Months that have a file, oldest first."""
        files = (self.root / symbol / timeframe).glob("*.parquet")
        months = (Month.parse(path.stem) for path in files)
        return tuple(sorted(month for month in months if month is not None))

    def path(self, symbol: str, timeframe: Timeframe, month: Month) -> Path:
        """Where the candles of a month are."""
        return self.root / symbol / timeframe / f"{month}.parquet"

    def read(
        self, symbol: str, start: datetime | None = None, end: datetime | None = None
    ) -> PairHistory:
        """All that is stored of a pair from `start` to `end`, each timeframe without a gap.

        Candles that open at or after `start` and close by `end`; without them all there are. What
        begins later or ends earlier than asked is cut to what there is; a gap between stored
        candles is refused. Raises `InvalidDataError` for a gap or broken data, `NotFoundError`
        for a pair without candles in the span.
        """
        return whole_history(self._stored(symbol, start, end))

    def read_parts(
        self, symbol: str, start: datetime | None = None, end: datetime | None = None
    ) -> tuple[PairHistory, ...]:
        """The same as gap-free stretches of the finest stored timeframe, oldest first."""
        return history_parts(self._stored(symbol, start, end))

    def candles(
        self,
        symbol: str,
        timeframe: Timeframe,
        start_ms: int | None = None,
        end_ms: int | None = None,
    ) -> CandleTable:
        """Stored candles of one timeframe, gaps and all; empty where there are none."""
        tables = [
            self.month(symbol, timeframe, month)
            for month in self.months(symbol, timeframe)
            if (start_ms is None or month.end_ms > start_ms)
            and (end_ms is None or month.start_ms < end_ms)
        ]
        return CandleTable.joined(timeframe, tables).within(start_ms, end_ms)

    def month(self, symbol: str, timeframe: Timeframe, month: Month) -> CandleTable:
        """The candles of one month, empty where there is no file."""
        path = self.path(symbol, timeframe, month)
        if not path.exists():
            return CandleTable.empty(timeframe)
        table = read_candles(path, timeframe)
        refuse_broken(table, str(path), MEND)
        if not len(table):
            raise InvalidDataError(f"{path} holds no candle. {MEND}")
        if not month.start_ms <= table.first_ms < table.end_ms <= month.end_ms:
            raise InvalidDataError(f"{path} holds candles of another month. {MEND}")
        return table

    def funding(self, symbol: str) -> tuple[FundingPayment, ...]:
        """Settled funding, oldest first; none where nothing is stored."""
        path = self._funding_path(symbol)
        payments = read_funding(path) if path.exists() else ()
        times = [payment.at_ms for payment in payments]
        if any(later <= earlier for earlier, later in itertools.pairwise(times)):
            raise InvalidDataError(f"{path} is out of order. Remove it and download it again")
        return payments

    def listed(self) -> Mapping[str, ListedPair]:
        """What the venue told of the pairs, by symbol; imported ones may be missing."""
        return read_listed(self.root)

    def write(self, symbol: str, table: CandleTable, *, replace: bool = False) -> Written:
        """Add candles of one timeframe. Stored ones that differ are refused unless `replace`.

        Raises `InvalidDataError` for candles that break a rule, and then changes nothing.
        """
        with StagedFiles() as staged:
            return self.stage(staged, symbol, table, replace=replace)

    def stage(
        self, staged: StagedFiles, symbol: str, table: CandleTable, *, replace: bool = False
    ) -> Written:
        """The same as files that appear together with others; a month is staged only once."""
        refuse_broken(table, f"{symbol} {table.timeframe}", "Nothing was stored")
        written = Written()
        for month, candles in by_month(table):
            path = self.path(symbol, table.timeframe, month)
            known = self.month(symbol, table.timeframe, month)
            result = merged(known, candles, replace=replace, place=str(path), mend=_CONFLICT)
            if not result.is_unchanged:
                staged.add(path, arrow_candles(result.table))
            written += Written(added=result.added, changed=result.changed)
        return written

    def write_funding(self, symbol: str, payments: Iterable[FundingPayment]) -> None:
        """Add settled funding; a stored payment of the same time is replaced."""
        known = {one.at_ms: one for one in self.funding(symbol)}
        known |= {one.at_ms: one for one in payments}
        ordered: Sequence[FundingPayment] = [known[at_ms] for at_ms in sorted(known)]
        with StagedFiles() as staged:
            staged.add(self._funding_path(symbol), arrow_funding(tuple(ordered)))

    def write_listed(self, pairs: Mapping[str, ListedPair]) -> None:
        """Keep what the venue told of pairs, over what was known of them."""
        with StagedFiles() as staged:
            stage_listed(self.root, pairs, staged)

    def _stored(self, symbol: str, start: datetime | None, end: datetime | None) -> Stored:
        timeframes = self.timeframes(symbol)
        if not timeframes:
            raise InvalidDataError(
                f"{self.root} has no candles of {symbol}; download them with "
                f"`python -m app download --pairs {symbol}` or import files"
            )
        start_ms = None if start is None else to_ms(start)
        end_ms = None if end is None else to_ms(end)
        listed = self.listed().get(symbol)
        # Tick and step that have to be inferred are those of all candles, whatever is asked for.
        read = (None, None) if listed is None else (start_ms, end_ms)
        return Stored(
            symbol=symbol,
            tables={one: self.candles(symbol, one, *read) for one in timeframes},
            start_ms=start_ms,
            end_ms=end_ms,
            funding=self.funding(symbol),
            listed=listed,
        )

    def _funding_path(self, symbol: str) -> Path:
        return self.root / symbol / _FUNDING_FILE
