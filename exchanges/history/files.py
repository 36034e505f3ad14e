"""Parquet files of the store: read whole or refused, written under another name and renamed."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Final, Self

import numpy as np

from domain.errors import ConfigurationError, InvalidDataError
from domain.timeframes import Timeframe
from engine.backtest.values import FundingPayment
from exchanges.history.table import CandleTable

CANDLE_COLUMNS: Final = ("open", "high", "low", "close", "volume", "taker_buy_volume")
_OPEN_TIME: Final = "open_time"
_FUNDING_TIME: Final = "funding_time"
_RATE: Final = "rate"
_PARTIAL: Final = ".partial"
MEND: Final = "Remove the file and download or import that month again"


class StagedFiles:
    """Files that appear together at `commit`, or not at all.

    Until then they lie beside their places under names that no reader looks at. A process that is
    killed while the names are changed leaves some of them in place, each of them whole.
    """

    def __init__(self) -> None:
        self._places: dict[Path, Path] = {}

    def add(self, place: Path, table: Any) -> None:
        """Write an arrow table for a place. Raises `ConfigurationError` where that cannot be."""
        from pyarrow import parquet

        with _refused_by_the_disk(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            partial = self._partial(place)
            parquet.write_table(table, partial, compression="zstd", version="2.6")
            _flush(partial)

    def add_text(self, place: Path, text: str) -> None:
        """The same for a text."""
        with _refused_by_the_disk(place):
            place.parent.mkdir(parents=True, exist_ok=True)
            partial = self._partial(place)
            partial.write_text(text, encoding="utf-8")
            _flush(partial)

    def commit(self) -> None:
        """Give every file its name."""
        for place, partial in self._places.items():
            with _refused_by_the_disk(place):
                partial.replace(place)
        self._places.clear()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if error is None:
            self.commit()
        for partial in self._places.values():
            partial.unlink(missing_ok=True)

    def _partial(self, place: Path) -> Path:
        return self._places.setdefault(place, place.with_name(f".{place.name}{_PARTIAL}"))


@contextmanager
def _refused_by_the_disk(place: Path) -> Iterator[None]:
    """Turns an error of the disk into one that says what to do."""
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"{place} cannot be written: {error.strerror or error}; make room or name another "
            "folder with --root"
        ) from error


def arrow_candles(table: CandleTable) -> Any:
    """Candles as an arrow table in the store's layout."""
    import pyarrow

    columns = dict(zip(CANDLE_COLUMNS, table.columns, strict=True))
    return pyarrow.table({_OPEN_TIME: table.opened, **columns})


def arrow_funding(payments: tuple[FundingPayment, ...]) -> Any:
    """Settled funding as an arrow table in the store's layout."""
    import pyarrow

    return pyarrow.table(
        {
            _FUNDING_TIME: pyarrow.array([one.at_ms for one in payments], pyarrow.int64()),
            _RATE: pyarrow.array([one.rate for one in payments], pyarrow.float64()),
        }
    )


def read_candles(path: Path, timeframe: Timeframe) -> CandleTable:
    """The candles of one file as they are in it. Raises `InvalidDataError` for another layout."""
    import pyarrow

    kinds = {_OPEN_TIME: pyarrow.int64()} | dict.fromkeys(CANDLE_COLUMNS, pyarrow.float64())
    columns = _read(path, kinds)
    return CandleTable(
        timeframe=timeframe,
        opened=columns[_OPEN_TIME],
        columns=np.vstack([columns[name] for name in CANDLE_COLUMNS]),
    )


def read_funding(path: Path) -> tuple[FundingPayment, ...]:
    """The settled funding of one file. Raises `InvalidDataError` for another layout."""
    import pyarrow

    columns = _read(path, {_FUNDING_TIME: pyarrow.int64(), _RATE: pyarrow.float64()})
    rows = zip(columns[_FUNDING_TIME].tolist(), columns[_RATE].tolist(), strict=True)
    return tuple(FundingPayment(at_ms=at_ms, rate=rate) for at_ms, rate in rows)


def count_rows(path: Path) -> int:
    """How many rows a file has, from its footer. Raises `InvalidDataError` without one."""
    return int(_opened(path).metadata.num_rows)


def _read(path: Path, kinds: dict[str, Any]) -> dict[str, Any]:
    """The named columns as arrays, each of its kind and without nulls."""
    table = _table(path)
    for name, kind in kinds.items():
        if name not in table.column_names or table.schema.field(name).type != kind:
            raise InvalidDataError(f"{path} has no column {name} of {kind}. {MEND}")
        if table.column(name).null_count:
            raise InvalidDataError(f"{path} has empty cells in column {name}. {MEND}")
    return {name: table.column(name).to_numpy() for name in kinds}


def _table(path: Path) -> Any:
    import pyarrow

    file = _opened(path)
    try:
        return file.read(use_threads=False)
    except (pyarrow.ArrowException, OSError) as error:
        raise _unreadable(path, error) from error


def _opened(path: Path) -> Any:
    import pyarrow
    from pyarrow import parquet

    try:
        return parquet.ParquetFile(path)
    except (pyarrow.ArrowException, OSError) as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> InvalidDataError:
    return InvalidDataError(f"{path} cannot be read as Parquet ({error}). {MEND}")


def _flush(path: Path) -> None:
    with path.open("rb") as file:
        os.fsync(file.fileno())
