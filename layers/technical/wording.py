"""The evidence of one row in words: what a subscriber reads in two seconds."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

from domain.directions import NEUTRAL
from domain.evidence import Evidence
from layers.technical.parameters import INDICATOR_NAMES, TechnicalParameters
from layers.technical.pattern_wording import pattern_evidence, surest_pattern
from layers.technical.timeframe_wording import timeframe_evidence

_CLEAR: Final = 0.5
_SLIGHT: Final = 0.2
_NOTHING: Final = 2.5


@dataclass(frozen=True, slots=True, kw_only=True)
class RowFacts:
    """Numbers of one row, in the order of INDICATOR_NAMES and PATTERN_NAMES."""

    components: Sequence[float]
    values: Sequence[float]
    events: Sequence[float]
    touches: float
    backdrop: float
    rising: Sequence[float]
    falling: Sequence[float]
    multiplier: float
    others: Sequence[float]


class Told(NamedTuple):
    """One indicator's numbers, and what else its words may need."""

    value: float
    lean: float
    event: float
    facts: RowFacts
    parameters: TechnicalParameters

    @property
    def says_nothing(self) -> bool:
        """Whether it leans so little that the words should be neutral."""
        return abs(self.lean) < _NOTHING


def evidence_of(facts: RowFacts, parameters: TechnicalParameters) -> tuple[Evidence, ...]:
    """Ten indicators in their order, then the patterns that are there, then the timeframes."""
    indicators = (
        _indicator_evidence(position, name, share, facts, parameters)
        for position, (name, share) in enumerate(
            zip(INDICATOR_NAMES, parameters.weights.shares(), strict=True)
        )
    )
    return (
        *indicators,
        *pattern_evidence(facts.rising, facts.falling, parameters),
        timeframe_evidence(facts.others, facts.multiplier),
    )


def _indicator_evidence(
    position: int, name: str, share: float, facts: RowFacts, parameters: TechnicalParameters
) -> Evidence:
    value, bullishness = facts.values[position], facts.components[position]
    label, words = _WORDS[name]
    if math.isnan(value):
        text = f"{label} not known"
    else:
        told = Told(value, bullishness - NEUTRAL, facts.events[position], facts, parameters)
        text = words(told)
    return Evidence(name, value, bullishness, share, text)


def _rsi(told: Told) -> str:
    reading = f"RSI {told.value:.0f}"
    if abs(told.event) < _SLIGHT:
        return f"{reading}, neutral"
    is_full = abs(told.event) >= _CLEAR
    low, high = ("oversold", "overbought") if is_full else ("low", "high")
    return f"{reading}, {low if told.event > 0 else high}{_in_trend(told.facts.backdrop)}"


def _structure(told: Told) -> str:
    periods = told.parameters.periods
    if abs(told.event) >= _CLEAR:
        side = "above" if told.event > 0 else "below"
        return f"EMA {periods.ema_fast} just crossed {side} EMA {periods.ema_medium}"
    if abs(told.value) < _SLIGHT:
        return f"EMAs mixed ({told.value:+.0%}), no trend"
    side = "up" if told.value > 0 else "down"
    if abs(told.value) < 1.0 - _SLIGHT:
        return f"EMAs leaning {side} ({told.value:+.0%})"
    stack = "/".join(
        str(length)
        for length in (
            periods.ema_fast,
            periods.ema_medium,
            periods.ema_slow,
            periods.ema_trend,
        )
    )
    return f"EMAs {stack} stacked {side}"


def _vwap(told: Told) -> str:
    if told.event >= _CLEAR:
        return f"Price at the day's VWAP ({told.value:+.2f}%){_zone(told)}"
    side = "above" if told.value > 0 else "below"
    return f"Price {abs(told.value):.2f}% {side} the day's VWAP"


def _zone(told: Told) -> str:
    if told.says_nothing:
        return ", neutral"
    zone = "bounce" if told.lean > 0 else "rejection"
    return f", {zone} zone{_in_trend(told.facts.backdrop)}"


