"""Frames: what is published, and how a text frame looks on the wire."""

import struct
from typing import NamedTuple


class Frame(NamedTuple):
    """One event on one stream: its exchange time and its JSON.

    `about` is what faults are matched with; "" for the stream's name.
    """

    stream: str
    at_ms: int
    body: bytes
    about: str = ""

    @property
    def subject(self) -> str:
        """What faults are matched with."""
        return self.about or self.stream

    def wrapped(self) -> bytes:
        """The JSON as combined streams send it."""
        return b'{"stream":"%b","data":%b}' % (self.stream.encode(), self.body)


class Slice(NamedTuple):
    """A piece of time to publish: exchange times after `from_ms` up to `to_ms`, at `wall`."""

    from_ms: int
    to_ms: int
    wall: float


def text_packet(payload: bytes) -> bytes:
    """A WebSocket text frame of a server: final, unmasked (RFC 6455, 5.2)."""
    size = len(payload)
    if size < 126:
        return b"\x81" + bytes((size,)) + payload
    if size < 65_536:
        return struct.pack("!BBH", 0x81, 126, size) + payload
    return struct.pack("!BBQ", 0x81, 127, size) + payload


def close_packet(code: int) -> bytes:
    """A WebSocket close frame of a server (RFC 6455, 5.5.1)."""
    return struct.pack("!BBH", 0x88, 2, code)


class Cadence:
    """Keeps each stream to its period of wall time."""

    def __init__(self) -> None:
        self._due: dict[str, float] = {}

    def is_due(self, stream: str, period: float, wall: float) -> bool:
        """Whether the stream may send now; if so the next time is one period later."""
        if wall < self._due.get(stream, 0.0):
            return False
        self._due[stream] = wall + period
        return True
