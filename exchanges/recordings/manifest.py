"""recording.json: what a folder of recorded messages holds."""

import os
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import msgspec

from domain.errors import ConfigurationError
from exchanges.unreadable import UNREADABLE

MANIFEST: Final = "recording.json"
FORMAT: Final = "quorum recording"
VERSION: Final = 1


class Session(msgspec.Struct, frozen=True, kw_only=True):
    """One start of a recorder: when (UTC, ISO 8601), from where, and what it asked for."""

    begun: str
    origin: str
    pairs: tuple[str, ...]
    streams: tuple[str, ...]


class Manifest(msgspec.Struct, frozen=True, kw_only=True):
    """The content of recording.json; a restart into the same folder adds a session."""

    format: str = FORMAT
    version: int = VERSION
    sessions: tuple[Session, ...] = ()

    @property
    def pairs(self) -> Sequence[str]:
        """Every pair that any session recorded, in the order of their first appearance."""
        return list(dict.fromkeys(pair for session in self.sessions for pair in session.pairs))


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a folder; raises `ConfigurationError` where there is none we can read."""
    try:
        content = (folder / MANIFEST).read_bytes()
    except OSError as error:
        raise ConfigurationError(
            f"{folder} holds no recording: {MANIFEST} cannot be read ({error.strerror}); make one "
            "with `python -m app record` or `python -m app import-recording`"
        ) from None
    return _decoded(content, folder)


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Replace the manifest in one step, so that it is never half written; raises OSError.

    It is on the disk before it replaces the old one: without it no file can be read.
    """
    fresh = folder / f"{MANIFEST}.new"
    with fresh.open("wb") as file:
        file.write(msgspec.json.format(msgspec.json.encode(manifest), indent=2) + b"\n")
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(folder / MANIFEST)


def _decoded(content: bytes, folder: Path) -> Manifest:
    try:
        manifest = msgspec.json.decode(content, type=Manifest)
    except UNREADABLE as error:
        raise ConfigurationError(
            f"{folder / MANIFEST} is not the manifest of a recording: {error}"
        ) from None
    if manifest.format != FORMAT or manifest.version != VERSION:
        raise ConfigurationError(
            f"{folder / MANIFEST} is of {manifest.format!r} version {manifest.version}; this "
            f"version of Quorum reads {FORMAT!r} version {VERSION}"
        )
    return manifest
