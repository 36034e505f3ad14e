"""One writer at a time in a folder, held to by the kernel."""

import fcntl
import os
from pathlib import Path

from domain.errors import ConfigurationError


class FolderLock:
    """A folder of which nobody else takes the lock until `release`, or until the process ends.

    Raises `ConfigurationError` while somebody else holds it, OSError when it cannot be locked.
    """

    def __init__(self, folder: Path) -> None:
        self._folder: int | None = os.open(folder, os.O_RDONLY)
        try:
            fcntl.flock(self._folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            self.release()
            if not isinstance(error, BlockingIOError):
                raise
            raise ConfigurationError(
                f"another recorder is writing to {folder}; stop it first, or choose another folder "
                "with --out"
            ) from None

    def release(self) -> None:
        """Let others take it; calling it again changes nothing."""
        folder, self._folder = self._folder, None
        if folder is not None:
            os.close(folder)
