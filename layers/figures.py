"""Numbers in the layer's words: short enough to be read in passing."""

import math
from typing import Final

_UNITS: Final = ((1e9, "B"), (1e6, "M"), (1e3, "k"))
_ROUNDS_UP: Final = 0.9995
_MINUTE: Final = 60
_HOUR: Final = 3600


def dollars(notional: float) -> str:
    """An amount of quote currency to three digits or fewer: "$4.2M", "$310k", "$85"."""
    for size, unit in _UNITS:
        if notional >= size * _ROUNDS_UP:
            count = notional / size
            return f"${count:.1f}{unit}" if count < 99.95 else f"${count:.0f}{unit}"
    return f"${notional:.0f}"


def span(seconds: float) -> str:
    """A time to wait or look back on: "45 s", "5 min", "1 h 20 min"."""
    if not math.isfinite(seconds):
        return "some time"
    whole = max(0, round(seconds))
    if whole < _MINUTE:
        return f"{whole} s"
    minutes = whole // _MINUTE
    if whole < _HOUR:
        return f"{minutes} min"
    rest = f" {minutes % _MINUTE} min" if minutes % _MINUTE else ""
    return f"{minutes // _MINUTE} h{rest}"


def counted(count: int, what: str) -> str:
    """A number of things: "1 large buy", "12 large buys"."""
    return f"{count} {what}" if count == 1 else f"{count} {what}s"


def signed_percent(value: float, places: int) -> str:
    """A change with its sign: "+1.2%"; what rounds to nothing has none that misleads: "+0.0%"."""
    return f"{round(value, places) + 0.0:+.{places}f}%"
