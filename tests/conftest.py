"""What every test folder may ask for: real servers, started once, and `--update-golden`."""

import gc
import os
from collections.abc import AsyncIterator, Generator, Iterator
from decimal import getcontext

import pytest
from hypothesis import settings
from xdist.remote import Producer

from tests.scheduling import LinesOnOneWorker, is_whole_line
from tests.servers.databases import MigratedDatabases
from tests.servers.postgres import running_postgres
from tests.servers.valkey import running_valkey

# A busy machine is no counterexample: what may take how long is measured in bench/. Properties that
# do not say how many examples they need get half of Hypothesis's own number here, ten times that
# with HYPOTHESIS_PROFILE=deep.
settings.register_profile("quorum", deadline=None, max_examples=30)
settings.register_profile("deep", deadline=None, max_examples=500)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quorum"))


def pytest_xdist_auto_num_workers() -> int:
    """One more than there are cores: much of the suite waits for sockets."""
    return (os.cpu_count() or 1) + 1


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LinesOnOneWorker:
    """Asked by the process that hands tests to the workers."""
    return LinesOnOneWorker(config, log)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whole lines first: together they take longer than what any other worker gets."""
    items.sort(key=lambda item: not is_whole_line(item.nodeid))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Ten thousand tests are not garbage: they are neither searched for it while they are loaded
    (a quarter of the time of loading) nor at any time later.
    """
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--update-golden", action="store_true", help="write the golden files anew; read the diff"
    )


@pytest.fixture(autouse=True)
def _own_arithmetic() -> Iterator[None]:
    """Some tests use ccxt as it is, which sets the rounding of the process: undo it after each."""
    context = getcontext()
    rounding, traps = context.rounding, context.traps.copy()
    yield
    context.rounding, context.traps = rounding, traps


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
