"""Numbers and names in the sentences of findings."""

from collections.abc import Sequence
from typing import Final

_FEW: Final = 3
_REASON_CHARACTERS: Final = 160


def span(seconds: float) -> str:
    """A span as people say it: "45 s", "12 min", "3 h 5 min", "2 d 4 h"."""
    whole = max(0, round(seconds))
    minutes, hours, days = whole // 60, whole // 3600, whole // 86_400
    if minutes < 2:
        return f"{whole} s"
    if hours < 2:
        return f"{minutes} min"
    if not days:
        return f"{hours} h {whole % 3600 // 60} min"
    return f"{days} d {hours % 24} h"


def some_of(names: Sequence[str]) -> str:
    """The first few of several names: "BTCUSDT, ETHUSDT, SOLUSDT and 4 more"."""
    if len(names) <= _FEW + 1:
        return ", ".join(names)
    return f"{', '.join(names[:_FEW])} and {len(names) - _FEW} more"


def cut(reason: str | None) -> str:
    """A reason from outside on one line, and not longer than anybody reads."""
    line = " ".join((reason or "no reason given").split())
    return line if len(line) <= _REASON_CHARACTERS else f"{line[: _REASON_CHARACTERS - 1]}…"


def megabytes(size: float) -> str:
    """Bytes in megabytes, or in gigabytes where they are many: "412 MB", "3.2 GB"."""
    if size < 1e9:
        return f"{size / 1e6:.0f} MB"
    return f"{size / 1e9:.1f} GB"
