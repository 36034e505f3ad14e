"""Starts real servers for tests: never as root, never outliving the test run."""

import os
import pwd
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_WRAPPER = Path(__file__).with_name("die_with_parent.py")
_START_SECONDS = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """The user a server runs as."""

    user: int
    group: int

    @classmethod
    def ourselves(cls) -> "Account":
        return cls(user=os.geteuid(), group=os.getegid())

    @classmethod
    def unprivileged(cls) -> "Account":
        """Ourselves, or `nobody` in place of root, which PostgreSQL refuses."""
        if os.geteuid() != 0:
            return cls.ourselves()
        nobody = pwd.getpwnam("nobody")
        return cls(user=nobody.pw_uid, group=nobody.pw_gid)

    @property
    def is_another(self) -> bool:
        return self.user != os.geteuid()

    def own(self, path: Path) -> None:
        """Give a path to this user."""
        if self.is_another:
            os.chown(path, self.user, self.group, follow_symlinks=False)

    def run(self, command: Sequence[str | Path], folder: Path) -> None:
        """Run a command to its end as this user. Raises what it printed when it fails."""
        done = subprocess.run(
            command,
            cwd=folder,
            capture_output=True,
            check=False,
            user=self.user if self.is_another else None,
            group=self.group if self.is_another else None,
            extra_groups=[] if self.is_another else None,
        )
        if done.returncode != 0:
            raise RuntimeError(f"{command[0]} failed: {done.stderr.decode(errors='replace')}")


@contextmanager
def server_folder(account: Account) -> Iterator[Path]:
    """A folder of its own, short because the path of a socket has at most 107 bytes."""
    folder = Path(tempfile.mkdtemp(prefix="q-", dir="/tmp"))
    account.own(folder)
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def running_server(
    command: Sequence[str | Path], account: Account, folder: Path, is_ready: Callable[[], bool]
) -> Iterator[None]:
    """Run a server until the block ends; it also ends with this process, even if that is killed."""
    ids = (os.getpid(), account.user, account.group)
    wrapped = [sys.executable, _WRAPPER, *map(str, ids), *command]
    log = folder / "server.log"
    with log.open("wb") as output:
        process = subprocess.Popen(wrapped, cwd=folder, stdout=output, stderr=output)
    try:
        _wait_until_ready(process, is_ready, log)
        yield
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)


def _wait_until_ready(
    process: "subprocess.Popen[bytes]", is_ready: Callable[[], bool], log: Path
) -> None:
    deadline = time.monotonic() + _START_SECONDS
    while not is_ready():
        if process.poll() is not None or time.monotonic() > deadline:
            raise RuntimeError(f"a test server did not start: {log.read_text(errors='replace')}")
        time.sleep(0.02)
