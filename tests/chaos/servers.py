"""Real servers that are stopped and started again in the middle of everything."""

import asyncio
import os
import signal
import socket
import struct
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.e2e.waiting import until_seen
from tests.servers.postgres import running_postgres
from tests.servers.processes import Account, running_server
from tests.servers.valkey import running_valkey

_PEER = struct.Struct("3i")


class Restartable:
    """A server behind a socket's file. What it keeps on disk is there again after a start."""

    def __init__(self, socket_file: Path, running: ExitStack, *arguments: str) -> None:
        """`arguments` are those it was started with, for a server that shows others."""
        self._socket_file = socket_file
        self._running = running
        self._pid, user, group = _peer_of(socket_file)
        self._account = Account(user=user, group=group)
        process = Path(f"/proc/{self._pid}")
        shown = process.joinpath("cmdline").read_bytes().decode().split("\0")[1:-1]
        self._command = [str(process.joinpath("exe").readlink()), *(arguments or shown)]

    async def stop(self) -> None:
        """Shut it down: connections are cut, and nobody can connect."""
        os.kill(self._pid, signal.SIGINT)
        await until_seen(lambda: not _answers(self._socket_file), "the server does not stop")

    async def start(self) -> None:
        """Start the same program on the same folder."""
        await asyncio.sleep(0)
        folder = self._socket_file.parent
        ready = _readiness(self._socket_file)
        self._running.enter_context(running_server(self._command, self._account, folder, ready))
        self._pid = _peer_of(self._socket_file)[0]


@contextmanager
def restartable_postgres() -> Iterator[tuple[str, Restartable]]:
    """A PostgreSQL and the URL of its database."""
    with ExitStack() as running:
        url = running.enter_context(running_postgres())
        yield url, Restartable(Path(url.partition("host=")[2]) / ".s.PGSQL.5432", running)


@contextmanager
def restartable_valkey() -> Iterator[tuple[str, Restartable]]:
    """A Redis-compatible server and its URL. It forgets everything when it stops."""
    with ExitStack() as running:
        url = running.enter_context(running_valkey())
        file = url.removeprefix("unix://")
        listen = ("--port", "0", "--unixsocket", file, "--save", "", "--appendonly", "no")
        yield url, Restartable(Path(file), running, *listen)


def _readiness(socket_file: Path) -> Callable[[], bool]:
    """PostgreSQL listens before it is ready, and says in a file when it is."""
    pid_file = socket_file.parent / "data" / "postmaster.pid"
    if not socket_file.name.startswith(".s.PGSQL"):
        return lambda: _answers(socket_file)
    return lambda: pid_file.exists() and "ready" in pid_file.read_text()


def _answers(socket_file: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        try:
            client.connect(str(socket_file))
        except OSError:
            return False
    return True


def _peer_of(socket_file: Path) -> tuple[int, int, int]:
    """Process, user and group that listen on a socket."""
    with socket.socket(socket.AF_UNIX) as client:
        client.connect(str(socket_file))
        told = client.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _PEER.size)
    pid, user, group = _PEER.unpack(told)
    return pid, user, group
