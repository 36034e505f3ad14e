"""Imports a source: keeps its lines, and adds the frames that the live path listens to."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final

from domain.errors import ConfigurationError, InvalidDataError
from domain.timeframes import from_ms
from exchanges.recordings.event_times import exchange_ms_of
from exchanges.recordings.importing.pair_import import PairImport
from exchanges.recordings.importing.sources import DEPTH, SOURCES, SourceLine
from exchanges.recordings.importing.survey import Survey, survey
from exchanges.recordings.manifest import MANIFEST, Session
from exchanges.recordings.messages import RecordedMessage
from exchanges.recordings.rest_answers import EXCHANGE_INFO
from exchanges.recordings.writer import RecordingWriter

_NS_PER_MS: Final = 1_000_000
_HOUR_NS: Final = 3_600_000_000_000


@dataclass(slots=True)
class Imported:
    """What an import made: messages by source, and what was wrong with the books."""

    by_source: Counter[str] = field(default_factory=Counter)
    book_faults: Counter[str] = field(default_factory=Counter)
    trades_left_out: int = 0
    pairs: tuple[str, ...] = ()

    @property
    def messages(self) -> int:
        """All of them."""
        return self.by_source.total()


def import_recording(
    source: Path, out: Path, kind: str, on_progress: Callable[[int, int], None]
) -> Imported:
    """Import a source of a kind of `SOURCES` into a new recording.

    `on_progress(done, total)` counts lines. Raises `ConfigurationError` for a source that is not of
    this kind and for a folder that holds a recording already.
    """
    if (out / MANIFEST).exists():
        raise ConfigurationError(f"{out} holds a recording already; choose another --out")
    read = SOURCES[kind]
    try:
        found = survey(read(source))
        return _import(read(source), found, source, out, on_progress)
    except InvalidDataError as error:
        raise ConfigurationError(f"this is not what {kind} writes: {error}") from None


def _import(
    lines: Iterable[SourceLine],
    found: Survey,
    source: Path,
    out: Path,
    on_progress: Callable[[int, int], None],
) -> Imported:
    imported = Imported(pairs=tuple(found.contracts))
    pairs = {symbol: PairImport(symbol, found.streams) for symbol in found.contracts}
    session = _session(found, source, pairs.values())
    with RecordingWriter(out, session, rotate_ns=_HOUR_NS) as writer:
        for message in _messages(lines, found, pairs):
            writer.write(message)
            imported.by_source[message.source.partition("?")[0]] += 1
            if imported.messages % 1000 == 0:
                on_progress(imported.messages, found.lines)
    for pair in pairs.values():
        imported.book_faults.update(pair.book_faults)
        imported.trades_left_out += pair.trades_left_out
    return imported


def _session(found: Survey, source: Path, pairs: Iterable[PairImport]) -> Session:
    made = {stream for pair in pairs for stream in pair.made_streams}
    return Session(
        begun=from_ms(found.first_ns // _NS_PER_MS).isoformat(),
        origin=f"imported from {source.name}",
        pairs=tuple(found.contracts),
        streams=tuple(sorted(found.streams | made)),
    )


def _messages(
    lines: Iterable[SourceLine], found: Survey, pairs: dict[str, PairImport]
) -> Iterator[RecordedMessage]:
    yield RecordedMessage(
        local_ns=found.first_ns, exchange_ms=0, source=EXCHANGE_INFO, body=found.exchange_info()
    )
    for line in lines:
        at_ms = exchange_ms_of(line.body)
        named = line.stream or f"{DEPTH}?symbol={line.symbol}"
        yield RecordedMessage(
            local_ns=line.local_ns, exchange_ms=at_ms, source=named, body=line.body
        )
        for stream, made_ms, body in pairs[line.symbol].frames(line):
            yield RecordedMessage(
                local_ns=line.local_ns, exchange_ms=made_ms, source=stream, body=body
            )
