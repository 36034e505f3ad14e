"""How the layers declare their thresholds: by what they count."""

from itertools import pairwise
from typing import Any, Final

from domain.parameters import parameter

DESIGN: Final = "design 4.3"
CHOICE: Final = "own choice"


def anchor(default: float, doc: str, source: str = DESIGN) -> Any:
    """A bullishness that a reading stands for; its mirror (100 - b) holds for the bearish one."""
    return parameter(default, doc=doc, unit="bullishness", source=source, low=0, high=100)


def atrs(default: float, doc: str, source: str = CHOICE) -> Any:
    """A distance in average true ranges of the 15m candle."""
    return parameter(default, doc=doc, unit="ATR", source=source, low=1e-6, high=100)


def multiple(default: float, doc: str, source: str = DESIGN) -> Any:
    """A factor or ratio."""
    return parameter(default, doc=doc, unit="multiple", source=source, low=0, high=100)


def share(default: float, doc: str, source: str = CHOICE, *, low: float = 0.0) -> Any:
    """A part of a whole."""
    return parameter(default, doc=doc, unit="share", source=source, low=low, high=1)


def points(default: float, doc: str, source: str = DESIGN) -> Any:
    """A reading, or a distance, on an oscillator's scale from 0 to 100."""
    return parameter(default, doc=doc, unit="points", source=source, low=0, high=100)


def candles(default: int, doc: str, source: str = DESIGN) -> Any:
    """A number of candles."""
    return parameter(default, doc=doc, unit="candles", source=source, low=1, high=1000)


def percent(default: float, doc: str, source: str = CHOICE, *, high: float = 100.0) -> Any:
    """A change, a distance or a part, in percent."""
    return parameter(default, doc=doc, unit="percent", source=source, low=1e-6, high=high)


def minutes(default: float, doc: str, source: str = CHOICE, *, high: float = 1440.0) -> Any:
    """A length of time."""
    return parameter(default, doc=doc, unit="minutes", source=source, low=0.1, high=high)


def seconds(default: float, doc: str, source: str = CHOICE, *, low: float = 0.0) -> Any:
    """A short length of time."""
    return parameter(default, doc=doc, unit="seconds", source=source, low=low, high=86_400)


def rate(default: float, doc: str, source: str) -> Any:
    """A fraction of a position's notional."""
    return parameter(default, doc=doc, unit="fraction of notional", source=source, low=0, high=0.1)


def require_rising(**values: float) -> None:
    """Refuse thresholds that do not rise in the order given, naming those that do not."""
    for (name, value), (next_name, next_value) in pairwise(values.items()):
        if not value < next_value:
            raise ValueError(
                f"{name} is {value}; it must be below {next_name}, which is {next_value}"
            )
