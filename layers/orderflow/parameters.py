"""Every threshold of the order-flow layer, in one tree.

Bullishness anchors and pushes are given for the bullish case; the bearish case is their mirror.
"""

from dataclasses import dataclass, field
from typing import Final

from domain.parameters import Parameters
from layers.orderflow.book.parameters import BookParameters
from layers.orderflow.book_imbalance import BookImbalanceShape
from layers.orderflow.derivatives.parameters import DerivativesParameters
from layers.orderflow.funding import FundingScore
from layers.orderflow.honesty import SpoofShape
from layers.orderflow.large_orders import LargeOrderShape
from layers.orderflow.open_interest import OpenInterestScore
from layers.orderflow.tape.parameters import TapeParameters
from layers.orderflow.trade_flow import TradeFlowShape
from layers.weighing import Weights, weight


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentWeights(Weights):
    """Say of each component; what counts is a weight over the sum of all."""

    book_imbalance: float = weight(0.25, "the book's imbalance")
    trade_flow: float = weight(0.30, "the trades' side")
    large_orders: float = weight(0.15, "large trades and walls")
    funding_rate: float = weight(0.15, "funding")
    open_interest: float = weight(0.10, "open positions")
    spoof_penalty: float = weight(0.05, "the book's honesty")

    def __post_init__(self) -> None:
        Weights.__post_init__(self)
        if not any(getattr(self, name) for name in self.names()[:-1]):
            raise ValueError("at least one component besides spoof_penalty needs a weight above 0")


COMPONENT_NAMES: Final = ComponentWeights.names()
"""The six components, in the order of the evidence; the last follows the others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OrderFlowParameters(Parameters):
    """The order-flow layer: what its trackers read, and how six components are scored."""

    weights: ComponentWeights = field(default_factory=ComponentWeights)
    book_imbalance: BookImbalanceShape = field(default_factory=BookImbalanceShape)
    trade_flow: TradeFlowShape = field(default_factory=TradeFlowShape)
    large_orders: LargeOrderShape = field(default_factory=LargeOrderShape)
    funding_rate: FundingScore = field(default_factory=FundingScore)
    open_interest: OpenInterestScore = field(default_factory=OpenInterestScore)
    spoofing: SpoofShape = field(default_factory=SpoofShape)
    book: BookParameters = field(default_factory=BookParameters)
    tape: TapeParameters = field(default_factory=TapeParameters)
    derivatives: DerivativesParameters = field(default_factory=DerivativesParameters)
