"""One recorded message, and how it is written as a line."""

import re
from dataclasses import dataclass
from typing import Final

from domain.errors import InvalidDataError

HEADER: Final = b"#quorum recording 1\tlocal_ns\texchange_ms\tsize\tsource\tbody\n"
"""The first line of every file; the number is the version of the format."""

GAP: Final = "gap"
"""Source of the note that frames may have been lost; its body names the pairs, with spaces."""

UNKNOWN: Final = "unknown"
"""Source of a frame that belongs to no stream that was asked for."""

_FIELDS: Final = 4
_LONGEST_SOURCE: Final = 1000
_LONGEST_HEAD: Final = 8192
_LARGEST_BODY: Final = 64 * 1024 * 1024
"""A damaged size must not make a reader gather the rest of a file."""

_UNFIT: Final = re.compile(r"[\t\n\r]")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordedMessage:
    """A message as it came.

    `local_ns` is when it arrived, in nanoseconds of the recorder's clock since the epoch;
    `exchange_ms` the event time it tells itself, 0 where it tells none. `source` is the name of its
    stream, or for an answer of REST the path with its query ("/fapi/v1/time"). `body` is raw.
    """

    local_ns: int
    exchange_ms: int
    source: str
    body: bytes

    @property
    def is_answer(self) -> bool:
        """Whether it is an answer of REST."""
        return self.source.startswith("/")

    def line(self) -> bytes:
        """It as a line: four fields, each ended by a tab, then the body and a line feed.

        Raises `InvalidDataError` for a source or a body that a line cannot hold.
        """
        if _UNFIT.search(self.source) or len(self.source) > _LONGEST_SOURCE:
            raise InvalidDataError(f"a source cannot be recorded: {self.source[:60]!r}")
        if len(self.body) > _LARGEST_BODY:
            raise InvalidDataError(f"a body of {len(self.body):,} bytes cannot be recorded")
        head = f"{self.local_ns}\t{self.exchange_ms}\t{len(self.body)}\t{self.source}\t"
        return b"%b%b\n" % (head.encode(), self.body)


def parse_line(data: bytes | bytearray, start: int) -> tuple[RecordedMessage, int] | None:
    """The message whose line begins at `start`, and where the next one begins.

    None while the line is not complete; raises `InvalidDataError` for what is no line at all. The
    size decides where a body ends, so that it may hold line feeds itself.
    """
    head = bytes(data[start : start + _LONGEST_HEAD]).split(b"\t", _FIELDS)
    if len(head) <= _FIELDS:
        if len(data) - start >= _LONGEST_HEAD:
            raise InvalidDataError("a line without its five fields")
        return None
    try:
        local_ns, exchange_ms, size = (int(field) for field in head[:3])
        source = head[3].decode()
    except ValueError as error:
        raise InvalidDataError(f"a line that begins with {bytes(head[0][:40])!r}") from error
    begin = start + sum(map(len, head[:_FIELDS])) + _FIELDS
    end = begin + size
    if not 0 <= size <= _LARGEST_BODY or data[end : end + 1] not in (b"\n", b""):
        raise InvalidDataError("a body that is not as long as its line says")
    if end >= len(data):
        return None
    message = RecordedMessage(
        local_ns=local_ns, exchange_ms=exchange_ms, source=source, body=bytes(data[begin:end])
    )
    return message, end + 1