def _macd(told: Told) -> str:
    if abs(told.event) >= _CLEAR:
        return f"MACD crossed {'above' if told.event > 0 else 'below'} its signal"
    side = "above" if told.value > 0 else "below"
    return f"MACD {abs(told.value):.2f} ATR {side} its signal{_pace(told)}"


def _pace(told: Told) -> str:
    """Whether the gap grows, read from what the bonus added to the lean of the gap alone."""
    shape = told.parameters.macd
    standing = (shape.above_signal - NEUTRAL) * told.value / shape.full_histogram
    limit = shape.above_signal - NEUTRAL
    bonus = told.lean - min(max(standing, -limit), limit)
    if abs(bonus) < _NOTHING:
        return ""
    return ", building" if (bonus > 0) == (told.value > 0) else ", fading"


def _bollinger(told: Told) -> str:
    trend = _in_trend(told.facts.backdrop)
    if told.event >= _CLEAR:
        return f"Bollinger squeeze{trend or ', no side yet'}"
    place = f"{told.value:.0f}%"
    if told.says_nothing:
        return f"Price at {place} of the Bollinger bands, neutral"
    band = "lower" if told.value < NEUTRAL else "upper"
    return f"Price near the {band} Bollinger band ({place}){trend}"


def _obv(told: Told) -> str:
    if abs(told.event) >= _SLIGHT:
        volume, price = ("rising", "falling") if told.event > 0 else ("falling", "rising")
        return f"OBV {volume} against a {price} price, divergence"
    if told.says_nothing:
        return f"OBV flat ({told.value:+.0f}% of volume), neutral"
    way = "rising" if told.value > 0 else "falling"
    return f"OBV {way} ({told.value:+.0f}% of volume)"


def _stochrsi(told: Told) -> str:
    reading = f"StochRSI {told.value:.0f}"
    if abs(told.event) >= _SLIGHT:
        cross = "up from oversold" if told.event > 0 else "down from overbought"
        return f"{reading}, crossing {cross}"
    if told.says_nothing:
        return f"{reading}, neutral"
    return f"{reading}, {'rising' if told.lean > 0 else 'falling'}"


def _volume(told: Told) -> str:
    reading = f"Volume {told.value:.1f}x average"
    if told.value <= told.parameters.volume.quiet:
        return f"{reading}, no participation"
    if abs(told.event) < _SLIGHT:
        return f"{reading} on an undecided candle"
    return f"{reading} on a {'rising' if told.event > 0 else 'falling'} candle"


def _level(told: Told) -> str:
    side = "above support" if told.value > 0 else "below resistance"
    touches = int(told.facts.touches)
    counted = "1 touch" if touches == 1 else f"{touches} touches"
    return f"Price {abs(told.value):.2f}% {side} ({counted})"


def _pattern(told: Told) -> str:
    if told.says_nothing:
        return "No pattern"
    is_up = told.lean > 0
    confidences = told.facts.rising if is_up else told.facts.falling
    return surest_pattern(confidences, is_up, told.parameters)


def _in_trend(backdrop: float) -> str:
    if abs(backdrop) < _SLIGHT:
        return ""
    return " in an uptrend" if backdrop > 0 else " in a downtrend"


_WORDS: Final[dict[str, tuple[str, Callable[[Told], str]]]] = {
    "rsi": ("RSI", _rsi),
    "ema_structure": ("EMA stack", _structure),
    "vwap": ("VWAP", _vwap),
    "macd": ("MACD", _macd),
    "bollinger": ("Bollinger bands", _bollinger),
    "obv": ("OBV", _obv),
    "stochrsi": ("StochRSI", _stochrsi),
    "volume": ("Volume ratio", _volume),
    "support_resistance": ("Support and resistance", _level),
    "pattern": ("Patterns", _pattern),
}
