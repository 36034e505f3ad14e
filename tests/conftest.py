"""What every test folder may ask for: real servers, started once, and `--update-golden`."""

import os
from collections.abc import AsyncIterator, Iterator

import pytest
from hypothesis import settings

from tests.servers.databases import MigratedDatabases
from tests.servers.postgres import running_postgres
from tests.servers.valkey import running_valkey

# A busy machine is no counterexample: what may take how long is measured in bench/.
settings.register_profile("quorum", deadline=None)
settings.load_profile("quorum")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files anew; read the diff"
    )


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server's own database; `tests.servers.postgres.fresh_database` makes others.

    TEST_DATABASE_URL names a server to use instead of starting one.
    """
    if given := os.environ.get("TEST_DATABASE_URL"):
        yield given
        return
    with running_postgres() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis-compatible server. TEST_REDIS_URL names one to use instead of starting one."""
    if given := os.environ.get("TEST_REDIS_URL"):
        yield given
        return
    with running_valkey() as url:
        yield url


@pytest.fixture(scope="session")
async def databases(
    postgres_url: str, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[MigratedDatabases]:
    """Migrated databases: `url = await databases.blank("sqlite")`, or "postgresql"."""
    prepared = MigratedDatabases(tmp_path_factory.mktemp("databases"), postgres_url)
    await prepared.prepare()
    yield prepared
    await prepared.close()
