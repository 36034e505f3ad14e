"""Files that a command writes its result to, where the command line said."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from app.writable import try_writing
from domain.errors import ConfigurationError


def write_file(path: Path, data: bytes, *, option: str = "--out") -> None:
    """Write a file, with its folder. Raises `ConfigurationError` where that cannot be done.

    `option` is what the place was named with.
    """
    with _refused_by_the_disk(path, option):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)


def refuse_unwritable(path: Path | None, *, option: str) -> None:
    """Raise as `write_file` would, before there is a result to lose. Makes nothing."""
    if path is not None:
        with _refused_by_the_disk(path, option):
            try_writing(path)


@contextmanager
def _refused_by_the_disk(path: Path, option: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ConfigurationError(
            f"{path} cannot be written: {error.strerror}; name another place with {option}"
        ) from error
