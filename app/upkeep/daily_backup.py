"""The job that makes a backup a day, in a process of its own: the bot's must answer meanwhile."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from app.upkeep.places import list_backups
from domain.errors import StorageUnavailableError

_log = structlog.get_logger(__name__)

_QUORUM: Final = (sys.executable, "-m", "app")
_EVERY: Final = timedelta(days=1)
_LONGEST_SECONDS: Final = 3600.0


class DailyBackup:
    """To be run every hour: makes a backup when the newest is a day old, so no restart skips one.

    Time is the host's, which names the files. It runs `python -m app backup` with the settings of
    this process's environment.
    """

    def __init__(
        self,
        folder: Path,
        *,
        keep: int,
        now: Callable[[], datetime],
        program: Sequence[str] = _QUORUM,
    ) -> None:
        self._folder = folder
        self._keep = keep
        self._now = now
        self._program = program

    async def __call__(self) -> None:
        """Raises `StorageUnavailableError` with the command's own words when it fails."""
        newest = self.newest_at()
        if newest is not None and timedelta() <= self._now() - newest < _EVERY:
            return
        options = ("--out", str(self._folder), "--keep", str(self._keep))
        _log.info("backup", said=await _run((*self._program, "backup", *options)))

    def newest_at(self) -> datetime | None:
        """When the newest backup was made, None before the first."""
        backups = list_backups(self._folder)
        return backups[-1][0] if backups else None


async def _run(command: Sequence[str]) -> str:
    process = await asyncio.create_subprocess_exec(
        *command, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE
    )
    try:
        async with asyncio.timeout(_LONGEST_SECONDS):
            said, complained = await process.communicate()
    except TimeoutError:
        raise StorageUnavailableError(
            f"the backup was not done within {_LONGEST_SECONDS:.0f} s and was given up; is the "
            "disk or the database very slow?"
        ) from None
    finally:
        await _end(process)
    if process.returncode != 0:
        raise StorageUnavailableError(f"no backup was made: {_text(complained)}")
    return _text(said)


async def _end(process: asyncio.subprocess.Process) -> None:
    if process.returncode is None:
        process.kill()
        await process.wait()


def _text(output: bytes) -> str:
    return " ".join(output.decode(errors="replace").split())
