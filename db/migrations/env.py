"""How Alembic reaches a database: by the connection it is given, or by the URL of alembic.ini."""

import asyncio
from typing import Any, Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext
from sqlalchemy import Connection

from db.engine import create_database_engine
from db.tables import metadata
from db.types import ExactDecimal, UTCDateTime

_PLAIN_TYPES = (
    (UTCDateTime, "sa.DateTime(timezone=True)"),
    (ExactDecimal, 'sa.Numeric().with_variant(sa.Text(), "sqlite")'),
)


def render_plain_types(
    kind: str,
    value: Any,
    autogenerate: AutogenContext,  # noqa: ARG001 - Alembic's signature
) -> str | Literal[False]:
    """A migration must not change when db/types.py does."""
    if kind == "type":
        for declared, text in _PLAIN_TYPES:
            if isinstance(value, declared):
                return text
    return False


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection,
        target_metadata=metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_plain_types,
    )
    with context.begin_transaction():
        context.run_migrations()


async def migrate_by_url(url: str) -> None:
    engine = create_database_engine(url)
    async with engine.begin() as connection:
        await connection.run_sync(migrate)
    await engine.dispose()


handed_over = context.config.attributes.get("connection")
if handed_over is not None:
    migrate(handed_over)
else:
    asyncio.run(migrate_by_url(context.config.get_main_option("sqlalchemy.url") or ""))
