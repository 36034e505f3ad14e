"""Numbers and times as a trader reads them: no exponents, signs where they matter, UTC."""

from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.counting import NARROW_SPACE
from domain.instruments import Instrument, to_decimal

_MINUS: Final = "−"


def price(value: Decimal, instrument: Instrument) -> str:
    """A price with the pair's own precision, as one types it into an order form: "64210.5"."""
    return f"{instrument.price(value):f}"


def reading(value: float | Decimal) -> str:
    """A number of unknown precision, whole and without an exponent."""
    return _typographic(f"{to_decimal(value).normalize():f}")


def amount(value: Decimal, places: int = 2) -> str:
    """An amount with thin spaces between thousands: "12 345.60"."""
    return _typographic(f"{value:,.{places}f}")


def quantity(value: Decimal) -> str:
    """A quantity without trailing zeros, with thin spaces between thousands."""
    return _typographic(f"{value.normalize():,f}")


def count(value: int) -> str:
    """A whole number with thin spaces between thousands."""
    return _typographic(f"{value:,}")


def signed_r(value: Decimal) -> str:
    """A result in R with its sign: "+1.82R"."""
    return _typographic(f"{_settled(value):+.2f}R")


def signed_percent(value: Decimal) -> str:
    """A result in percent with its sign: "−0.51%"."""
    return _typographic(f"{_settled(value):+.2f}%")


def percent(value: Decimal | float, places: int = 0) -> str:
    """A share in percent: "67%"."""
    return _typographic(f"{value:.{places}f}%")


def score(value: float) -> str:
    """A score in [0, 100], whole."""
    return f"{value:.0f}"


def clock_time(at: datetime) -> str:
    """Time of day: "14:15 UTC"."""
    return f"{at:%H:%M} UTC"


def instant(at: datetime) -> str:
    """Date and time of day: "2025-10-06 14:15 UTC"."""
    return f"{at:%Y-%m-%d %H:%M} UTC"


def duration(seconds: float) -> str:
    """A span in its two largest units: "3 s", "47 min", "2 h 5 min", "3 d 4 h"."""
    whole = max(0, round(seconds))
    if whole < 60:
        return f"{whole} s"
    minutes, hours, days = whole // 60, whole // 3600, whole // 86_400
    if not hours:
        return f"{minutes} min"
    if not days:
        return _two_units(hours, "h", minutes % 60, "min")
    return _two_units(days, "d", hours % 24, "h")


def _two_units(large: int, large_unit: str, small: int, small_unit: str) -> str:
    tail = f" {small} {small_unit}" if small else ""
    return f"{large} {large_unit}{tail}"


def _settled(value: Decimal) -> Decimal:
    """Two places, and no negative zero."""
    return round(value, 2) + 0


def _typographic(text: str) -> str:
    return text.replace(",", NARROW_SPACE).replace("-", _MINUS)
