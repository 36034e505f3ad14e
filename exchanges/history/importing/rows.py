"""The rows of a file as arrays, whatever the file is: Parquet, CSV, or a zip with one CSV."""

import hashlib
import io
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np

from domain.errors import InvalidDataError
from exchanges.grids import Real, Whole
from exchanges.history.importing.layouts import (
    KLINE_COLUMNS,
    PRICES_AND_VOLUME,
    TAKER_BUY,
    Layout,
    open_time_column,
)
from exchanges.parquet_files import read_parquet

_BROKEN_ZIP: Final = (zipfile.BadZipFile, zlib.error, EOFError, RuntimeError)
"""How damage shows; a RuntimeError is a zip with a password or of an unknown kind."""
_LARGEST_MEMBER: Final = 512 * 1024 * 1024
"""Bytes of a CSV within a zip; a month of 1-minute klines has 7 million."""


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class FileRows:
    """Open times as they are in the file, shape (n,), and columns of shape (6, n).

    `first_line` is the number that people give the first row: of the line in a CSV.
    """

    opened: Whole
    columns: Real
    first_line: int


def read_rows(path: Path, layout: Layout) -> FileRows:
    """All rows of a file. Raises `InvalidDataError` for what is not such a file."""
    refuse_wrong_checksum(path)
    try:
        if path.suffix == ".parquet":
            return _parquet_rows(path, layout)
        data = _unzipped(path) if path.suffix == ".zip" else path.read_bytes()
        return _csv_rows(path, data, layout)
    except OSError as error:
        raise InvalidDataError(f"{path} cannot be read: {error.strerror or error}") from error


def refuse_wrong_checksum(path: Path) -> None:
    """Compare a file with the `.CHECKSUM` next to it, if there is one."""
    listed = path.with_name(f"{path.name}.CHECKSUM")
    if not listed.exists():
        return
    words = listed.read_text(encoding="ascii", errors="replace").split()
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    if not words or words[0].lower() != digest:
        raise InvalidDataError(
            f"{path} is not the file that {listed.name} describes: it was cut or changed on its "
            "way. Download both again"
        )


def _parquet_rows(path: Path, layout: Layout) -> FileRows:
    return _arrow_rows(path, read_parquet(path), layout, first_line=1)


def _unzipped(path: Path) -> bytes:
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            if len(members) != 1 or not members[0].filename.endswith(".csv"):
                raise InvalidDataError(f"{path} does not hold exactly one CSV file")
            if members[0].file_size > _LARGEST_MEMBER:
                raise InvalidDataError(f"{path} holds more than a month of candles ever has")
            return archive.read(members[0])
    except _BROKEN_ZIP as error:
        raise InvalidDataError(f"{path} is no whole zip ({error}). Download it again") from error


def _csv_rows(path: Path, data: bytes, layout: Layout) -> FileRows:
    import pyarrow
    from pyarrow import csv

    first = data.partition(b"\n")[0].decode("ascii", errors="replace").strip()
    has_names = not first[:1].isdigit()
    names = [name.strip() for name in first.split(",")] if has_names else list(KLINE_COLUMNS)
    opened = open_time_column(names, layout, str(path))
    kinds = {opened: pyarrow.int64()} | {
        name: pyarrow.float64() for name in (*PRICES_AND_VOLUME, TAKER_BUY) if name in names
    }
    try:
        table = csv.read_csv(
            io.BytesIO(data),
            csv.ReadOptions(use_threads=False, column_names=names, skip_rows=int(has_names)),
            convert_options=csv.ConvertOptions(
                column_types=kinds, include_columns=list(kinds), null_values=[]
            ),
        )
    except pyarrow.ArrowException as error:
        raise InvalidDataError(f"{path} cannot be read as CSV: {error}") from error
    return _arrow_rows(path, table, layout, first_line=1 + int(has_names))


def _arrow_rows(path: Path, table: Any, layout: Layout, *, first_line: int) -> FileRows:
    # A CSV was read with the columns it needs alone, so its layout is known to fit already.
    needed = Layout.CANDLES if path.suffix != ".parquet" else layout
    opened = _column(path, table, open_time_column(table.column_names, needed, str(path)), "int64")
    columns = [_column(path, table, name, "double") for name in PRICES_AND_VOLUME]
    if TAKER_BUY in table.column_names:
        columns.append(_column(path, table, TAKER_BUY, "double"))
    else:
        columns.append(np.full(len(opened), np.nan))
    return FileRows(opened=opened, columns=np.vstack(columns), first_line=first_line)


def _column(path: Path, table: Any, name: str, kind: str) -> Any:
    column = table.column(name)
    if str(column.type) != kind or column.null_count:
        raise InvalidDataError(
            f"{path}: column {name} must be {kind} without empty cells; it is {column.type} with "
            f"{column.null_count} empty ones"
        )
    return column.to_numpy()
