"""Which files are to be imported, and what their names say."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Final

from domain.errors import ConfigurationError
from domain.timeframes import Timeframe, to_ms
from exchanges.history.months import Month

_NAME: Final = re.compile(
    r"(?P<symbol>[A-Z0-9]+)"
    r"(-(?P<length>[0-9]+[a-zA-Z]+)-(?P<period>[0-9]{4}-[0-9]{2}(-[0-9]{2})?))?"
    r"\.(parquet|csv|zip)"
)
_ENDINGS: Final = frozenset({".parquet", ".csv", ".zip"})
_EXPECTED: Final = (
    "SYMBOL.parquet, or SYMBOL-1m-2024-02 with .parquet, .csv or .zip, as https://data.binance."
    "vision names its files"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """One file of one pair. `span` is the period that its name tells, in ms."""

    path: Path
    symbol: str
    timeframe: Timeframe | None
    span: tuple[int, int] | None


def find_sources(path: Path) -> tuple[Source, ...]:
    """The file, or every file of candles in the folder and below, by name.

    Raises `ConfigurationError` for a name that says no pair, or when there is no file.
    """
    files = [path] if path.is_file() else sorted(path.rglob("*"))
    sources = tuple(
        _source(file) for file in files if file.is_file() and file.suffix.lower() in _ENDINGS
    )
    if not sources:
        raise ConfigurationError(f"no file of candles in {path}; expected are {_EXPECTED}")
    return sources


def _source(path: Path) -> Source:
    found = _NAME.fullmatch(path.name)
    if found is None:
        raise ConfigurationError(f"{path}: the name does not tell the pair; expected: {_EXPECTED}")
    length, period = found["length"], found["period"]
    if length is not None and length not in set(Timeframe):
        raise ConfigurationError(
            f"{path}: {length} candles are not used; import one of {', '.join(Timeframe)}"
        )
    return Source(
        path=path,
        symbol=found["symbol"],
        timeframe=None if length is None else Timeframe(length),
        span=None if period is None else _span(path, period),
    )


def _span(path: Path, period: str) -> tuple[int, int]:
    month = Month.parse(period)
    if month is not None:
        return month.start_ms, month.end_ms
    try:
        day = datetime.strptime(period, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError:
        raise ConfigurationError(f"{path}: {period} in the name is no month and no day") from None
    return to_ms(day), to_ms(day + timedelta(days=1))
