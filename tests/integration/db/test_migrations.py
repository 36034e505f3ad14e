"""Migrations, up and down, on both databases."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import create_database_engine
from db.migrate import MigrationState, migration_state, upgrade
from db.tables import metadata
from domain.errors import ConfigurationError

ROOT = Path(__file__).parents[3]
HEAD = "0006"


async def run(engine: AsyncEngine, step: Callable[[Config], object]) -> None:
    """Run an Alembic command on a database."""

    def on_connection(connection: Connection) -> None:
        config = Config(ROOT / "alembic.ini")
        config.attributes["connection"] = connection
        step(config)

    async with engine.begin() as connection:
        await connection.run_sync(on_connection)


async def table_names(engine: AsyncEngine) -> set[str]:
    async with engine.connect() as connection:
        return set(await connection.run_sync(lambda sync: inspect(sync).get_table_names()))


async def test_a_new_database_knows_no_revision(unmigrated: AsyncEngine) -> None:
    state = await migration_state(unmigrated)
    assert state == MigrationState(current=None, head=HEAD)
    assert not state.is_current
    assert await table_names(unmigrated) == set()


async def test_an_upgrade_makes_every_table_and_is_current(unmigrated: AsyncEngine) -> None:
    await upgrade(unmigrated)
    state = await migration_state(unmigrated)
    assert state == MigrationState(current=HEAD, head=HEAD)
    assert state.is_current
    assert await table_names(unmigrated) == {*metadata.tables, "alembic_version"}


async def test_an_upgrade_of_a_current_database_changes_nothing(engine: AsyncEngine) -> None:
    await upgrade(engine)
    assert (await migration_state(engine)).is_current


async def test_the_migrations_make_just_what_the_tables_declare(engine: AsyncEngine) -> None:
    await run(engine, command.check)


async def test_a_missing_index_would_be_noticed(unmigrated: AsyncEngine) -> None:
    await upgrade(unmigrated)
    async with unmigrated.begin() as connection:
        await connection.execute(text("DROP INDEX ix_users_role"))
    with pytest.raises(Exception, match="ix_users_role"):
        await run(unmigrated, command.check)


async def test_down_leaves_nothing_and_up_again_works(unmigrated: AsyncEngine) -> None:
    await upgrade(unmigrated)
    await run(unmigrated, lambda config: command.downgrade(config, "base"))
    assert await table_names(unmigrated) == {"alembic_version"}
    await upgrade(unmigrated)
    await run(unmigrated, command.check)


async def test_an_upgrade_that_fails_half_way_leaves_nothing(unmigrated: AsyncEngine) -> None:
    async with unmigrated.begin() as connection:
        await connection.execute(text("CREATE TABLE users (id INTEGER)"))
    with pytest.raises(Exception, match="users"):
        await upgrade(unmigrated)
    assert await table_names(unmigrated) == {"users"}


async def _be_from_the_future(engine: AsyncEngine) -> None:
    await upgrade(engine)
    async with engine.begin() as connection:
        await connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))


async def test_a_database_from_a_newer_version_is_known_as_such(unmigrated: AsyncEngine) -> None:
    await _be_from_the_future(unmigrated)
    state = await migration_state(unmigrated)
    assert state == MigrationState(current="9999", head=HEAD, is_newer=True)
    assert not state.is_current


async def test_a_database_from_a_newer_version_is_refused(unmigrated: AsyncEngine) -> None:
    await _be_from_the_future(unmigrated)
    with pytest.raises(ConfigurationError, match=r"from a newer version .*9999.*update Quorum"):
        await upgrade(unmigrated)


async def test_alembics_own_command_line_works_with_the_ini_file(tmp_path: Path) -> None:
    config = Config(ROOT / "alembic.ini")
    config.set_main_option("sqlalchemy.url", f"sqlite:///{tmp_path}/var/quorum.sqlite")
    await asyncio.to_thread(command.upgrade, config, "head")
    engine = create_database_engine(f"sqlite:///{tmp_path}/var/quorum.sqlite")
    assert (await migration_state(engine)).is_current
    await engine.dispose()


async def test_an_older_database_keeps_its_rows_on_the_way_up_and_down(
    unmigrated: AsyncEngine,
) -> None:
    await run(unmigrated, lambda config: command.upgrade(config, "0001"))
    insert = "INSERT INTO users VALUES (7, 'admin', '2025-10-06 14:00:00+00', 'settings')"
    async with unmigrated.begin() as connection:
        await connection.execute(text(insert))
    await upgrade(unmigrated)
    await run(unmigrated, lambda config: command.downgrade(config, "0001"))
    async with unmigrated.connect() as connection:
        ids = (await connection.execute(text("SELECT id FROM users"))).scalars().all()
    assert list(ids) == [7]
    assert "whale_events" not in await table_names(unmigrated)
