"""Which state the whole market is in, by how it changes."""

from collections.abc import Mapping
from typing import Final, NamedTuple

from domain.market_regime import Regime

_ENTERED: Final = 1.0


class MarketTrend(NamedTuple):
    """Changes of bitcoin, market cap and dominance, each in what is enough to begin a regime.

    `told` are the same as percent, percent and percentage points.
    """

    bitcoin: float
    cap: float
    dominance: float
    told: tuple[float, float, float]


def wanted_regime(current: Regime, trend: MarketTrend, staying_share: float) -> Regime:
    """The current regime while enough is left of it, else the one that is entered, else CHOPPY."""
    strengths = _strengths(trend)
    if strengths.get(current, 0.0) >= staying_share:
        return current
    entered = (regime for regime, strength in strengths.items() if strength >= _ENTERED)
    return next(entered, Regime.CHOPPY)


def _strengths(trend: MarketTrend) -> Mapping[Regime, float]:
    """How much of each is there: the least of what it needs. At most one is above zero."""
    return {
        Regime.RISK_ON: min(trend.bitcoin, trend.cap, -trend.dominance),
        Regime.BTC_SEASON: min(trend.bitcoin, trend.dominance),
        Regime.RISK_OFF: min(-trend.bitcoin, -trend.cap),
    }
