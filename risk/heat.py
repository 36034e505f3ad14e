"""Portfolio heat (what would be lost at the current stops) and exposure (notional)."""

from dataclasses import dataclass
from decimal import Decimal

from domain.parameters import Parameters, parameter
from domain.plans import Denial
from risk.allowance import Cap
from risk.percentages import exact, percent_of, share_of
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class HeatParameters(Parameters):
    """Caps over all open trades together."""

    maximum_heat_percent: float = parameter(
        6.0,
        doc="most that all open trades together may lose at their stops",
        unit="percent of equity",
        source="design 4.5",
        low=0.1,
        high=20,
    )
    minimum_heat_left_percent: float = parameter(
        0.25,
        doc="with less heat left there is no new trade",
        unit="percent of equity",
        source="design 4.5",
        low=0,
        high=5,
    )
    maximum_exposure_percent: float = parameter(
        500.0,
        doc="most notional of all open trades together",
        unit="percent of equity",
        source="five positions at once, each of the equity's size",
        low=10,
        high=1000,
    )


def compute_heat(state: RiskState) -> Decimal:
    """Loss of all open trades at their current stops, costs included, in quote currency."""
    return sum((trade.loss_at_stop for trade in state.trades), Decimal(0))


def compute_exposure(state: RiskState) -> Decimal:
    """Notional of all open trades, in quote currency."""
    return sum((trade.notional for trade in state.trades), Decimal(0))


def heat_cap(state: RiskState, parameters: HeatParameters) -> Cap:
    """What one more trade may add to what is lost at the stops."""
    most = state.equity * share_of(parameters.maximum_heat_percent)
    return Cap(
        max(Decimal(0), most - compute_heat(state)),
        f"heat cap {parameters.maximum_heat_percent:g} % of equity over all trades",
    )


def exposure_cap(state: RiskState, parameters: HeatParameters) -> Cap:
    """What one more trade may add to the notional."""
    most = state.equity * share_of(parameters.maximum_exposure_percent)
    return Cap(
        max(Decimal(0), most - compute_exposure(state)),
        f"exposure cap {parameters.maximum_exposure_percent:g} % of equity over all trades",
    )


def check_heat(state: RiskState, parameters: HeatParameters) -> tuple[Denial, ...]:
    """A denial where too little heat is left for any trade."""
    left = percent_of(heat_cap(state, parameters).limit, state.equity)
    if left >= exact(parameters.minimum_heat_left_percent):
        return ()
    text = (
        f"heat {percent_of(compute_heat(state), state.equity):.2f} % of "
        f"{parameters.maximum_heat_percent:g} %: only {left:.2f} % left, "
        f"less than {parameters.minimum_heat_left_percent:g} %"
    )
    return (Denial(rule="heat", text=text),)
