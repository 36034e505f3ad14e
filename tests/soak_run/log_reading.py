"""What the bot wrote into its log: candle closes, and how much went wrong by its own account."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import msgspec

from domain.timeframes import Timeframe, to_ms

_EVENT_CHARACTERS = 48
_LOUD = ("error", "critical")


@dataclass(frozen=True, slots=True, kw_only=True)
class Close:
    """One 15-minute close as the bot saw it; `late_ms` is wall time from the boundary to done."""

    boundary: datetime
    decided: int
    missing: int
    is_late: bool
    late_ms: float


@dataclass(frozen=True, slots=True, kw_only=True)
class LogReading:
    """The logs of all processes of a soak."""

    ready_at: tuple[datetime, ...]
    closes: tuple[Close, ...]
    warnings: Counter[str]
    errors: Counter[str]
    tracebacks: int

    def expected(self, until: datetime) -> list[datetime]:
        """Every close between the first readiness and an instant."""
        boundary = Timeframe.M15.next_boundary(self.ready_at[0])
        boundaries = []
        while boundary < until:
            boundaries.append(boundary)
            boundary += Timeframe.M15.length
        return boundaries


def read_logs(files: Sequence[Path], speed: float) -> LogReading:
    """Read the bots' standard errors, oldest first."""
    lines = [line for file in files for line in _lines(file)]
    return LogReading(
        ready_at=tuple(_instant(line["timestamp"]) for line in _of(lines, "ready")),
        closes=tuple(_close(line, speed) for line in _of(lines, "candle close")),
        warnings=_counted(lines, ("warning",)),
        errors=_counted(lines, _LOUD),
        tracebacks=sum(file.read_text(errors="replace").count("Traceback") for file in files),
    )


def was_away(boundary: datetime, pauses: Iterable[tuple[int, int]], settle: timedelta) -> bool:
    """Whether a pause (exchange milliseconds) lay over a close or the moment after it."""
    from_ms, to_moment_ms = to_ms(boundary), to_ms(boundary + settle)
    return any(began < to_moment_ms and ended > from_ms for began, ended in pauses)


def _lines(file: Path) -> Iterator[dict[str, Any]]:
    with file.open("rb") as text:
        for line in text:
            try:
                yield msgspec.json.decode(line, type=dict[str, Any])
            except msgspec.MsgspecError:
                continue


def _of(lines: Sequence[dict[str, Any]], event: str) -> list[dict[str, Any]]:
    return [line for line in lines if line.get("event") == event]


def _close(line: dict[str, Any], speed: float) -> Close:
    boundary = datetime.fromisoformat(line["boundary"])
    late = _instant(line["timestamp"]) - boundary
    return Close(
        boundary=boundary,
        decided=line["decided"],
        missing=line["missing"],
        is_late=line["is_late"],
        late_ms=late / timedelta(milliseconds=1) / speed,
    )


def _counted(lines: Sequence[dict[str, Any]], levels: Sequence[str]) -> Counter[str]:
    found = (line for line in lines if line.get("level") in levels)
    return Counter(f"{one.get('logger', '')}: {one['event']}"[:_EVENT_CHARACTERS] for one in found)


def _instant(text: str) -> datetime:
    return datetime.fromisoformat(text)
