"""What a setup is made of: the numbers of the moment as the few words that trades share."""

from typing import Final

from domain.memory import PairClass, Trend
from layers.memory.parameters import MemoryParameters

_BAND: Final = 5


def pair_class(asset: str, parameters: MemoryParameters) -> PairClass:
    """How large a coin is, by its canonical ticker ("BTC", "PEPE")."""
    if asset in parameters.majors:
        return PairClass.MAJOR
    return PairClass.LARGE if asset in parameters.large else PairClass.SMALL


def trend_of(strength: float | None, parameters: MemoryParameters) -> Trend:
    """The trend that a strength in [-1, 1] stands for; none where it is weak or unknown."""
    if strength is None or abs(strength) < parameters.clear_trend:
        return Trend.NONE
    return Trend.UP if strength > 0.0 else Trend.DOWN


def score_band(score: float) -> int:
    """Lower end of the five points of support that a score in [0, 100] lies in: 73.2 is in 70."""
    return int(score // _BAND) * _BAND
