"""Kinds of columns: how each is held by a database and by a file of the archive."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

import pyarrow as pa
from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    Double,
    Integer,
    LargeBinary,
    Text,
)
from sqlalchemy.types import TypeEngine

from db.types import ExactDecimal, UTCDateTime

_DECIMAL: Final = "decimal"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Kind:
    stored: type[TypeEngine[Any]]
    written: Any


_KINDS: Final = {
    "whole number": _Kind(stored=BigInteger, written=pa.int64()),
    "number": _Kind(stored=Double, written=pa.float64()),
    "switch": _Kind(stored=Boolean, written=pa.bool_()),
    "text": _Kind(stored=Text, written=pa.string()),
    "bytes": _Kind(stored=LargeBinary, written=pa.binary()),
    "instant": _Kind(stored=UTCDateTime, written=pa.timestamp("us", tz="UTC")),
    # As digits: a binary number or one of fixed precision would lose some.
    _DECIMAL: _Kind(stored=ExactDecimal, written=pa.string()),
}


def kind_of(column: Column[Any]) -> str:
    """The kind of a column of ours."""
    if isinstance(column.type, Integer):
        return "whole number"
    return next(name for name, kind in _KINDS.items() if isinstance(column.type, kind.stored))


def stored_type(kind: str) -> TypeEngine[Any]:
    """How a database holds it. Raises `KeyError` for a kind that is not known."""
    return _KINDS[kind].stored()


def written_schema(columns: Sequence[tuple[str, str]]) -> Any:
    """The Arrow schema of columns, given by name and kind."""
    return pa.schema([(name, _KINDS[kind].written) for name, kind in columns])


def to_written(rows: Sequence[Sequence[Any]], columns: Sequence[tuple[str, str]]) -> Any:
    """Rows of a database as an Arrow batch."""
    values = zip(*rows, strict=True)
    cells = [
        [_to_digits(value) for value in column] if kind == _DECIMAL else column
        for column, (_, kind) in zip(values, columns, strict=True)
    ]
    schema = written_schema(columns)
    arrays = [pa.array(each, type=field.type) for each, field in zip(cells, schema, strict=True)]
    return pa.record_batch(arrays, schema=schema)


def to_stored(batch: Any, columns: Sequence[tuple[str, str]]) -> list[dict[str, Any]]:
    """An Arrow batch as rows for a database."""
    rows: list[dict[str, Any]] = batch.to_pylist()
    exact = [name for name, kind in columns if kind == _DECIMAL]
    for row in rows:
        for name in exact:
            row[name] = None if row[name] is None else Decimal(row[name])
    return rows


def _to_digits(value: Decimal | None) -> str | None:
    return None if value is None else format(value, "f")
