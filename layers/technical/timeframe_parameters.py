"""Thresholds of the multi-timeframe multiplier."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter
from layers.declarations import CHOICE, atrs, candles, multiple, share


@dataclass(frozen=True, slots=True, kw_only=True)
class TimeframeShape(Parameters):
    """What 1h trend, 5m trend and 1m momentum do to the distance from neutral."""

    strongly_against: float = multiple(0.5, "1h strongly disagrees")
    against: float = multiple(0.7, "1h disagrees")
    alone: float = multiple(1.0, "1h says nothing")
    with_hour: float = multiple(1.2, "15m and 1h agree")
    all_agree: float = multiple(1.5, "15m, 1h, 5m and 1m agree")
    clear: float = parameter(
        0.7,
        doc="strength of a trend from which it agrees or disagrees",
        unit="share",
        source=CHOICE,
        low=0.05,
        high=0.95,
    )
    momentum_candles: int = candles(10, "1m candles that momentum is measured over", CHOICE)
    full_momentum: float = atrs(1.0, "1m move that counts in full, in ATR scaled to its time")
    hour_share: float = share(0.10, "coverage lost without a 1h trend")
    five_minute_share: float = share(0.05, "coverage lost without a 5m trend")
    minute_share: float = share(0.05, "coverage lost without 1m momentum")
