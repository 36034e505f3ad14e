"""Margin and leverage of a position (design 4.5)."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal

from domain.parameters import Parameters, parameter
from risk.allowance import Cap
from risk.percentages import share_of
from risk.state import RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class MarginParameters(Parameters):
    """How much of the account may be tied up in one pair, and how highly geared."""

    maximum_leverage: int = parameter(
        10, doc="highest leverage", unit="times", source="design 4.5", low=1, high=10
    )
    maximum_margin_percent: float = parameter(
        20.0,
        doc="most margin per pair",
        unit="percent of equity",
        source="design 4.5",
        low=0.1,
        high=100,
    )


def margin_left(symbol: str, state: RiskState, parameters: MarginParameters) -> Decimal:
    """Margin that one more trade of a pair may tie up, in quote currency; 0 or more."""
    most = state.equity * share_of(parameters.maximum_margin_percent)
    used = sum((trade.margin for trade in state.trades if trade.symbol == symbol), Decimal(0))
    return max(Decimal(0), most - used)


def margin_cap(symbol: str, state: RiskState, parameters: MarginParameters) -> Cap:
    """The notional that the margin left carries at the highest leverage."""
    return Cap(
        margin_left(symbol, state, parameters) * parameters.maximum_leverage,
        f"margin cap {parameters.maximum_margin_percent:g} % of equity per pair "
        f"at {parameters.maximum_leverage}x",
    )


def lowest_leverage(notional: Decimal, margin: Decimal) -> Decimal:
    """The lowest whole leverage at which `margin` (above 0) carries the notional.

    The lower the leverage, the further away the price at which the venue would liquidate.
    """
    return max(Decimal(1), (notional / margin).to_integral_value(rounding=ROUND_CEILING))
