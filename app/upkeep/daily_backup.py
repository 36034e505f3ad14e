"""The job that makes a backup a day, in a process of its own: the bot's must answer meanwhile."""

import asyncio
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

import structlog

from app.upkeep.places import LONGEST_BACKUP, list_backups
from domain.errors import StorageUnavailableError

_log = structlog.get_logger(__name__)

_QUORUM: Final = (sys.executable, "-m", "app")
_EVERY: Final = timedelta(days=1)
_LONGEST_SECONDS: Final = LONGEST_BACKUP.total_seconds()
_GOODBYE_SECONDS: Final = 5.0
"""To delete what is unfinished. The bot's own end waits for it, and has 10 s."""


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
        goodbye_seconds: float = _GOODBYE_SECONDS,
    ) -> None:
        self._folder = folder
        self._keep = keep
        self._now = now
        self._program = program
        self._goodbye_seconds = goodbye_seconds

    async def __call__(self) -> None:
        """Raises `StorageUnavailableError` with the command's own words when it fails."""
        newest = self.newest_at()
        if newest is not None and timedelta() <= self._now() - newest < _EVERY:
            return
        options = ("--out", str(self._folder), "--keep", str(self._keep))
        command = (*self._program, "backup", *options)
        _log.info("backup", said=await _run(command, self._goodbye_seconds))

    def newest_at(self) -> datetime | None:
        """When the newest backup was made, None before the first."""
        backups = list_backups(self._folder)
        return backups[-1][0] if backups else None


async def _run(command: Sequence[str], goodbye_seconds: float) -> str:
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
        await _end(process, goodbye_seconds)
    if process.returncode != 0:
        raise StorageUnavailableError(f"no backup was made: {_text(complained)}")
    return _text(said)


async def _end(process: asyncio.subprocess.Process, goodbye_seconds: float) -> None:
    """Ask it to end, which deletes what is unfinished; kill it when it does not."""
    if process.returncode is not None:
        return
    process.terminate()
    try:
        with suppress(TimeoutError):
            async with asyncio.timeout(goodbye_seconds):
                await process.wait()
    finally:
        if process.returncode is None:
            process.kill()
    await process.wait()


def _text(output: bytes) -> str:
    return " ".join(output.decode(errors="replace").split())
