"""Imports a source: keeps its lines, and adds the frames that the live path listens to."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from domain.errors import ConfigurationError, InvalidDataError
from domain.timeframes import from_ms
from exchanges.recordings.event_times import exchange_ms_of
from exchanges.recordings.importing.pair_import import MadeFrame, PairImport
from exchanges.recordings.importing.sources import DEPTH, SOURCES, SourceLine
from exchanges.recordings.importing.survey import Survey, survey
from exchanges.recordings.manifest import Session
from exchanges.recordings.messages import RecordedMessage
from exchanges.recordings.rest_answers import EXCHANGE_INFO
from exchanges.recordings.writer import RecordingWriter
from exchanges.unreadable import UNREADABLE

_NS_PER_MS: Final = 1_000_000
_HOUR_NS: Final = 3_600_000_000_000

_NONSENSE: Final = (InvalidDataError, ArithmeticError, ValueError)
"""How a source that is of another kind surfaces: numbers and times are read without checking."""


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

    The recording appears in `out` when it is whole; until then, and after a failure, nothing is
    there. `on_progress(done, total)` counts lines. Raises `ConfigurationError` for a source that is
    not of this kind, and for a folder that holds something or cannot be written.
    """
    read = SOURCES[kind]
    try:
        _refuse_used(out)
        found = survey(read(source))
        out.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=f".{out.name}-", dir=out.parent) as unfinished:
            folder = Path(unfinished) / out.name
            imported = _import(read(source), found, source, folder, on_progress)
            folder.replace(out)
    except _NONSENSE as error:
        raise ConfigurationError(f"this is not what {kind} writes: {error}") from None
    except OSError as error:
        raise ConfigurationError(f"cannot write to {out}: {error.strerror or error}") from None
    return imported


def _refuse_used(out: Path) -> None:
    if out.is_dir() and any(out.iterdir()):
        raise ConfigurationError(f"{out} is not empty; choose another --out")


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
        for stream, made_ms, body in _made(line, pairs.get(line.symbol)):
            yield RecordedMessage(
                local_ns=line.local_ns, exchange_ms=made_ms, source=stream, body=body
            )


def _made(line: SourceLine, pair: PairImport | None) -> list[MadeFrame]:
    """The frames that follow from a line; a line about no single pair makes none."""
    try:
        return [] if pair is None else list(pair.frames(line))
    except UNREADABLE as error:
        raise InvalidDataError(f"{line.stream or 'snapshot'}: {error}") from None
