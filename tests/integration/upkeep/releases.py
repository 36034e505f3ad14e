"""A database as version 0.1.0 left it (migration 0005), with rows in every table."""

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from alembic import command
from alembic.config import Config
from sqlalchemy import (
    BigInteger,
    Boolean,
    ColumnClause,
    Connection,
    Double,
    LargeBinary,
    Text,
    column,
    func,
    insert,
    select,
    table,
)
from sqlalchemy.ext.asyncio import AsyncEngine
from sqlalchemy.types import TypeEngine

from db.tables import metadata
from db.types import ExactDecimal, UTCDateTime

REVISION: Final = "0005"
HEAD: Final = "0006"
_ROOT: Final = Path(__file__).parents[3]
_ROWS: Final = Path(__file__).with_name("release_0005.json")
"""Written by that version's own repositories, then taken out of its tables."""

_TYPES: Final[dict[str, TypeEngine[Any]]] = {
    "whole number": BigInteger(),
    "number": Double(),
    "switch": Boolean(),
    "text": Text(),
    "bytes": LargeBinary(),
    "instant": UTCDateTime(),
    "decimal": ExactDecimal(),
}
_READ: Final[dict[str, Callable[[Any], Any]]] = {
    "bytes": bytes.fromhex,
    "instant": datetime.fromisoformat,
    "decimal": Decimal,
}


async def make_release(engine: AsyncEngine) -> None:
    """Make its tables by its migrations, and its rows by plain inserts."""
    async with engine.begin() as connection:
        await connection.run_sync(_migrate)
        for stored in json.loads(_ROWS.read_text()):
            await connection.run_sync(_insert, stored)


async def all_rows(engine: AsyncEngine) -> dict[str, list[tuple[Any, ...]]]:
    """Everything of every table, as Python sees it."""
    async with engine.connect() as connection:
        return {
            each.name: [
                tuple(row)
                for row in await connection.execute(select(each).order_by(*each.primary_key))
            ]
            for each in metadata.sorted_tables
        }


async def count_rows(engine: AsyncEngine, name: str) -> int:
    async with engine.connect() as connection:
        counted = await connection.execute(select(func.count()).select_from(table(name)))
        return int(counted.scalar_one())


def _migrate(connection: Connection) -> None:
    config = Config(_ROOT / "alembic.ini")
    config.attributes["connection"] = connection
    command.upgrade(config, REVISION)


def _insert(connection: Connection, stored: dict[str, Any]) -> None:
    columns: list[ColumnClause[Any]] = [
        column(name, _TYPES[kind]) for name, kind in stored["columns"]
    ]
    rows = [
        {
            name: value if value is None else _READ.get(kind, _as_it_is)(value)
            for (name, kind), value in zip(stored["columns"], row, strict=True)
        }
        for row in stored["rows"]
    ]
    connection.execute(insert(table(stored["name"], *columns)), rows)
    if connection.dialect.name == "postgresql":
        _count_on(connection, stored)


def _count_on(connection: Connection, stored: dict[str, Any]) -> None:
    """As if PostgreSQL itself had counted the keys."""
    for name, _ in stored["columns"]:
        sequence = connection.scalar(select(func.pg_get_serial_sequence(stored["name"], name)))
        if sequence is not None:
            newest = max(row[0] for row in stored["rows"])
            connection.execute(select(func.setval(sequence, newest)))


def _as_it_is(value: Any) -> Any:
    return value
