"""Thresholds of the signs that a pair turns against a trade."""

from dataclasses import dataclass
from typing import Any, Final

from domain.parameters import Parameters, parameter

_CHOICE: Final = "own choice"
_USUAL: Final = "portfolio watch, dump detection"


def _minutes(default: int, doc: str, source: str = _CHOICE, low: int = 1) -> Any:
    return parameter(default, doc=doc, unit="minutes", source=source, low=low, high=60)


def _percent(default: float, doc: str, source: str = _USUAL) -> Any:
    return parameter(default, doc=doc, unit="percent of the entry", source=source, low=0, high=20)


def _multiple(default: float, doc: str, source: str = _USUAL) -> Any:
    return parameter(default, doc=doc, unit="multiple", source=source, low=1, high=100)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnParameters(Parameters):
    """What counts as a sign, and how many must agree."""

    least_signs: int = parameter(
        2,
        doc="different signs that must agree before the watch advises to close",
        unit="signs",
        source="own choice: each of them alone is noise far more often than a turn",
        low=1,
        high=5,
    )
    agreement_minutes: int = _minutes(3, "newest minutes within which signs count together")
    move_minutes: int = _minutes(5, "newest minutes over which the price must have turned")
    least_move_atr: float = parameter(
        1.0,
        doc="how far the price must have moved against the trade within these minutes",
        unit="ATR(14, 15m)",
        source="own choice: two thirds of the usual way to the stop; less is an ordinary swing",
        low=0,
        high=10,
    )
    mean_volume_minutes: int = _minutes(20, "minutes before a sign that its volume is compared to")
    reversal_minutes: int = _minutes(
        3, "minutes in a row in which takers against the trade outweigh those for it", _USUAL
    )
    reversal_ratio: float = _multiple(
        1.5, "volume of takers against the trade over that of those for it, in each such minute"
    )
    reversal_percent: float = _percent(
        0.1, "how far the price must have moved against the trade in these minutes", _CHOICE
    )
    spike_ratio: float = _multiple(3.0, "volume of a minute over its mean that makes a spike")
    spike_percent: float = _percent(0.3, "how far a spike must move the price against the trade")
    flip_ratio: float = _multiple(
        2.5, "imbalance of takers, first for the trade and then against it, that makes a flip"
    )
    flip_volume_ratio: float = _multiple(
        1.0,
        "volume of the flip's minute over the mean of those before: few coins turn nothing",
        _CHOICE,
    )
    breakdown_minutes: int = _minutes(
        3, "minutes in a row, each with a worse best and a worse worst price", _USUAL
    )
    swing_minutes: int = _minutes(10, "minutes before a breakdown whose worst price must give way")
    rejection_percent: float = _percent(0.5, "wick at the best price that makes a rejection")
    rejection_minutes: int = _minutes(30, "minutes whose best price is the one to be reached")
    rejection_attempts: int = parameter(
        2,
        doc="times that the price must have come near its best, each with less volume",
        unit="attempts",
        source="portfolio watch, dump detection: repeated attempts",
        low=2,
        high=10,
    )
    rejection_tolerance_percent: float = _percent(0.1, "how near the best price is near", _CHOICE)
