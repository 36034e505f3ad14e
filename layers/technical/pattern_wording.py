"""The patterns of one row in words."""

from collections.abc import Iterator, Sequence
from typing import Final

from domain.directions import NEUTRAL
from domain.evidence import Evidence
from layers.technical.parameters import TechnicalParameters
from layers.technical.patterns import PATTERN_NAMES

_NAMES: Final = {
    "breakout": ("Breakout above resistance", "Breakout below support"),
    "liquidity_grab": ("Liquidity grab below support", "Liquidity grab above resistance"),
    "fair_value_gap": ("Rising fair value gap filled", "Falling fair value gap filled"),
    "ema_bounce": ("Bounce off EMA {average}", "Rejection at EMA {average}"),
    "vwap_reclaim": ("VWAP reclaimed", "VWAP lost"),
    "momentum_ignition": ("Momentum ignition up", "Momentum ignition down"),
}


def pattern_evidence(
    rising: Sequence[float], falling: Sequence[float], parameters: TechnicalParameters
) -> Iterator[Evidence]:
    """Each pattern that is sure enough, either way; told beside the score, so of weight 0.

    The value is the confidence, negative for the bearish form.
    """
    shown_from = parameters.patterns.shown_from
    for name, up, down in zip(PATTERN_NAMES, rising, falling, strict=True):
        for confidence, sign in ((up, 1.0), (down, -1.0)):
            if confidence >= shown_from:
                bullishness = NEUTRAL + sign * confidence / 2.0
                text = _text(name, sign > 0, confidence, parameters)
                yield Evidence(name, sign * confidence, bullishness, 0.0, text)


def surest_pattern(
    confidences: Sequence[float], is_rising: bool, parameters: TechnicalParameters
) -> str:
    """Words of the surest pattern of one side."""
    confidence, name = max(zip(confidences, PATTERN_NAMES, strict=True), key=lambda pair: pair[0])
    return _text(name, is_rising, confidence, parameters)


def _text(name: str, is_rising: bool, confidence: float, parameters: TechnicalParameters) -> str:
    rising, falling = _NAMES[name]
    form = (rising if is_rising else falling).format(average=parameters.periods.ema_medium)
    return f"{form}, confidence {confidence:.0f}"
