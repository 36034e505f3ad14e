"""Component: the state of the whole market, as far as it favours a side."""

from dataclasses import dataclass
from typing import Final

from domain.directions import NEUTRAL
from domain.market_regime import Regime
from domain.parameters import Parameters
from domain.sentiment import LapsedRegime, RegimeReading, Sentiment
from layers.component import Component, known, not_known
from layers.declarations import CHOICE, anchor
from layers.figures import signed_percent, span

LABEL: Final = "Market regime"
_BITCOIN: Final = "BTC"

_NAMES: Final = {
    Regime.RISK_ON: "Risk-on",
    Regime.BTC_SEASON: "Bitcoin season",
    Regime.RISK_OFF: "Risk-off",
    Regime.CHOPPY: "Choppy market",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class RegimeScore(Parameters):
    """What the market's state stands for."""

    risk_on: float = anchor(80.0, "money goes into all of crypto; risk-off is the mirror")
    btc_season: float = anchor(65.0, "money goes into bitcoin: for bitcoin only", CHOICE)


def regime_of(sentiment: Sentiment | None) -> Regime:
    """The state of the whole market; UNKNOWN where nobody knows it."""
    if sentiment is None or sentiment.regime is None:
        return Regime.UNKNOWN
    return sentiment.regime.regime


def lapsed_regime_of(sentiment: Sentiment | None) -> Regime:
    """The state that was known last, while none is; UNKNOWN where there is none to go by."""
    if sentiment is None or sentiment.lapsed_regime is None:
        return Regime.UNKNOWN
    return sentiment.lapsed_regime.regime


def market_regime(sentiment: Sentiment, asset: str, at_ms: int, shape: RegimeScore) -> Component:
    """Rising water lifts all boats; one that lifts only bitcoin says nothing of the others.

    A bitcoin season has no mirror: bitcoin falling alone is risk-off or choppy. The value is
    bitcoin's change in percent.
    """
    reading = sentiment.regime
    if reading is None or reading.regime is Regime.UNKNOWN:
        return not_known(LABEL, _before(sentiment.lapsed_regime, at_ms))
    distance = _distance(reading.regime, asset, shape)
    return known(LABEL, reading.btc_change_percent, distance, _words(reading, at_ms))


def _distance(regime: Regime, asset: str, shape: RegimeScore) -> float:
    if regime is Regime.BTC_SEASON:
        return shape.btc_season - NEUTRAL if asset == _BITCOIN else 0.0
    if regime is Regime.CHOPPY:
        return 0.0
    lift = shape.risk_on - NEUTRAL
    return lift if regime is Regime.RISK_ON else -lift


def _before(lapsed: LapsedRegime | None, at_ms: int) -> str:
    if lapsed is None:
        return ""
    return f"{_NAMES[lapsed.regime].lower()} until {span((at_ms - lapsed.since_ms) / 1000.0)} ago"


def _words(reading: RegimeReading, at_ms: int) -> str:
    lasting = span((at_ms - reading.since_ms) / 1000.0)
    bitcoin = signed_percent(reading.btc_change_percent, 1)
    cap = signed_percent(reading.cap_change_percent, 1)
    dominance = f"{round(reading.dominance_change_points, 2) + 0.0:+.2f}"
    return (
        f"{_NAMES[reading.regime]} for {lasting}: "
        f"BTC {bitcoin}, market {cap}, dominance {dominance} pts"
    )
