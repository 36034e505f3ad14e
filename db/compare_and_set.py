"""Replaces a row only while it is in the state that the change was decided on."""

from enum import StrEnum
from typing import Any

from sqlalchemy import Column, Table, update

from db.transaction import Transaction
from domain.errors import ConflictError


async def save_from_state(
    transaction: Transaction,
    table: Table,
    key: tuple[Column[Any], object],
    *,
    was: StrEnum,
    values: dict[str, Any],
) -> None:
    """Checked and changed in one statement: of two changes from one state exactly one wins.

    `key` is a unique column and its value. Raises `ConflictError`.
    """
    column, name = key
    statement = update(table).where(column == name, table.c.state == was).values(values)
    changed = await transaction.execute(statement)
    if changed.rowcount == 0:
        raise ConflictError(
            f"{table.name}: {name} is not {was} any more, somebody else has changed it; "
            "read it anew and decide again"
        )
