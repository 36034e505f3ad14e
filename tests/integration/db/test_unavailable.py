"""A database that is away, or set up wrongly, is said to be; its password is not."""

from pathlib import Path

import pytest
from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import AsyncEngine

from db.engine import create_database_engine
from db.migrate import migration_state
from db.unit_of_work import SqlStorage
from domain.errors import StorageUnavailableError
from domain.trading_state import PauseState
from tests.servers.databases import POSTGRESQL, MigratedDatabases


async def assert_away(url: str) -> None:
    engine = create_database_engine(url)
    with pytest.raises(StorageUnavailableError, match="DATABASE_URL") as caught:
        async with SqlStorage(engine)() as unit:
            await unit.signals.next_id()
    assert "hunter2" not in str(caught.value)
    with pytest.raises(StorageUnavailableError):
        await migration_state(engine)
    await engine.dispose()


async def test_a_server_that_refuses_connections() -> None:
    await assert_away("postgresql://quorum:hunter2@127.0.0.1:1/quorum")


async def test_a_socket_that_is_not_there(tmp_path: Path) -> None:
    await assert_away(f"postgresql://quorum:hunter2@/quorum?host={tmp_path}")


async def test_a_host_that_nobody_knows() -> None:
    await assert_away("postgresql://quorum:hunter2@quorum.invalid/quorum")


@pytest.mark.parametrize("change", [{"database": "unknown"}, {"username": "unknown"}])
async def test_a_database_or_user_that_is_not_there(
    postgres_url: str, change: dict[str, str]
) -> None:
    url = make_url(postgres_url).set(password="hunter2", **change)  # type: ignore[arg-type] # a URL's parts are keywords
    await assert_away(url.render_as_string(hide_password=False))


async def test_a_file_that_is_a_folder(tmp_path: Path) -> None:
    await assert_away(f"sqlite:///{tmp_path}")


async def test_a_file_that_is_no_database(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("no database, but long enough to be looked at " * 100)
    await assert_away(f"sqlite:///{tmp_path}/notes.txt")


async def test_tables_that_were_never_made(unmigrated: AsyncEngine) -> None:
    async with SqlStorage(unmigrated)() as unit:
        with pytest.raises(StorageUnavailableError, match="signals"):
            await unit.signals.next_id()


async def test_a_connection_cut_in_the_middle_and_the_next_unit_works(
    databases: MigratedDatabases,
) -> None:
    engine = create_database_engine(await databases.blank(POSTGRESQL))
    storage = SqlStorage(engine)
    async with storage() as unit:
        await unit.state.set_pause(PauseState(is_paused=True))
        await _cut_connections(engine)
        with pytest.raises(StorageUnavailableError):
            await unit.state.get_pause()
    async with storage() as unit:
        assert await unit.state.get_pause() == PauseState()
    await engine.dispose()


async def _cut_connections(engine: AsyncEngine) -> None:
    async with engine.connect() as connection:
        await connection.execute(
            text(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        )
