"""Numbers, spans and times as a quant reads them; what is not known is a dash, never a 0."""

import unicodedata
from collections.abc import Callable
from datetime import datetime
from typing import Final

from engine.backtest.metrics.values import Estimate

UNKNOWN: Final = "–"
REPLACED: Final = "\ufffd"

Wording = Callable[[float], str]
"""How a number of some unit is written."""


def printable(text: str) -> str:
    """Text on one line without what would steer a terminal or is not allowed in HTML."""
    return "".join(
        REPLACED if unicodedata.category(each) in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"} else each
        for each in text
    )


def count(number: int) -> str:
    """A whole number: "12,345"."""
    return _typographic(f"{number:,}")


def counted(number: int, noun: str) -> str:
    """A number of things: "1 trade", "412 trades"."""
    return f"{count(number)} {noun}" if number == 1 else f"{count(number)} {noun}s"


def ratio(value: float) -> str:
    """A number without a unit: "1.06"."""
    return _typographic(f"{_settled(value, 2):,.2f}")


def percent(value: float) -> str:
    """A share: "41.5%"."""
    return _typographic(f"{_settled(value, 1):,.1f}%")


def signed_percent(value: float) -> str:
    """A result in percent with its sign: "+6.12%"."""
    return _typographic(f"{_settled(value, 2):+,.2f}%")


def in_r(value: float) -> str:
    """A size in R: "12.40R"."""
    return _typographic(f"{_settled(value, 2):,.2f}R")


def signed_r(value: float) -> str:
    """A result in R with its sign: "+0.03R"."""
    return _typographic(f"{_settled(value, 2):+,.2f}R")


def days(value: float) -> str:
    """A span in days: "31.2 days"."""
    return _typographic(f"{_settled(value, 1):,.1f} days")


def minutes(value: float) -> str:
    """A span in its two largest units: "47 min", "2 h 5 min", "1 d 4 h"."""
    whole, sign = abs(round(value)), "−" if round(value) < 0 else ""
    if whole < 60:
        return f"{sign}{whole} min"
    if whole < 1440:
        return f"{sign}{whole // 60} h {whole % 60} min"
    return f"{sign}{whole // 1440} d {whole % 1440 // 60} h"


def or_unknown(value: float | None, wording: Wording) -> str:
    """The number, or a dash where there is none."""
    return UNKNOWN if value is None else wording(value)


def interval(estimate: Estimate, wording: Wording) -> str:
    """The two ends: "36.8% to 46.3%"; "from 0.91 up" where the upper one lies open."""
    low, high = estimate.low, estimate.high
    if low is not None and high is not None:
        return f"{wording(low)} to {wording(high)}"
    if low is not None:
        return f"from {wording(low)} up"
    return UNKNOWN if high is None else f"up to {wording(high)}"


def instant(at: datetime) -> str:
    """Date and time of day, UTC: "2026-01-05 14:15"."""
    return f"{at:%Y-%m-%d %H:%M}"


def day(at: datetime) -> str:
    """The date: "2026-01-05"."""
    return f"{at:%Y-%m-%d}"


def _settled(value: float, places: int) -> float:
    """Rounded, and no negative zero."""
    return round(value, places) + 0.0


def _typographic(text: str) -> str:
    return text.replace("-", "−")
