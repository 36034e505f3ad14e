"""What the state of the whole market makes of a score (design 4.4). Pure."""

from typing import Final

from domain.directions import Direction
from domain.evidence import LayerName
from domain.market_regime import Regime
from engine.confluence_parameters import ConfluenceParameters

_BITCOIN: Final = "BTC"
_FAVOURED: Final = {
    Regime.RISK_ON: Direction.LONG,
    Regime.BTC_SEASON: Direction.LONG,
    Regime.RISK_OFF: Direction.SHORT,
}


def regime_multiplier(
    direction: Direction,
    regime: Regime,
    asset: str,
    parameters: ConfluenceParameters,
    lapsed: Regime = Regime.UNKNOWN,
) -> float:
    """Multiplier of a score's distance from neutral, for a canonical ticker ("BTC").

    A season of bitcoin favours bitcoin; for every other coin it says nothing. A regime nobody
    tells, though the layer that tells it is on, costs as much as a choppy market may, and no less
    than `lapsed`, the one that was known before: silence must not look better than an objection.
    """
    if regime is not Regime.UNKNOWN:
        return _multiplier_of(regime, direction, asset, parameters)
    if LayerName.SENTIMENT not in parameters.layers:
        return 1.0
    if lapsed is Regime.UNKNOWN:
        return parameters.unknown_regime
    before = _multiplier_of(lapsed, direction, asset, parameters)
    return min(parameters.unknown_regime, before)


def _multiplier_of(
    regime: Regime, direction: Direction, asset: str, parameters: ConfluenceParameters
) -> float:
    """That of a regime that is known."""
    if regime is Regime.CHOPPY:
        return parameters.choppy_regime
    if regime is Regime.BTC_SEASON and asset != _BITCOIN:
        return 1.0
    is_favoured = _FAVOURED[regime] is direction
    return parameters.with_regime if is_favoured else parameters.against_regime
