"""Recordings for tests: written in a moment, read in a line."""

from collections.abc import Iterable
from pathlib import Path

from exchanges.recordings import RecordedMessage, Recording, RecordingWriter, Session

BEGUN_NS = 1_767_621_600_000_000_000
MINUTE_NS = 60_000_000_000


def session(*pairs: str) -> Session:
    return Session(
        begun="2026-01-05T14:00:00+00:00",
        origin="wss://venue.example",
        pairs=pairs or ("BTCUSDT",),
        streams=("btcusdt@aggTrade",),
    )


def message(body: bytes = b"{}", *, after_ns: int = 0, source: str = "a@b") -> RecordedMessage:
    return RecordedMessage(local_ns=BEGUN_NS + after_ns, exchange_ms=0, source=source, body=body)


def write(folder: Path, messages: Iterable[RecordedMessage], rotate_ns: int = MINUTE_NS) -> None:
    with RecordingWriter(folder, session(), rotate_ns=rotate_ns) as writer:
        for each in messages:
            writer.write(each)


def read(folder: Path) -> list[RecordedMessage]:
    return list(Recording(folder).messages())
