"""How market data is asked for, as far as an operator may want to change it."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class MarketDataParameters(Parameters):
    """How Quorum treats the exchange. How many pairs are streamed stands in `[scanner]`."""

    weight_share: float = parameter(
        0.8,
        doc="part of the exchange's request weight per minute that this process allows itself",
        unit="share",
        source="leaves a fifth to other programs at the same address",
        low=0.05,
        high=1,
    )
