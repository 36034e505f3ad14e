"""The folder of the history: one writer at a time, and something to read in it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from domain.errors import ConfigurationError
from exchanges.history import HistoryStore
from exchanges.recordings.folder_lock import FolderLock


@contextmanager
def writing_to(root: Path) -> Iterator[None]:
    """Keep others from writing. Raises `ConfigurationError` while somebody else does."""
    try:
        root.mkdir(parents=True, exist_ok=True)
        lock = FolderLock(root)
    except OSError as error:
        raise ConfigurationError(
            f"{root} cannot be written: {error.strerror}; name another folder with --root"
        ) from error
    except ConfigurationError:
        raise ConfigurationError(
            f"another download or import is writing to {root}; wait for its end, or name another "
            "folder with --root"
        ) from None
    try:
        yield
    finally:
        lock.release()


def opened_history(root: Path) -> HistoryStore:
    """A history with at least one pair. Raises `ConfigurationError` where there is none."""
    store = HistoryStore(root)
    if not store.symbols():
        raise ConfigurationError(
            f"there is no history in {root}; fill it with `python -m app download` or `python -m "
            "app import`, or name another folder with --root"
        )
    return store
