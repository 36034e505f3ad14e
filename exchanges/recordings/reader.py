"""Reads a recording, also one whose recorder was killed in the middle of a message."""

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from domain.errors import ConfigurationError, InvalidDataError
from exchanges.recordings.manifest import read_manifest
from exchanges.recordings.messages import HEADER, RecordedMessage, parse_line
from exchanges.recordings.writer import FILES, file_number

_GZIP: Final = 16 + zlib.MAX_WBITS
_CHUNK_BYTES: Final = 65_536


@dataclass(frozen=True, slots=True, kw_only=True)
class CutTail:
    """A file that does not end as a finished one does.

    `left_out` counts the bytes after the last whole message: of text when the file was cut short,
    of the compressed file where it is damaged, which `reason` tells.
    """

    path: Path
    left_out: int
    reason: str


class Recording:
    """The messages of a folder, in the order in which they came.

    Raises `ConfigurationError` for a folder that holds no recording, or one of another version.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.manifest = read_manifest(folder)
        self.files = sorted(folder.glob(FILES))
        if not self.files:
            raise ConfigurationError(
                f"the recording in {folder} holds no message yet: no file {FILES}"
            )
        self.cut_tails: list[CutTail] = []

    @property
    def missing_files(self) -> Sequence[int]:
        """Numbers that no file has, though there are files before and after."""
        numbers = {file_number(path) for path in self.files}
        return [number for number in range(min(numbers), max(numbers)) if number not in numbers]

    def messages(self) -> Iterator[RecordedMessage]:
        """Every whole message; a file that was cut is noted in `cut_tails` when its end is met."""
        self.cut_tails.clear()
        for path in self.files:
            yield from self._of_file(path)

    def _of_file(self, path: Path) -> Iterator[RecordedMessage]:
        lines = _Lines()
        text = _Inflater()
        try:
            with path.open("rb") as file:
                while chunk := file.read(_CHUNK_BYTES):
                    yield from lines.add(text.add(chunk))
        except (zlib.error, InvalidDataError) as error:
            left = path.stat().st_size - text.consumed + lines.pending
            self.cut_tails.append(CutTail(path=path, left_out=left, reason=f"damaged: {error}"))
        except OSError as error:
            raise ConfigurationError(f"cannot read {path}: {error.strerror or error}") from None
        else:
            if lines.pending or not text.is_finished:
                self.cut_tails.append(
                    CutTail(path=path, left_out=lines.pending, reason="cut short")
                )


class _Inflater:
    """Inflates gzip, one member after another, as far as the bytes go."""

    def __init__(self) -> None:
        self._zip = zlib.decompressobj(_GZIP)
        self.consumed = 0

    def add(self, chunk: bytes) -> bytes:
        text = self._zip.decompress(chunk)
        while self._zip.eof and (rest := self._zip.unused_data):
            self._zip = zlib.decompressobj(_GZIP)
            text += self._zip.decompress(rest)
        self.consumed += len(chunk)
        return text

    @property
    def is_finished(self) -> bool:
        return self._zip.eof


class _Lines:
    """Cuts text into messages; `pending` bytes wait for the rest of theirs."""

    def __init__(self) -> None:
        self._text = bytearray()
        self._begun = False

    @property
    def pending(self) -> int:
        return len(self._text)

    def add(self, text: bytes) -> Iterator[RecordedMessage]:
        self._text += text
        place = self._after_header()
        try:
            while place is not None and (found := parse_line(self._text, place)) is not None:
                place = found[1]
                yield found[0]
        finally:
            del self._text[: place or 0]

    def _after_header(self) -> int | None:
        """Where messages begin; None while the header is not complete."""
        if self._begun:
            return 0
        if not HEADER.startswith(self._text[: len(HEADER)]):
            raise InvalidDataError(f"the file does not begin with {HEADER[:19].decode()!r}")
        self._begun = len(self._text) >= len(HEADER)
        return len(HEADER) if self._begun else None
