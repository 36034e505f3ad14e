"""What one trade may lose, before the portfolio is asked (design 4.5).

Everything that makes this smaller multiplies it and says so.
"""

from dataclasses import dataclass

from domain.decisions import Decision
from domain.market_regime import Regime
from domain.parameters import Parameters, parameter
from domain.plans import Denial
from risk.allowance import Allowance
from risk.percentages import exact, share_of
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class RiskPerTradeParameters(Parameters):
    """The full risk of a trade and the shares of it that weaker decisions get."""

    full_risk_percent: float = parameter(
        1.5,
        doc="most that one trade may lose at its stop, costs included",
        unit="percent of equity",
        source="design 4.5",
        low=0.01,
        high=5,
    )
    score_bands: tuple[float, float, float] = parameter(
        (85.0, 75.0, 65.0),
        doc="least score of each band, falling; below the last there is no trade",
        unit="points of support",
        source="design 4.5",
        low=50,
        high=100,
    )
    band_multipliers: tuple[float, float, float] = parameter(
        (1.0, 0.75, 0.5),
        doc="share of the full risk in each band",
        unit="ratio",
        source="design 4.5",
        low=0.01,
        high=1,
    )
    choppy_multiplier: float = parameter(
        0.5,
        doc="share of the risk that is left in a choppy market",
        unit="ratio",
        source="design 4.5",
        low=0.01,
        high=1,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        if list(self.score_bands) != sorted(set(self.score_bands), reverse=True):
            raise ValueError(
                f"score_bands is {self.score_bands}; each must be below the one before"
            )


def compute_allowed_risk(
    decision: Decision, state: RiskState, parameters: RiskPerTradeParameters
) -> Allowance | Denial:
    """Loss allowed at the stop, in the currency of the state's equity, or why there is none."""
    share = _band_multiplier(decision.score, parameters)
    if share is None:
        least = parameters.score_bands[-1]
        text = f"score {decision.score:.1f} is below {least:g}, where no risk is allotted"
        return Denial(rule="score_band", text=text)
    risk = Allowance(amount=state.equity * share_of(parameters.full_risk_percent))
    risk = risk.times(exact(share), f"score {decision.score:.1f}: {share:.0%} of the full risk")
    if decision.regime is Regime.CHOPPY:
        left = parameters.choppy_multiplier
        risk = risk.times(exact(left), f"choppy market: {left:.0%} of the risk")
    return risk


def _band_multiplier(score: float, parameters: RiskPerTradeParameters) -> float | None:
    bands = zip(parameters.score_bands, parameters.band_multipliers, strict=True)
    return next((share for least, share in bands if score >= least), None)
