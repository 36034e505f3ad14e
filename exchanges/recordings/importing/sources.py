"""Reads the raw files of other recorders: which line came when, on which stream or path."""

import gzip
import re
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import merge
from pathlib import Path
from typing import Final

import msgspec

from domain.errors import ConfigurationError, InvalidDataError
from exchanges.unreadable import UNREADABLE

DEPTH: Final = "/fapi/v1/depth"

_CAPTURED: Final = re.compile(
    rb"(?:(?P<url>https?://\S+) -> )?(?P<seconds>\d+(?:\.\d+)?): (?P<body>.*)"
)
_SYMBOL: Final = re.compile(r"[?&]symbol=(\w+)")
_NS_DIGITS: Final = 9


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceLine:
    """A message of a source: an event of a `stream`, or where that is None a book snapshot.

    `symbol` is upper case, empty for a stream of all pairs ("!forceOrder@arr"); `body` is the event
    itself, without the envelope it came in.
    """

    local_ns: int
    stream: str | None
    symbol: str
    body: bytes


_NOTHING: Final = msgspec.Raw(b"")


class _Envelope(msgspec.Struct):
    stream: str | None = None
    data: msgspec.Raw = _NOTHING


_open_envelope = msgspec.json.Decoder(_Envelope).decode


def hftbacktest_lines(path: Path) -> Iterator[SourceLine]:
    """Lines `<local ns> <JSON>`: combined-stream envelopes, and book snapshots without one.

    A snapshot belongs to the symbol of the event before it, for it names none.
    """
    symbol = ""
    for file in _files(path, "*.gz"):
        for text in _lines_of(file):
            ns, _, body = text.partition(b" ")
            if not ns.isdigit():
                raise InvalidDataError(f"{file}: no `<ns> <JSON>` line: {text[:60]!r}")
            line = _unwrapped(int(ns), symbol, body, file)
            symbol = line.symbol or symbol
            yield line


def cryptofeed_lines(path: Path) -> Iterator[SourceLine]:
    """Lines `<local s>: <JSON>` and `<URL> -> <local s>: <JSON>`, of all files merged by time."""
    captures = [_captured(file) for file in _files(path, "*.gz")]
    return merge(*captures, key=lambda line: line.local_ns)


SOURCES: Final[dict[str, Callable[[Path], Iterator[SourceLine]]]] = {
    "hftbacktest": hftbacktest_lines,
    "cryptofeed": cryptofeed_lines,
}
"""Layouts of raw files, by the name of the recorder that writes them."""


def _captured(file: Path) -> Iterator[SourceLine]:
    for text in _lines_of(file):
        found = _CAPTURED.fullmatch(text)
        if found is None:
            if b" <-> " in text[:20_000]:
                continue  # where the recorder connected to
            raise InvalidDataError(f"{file}: no `<seconds>: <JSON>` line: {text[:60]!r}")
        named = _SYMBOL.search((found["url"] or b"").decode(errors="replace"))
        symbol = named[1] if named else ""
        yield _unwrapped(_nanoseconds(found["seconds"]), symbol, found["body"], file)


def _nanoseconds(seconds: bytes) -> int:
    whole, _, fraction = seconds.partition(b".")
    return int(whole + fraction[:_NS_DIGITS].ljust(_NS_DIGITS, b"0"))


def _unwrapped(local_ns: int, symbol: str, body: bytes, file: Path) -> SourceLine:
    try:
        envelope = _open_envelope(body)
    except UNREADABLE as error:
        raise InvalidDataError(f"{file}: a line that is no JSON ({error}): {body[:60]!r}") from None
    if envelope.stream is None:
        return SourceLine(local_ns=local_ns, stream=None, symbol=symbol, body=body)
    named = "" if envelope.stream.startswith("!") else envelope.stream.partition("@")[0].upper()
    return SourceLine(
        local_ns=local_ns, stream=envelope.stream, symbol=named, body=bytes(envelope.data)
    )


def _lines_of(file: Path) -> Iterator[bytes]:
    try:
        with gzip.open(file) as text:
            for line in text:
                if stripped := line.strip():
                    yield stripped
    except (EOFError, OSError, zlib.error) as error:
        raise ConfigurationError(f"{file} cannot be read as a gzip file: {error}") from None


def _files(path: Path, pattern: str) -> list[Path]:
    files = sorted(path.glob(pattern)) if path.is_dir() else [path]
    if not files or not all(file.is_file() for file in files):
        raise ConfigurationError(f"{path} is neither a raw file nor a folder with {pattern} files")
    return files
