"""Every threshold of the on-chain layer, in one tree.

Bullishness anchors are given for the bullish case; the bearish case is their mirror.
"""

from dataclasses import dataclass, field
from typing import Final

from domain.parameters import Parameters
from layers.onchain.exchange_flow import DexScore, FlowScore
from layers.onchain.readings.parameters import ReadingParameters
from layers.onchain.smart_money import SmartMoneyScore
from layers.onchain.stablecoin_flow import StablecoinScore
from layers.onchain.whale_movements import WhaleScore
from layers.weighing import Weights, weight


@dataclass(frozen=True, slots=True, kw_only=True)
class ComponentWeights(Weights):
    """Say of each component; what counts is a weight over the sum of all."""

    whale_movements: float = weight(0.30, "large transfers")
    exchange_flow: float = weight(0.30, "net flow out of exchanges, and trades on DEXes")
    stablecoin_flow: float = weight(0.20, "dollars on their way to exchanges")
    smart_money: float = weight(0.20, "the wallets that are followed")


COMPONENT_NAMES: Final = ComponentWeights.names()
"""The four components, in the order of the evidence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OnChainParameters(Parameters):
    """The on-chain layer: what its tracker reads, and how four components are scored."""

    weights: ComponentWeights = field(default_factory=ComponentWeights)
    reading: ReadingParameters = field(default_factory=ReadingParameters)
    whale_movements: WhaleScore = field(default_factory=WhaleScore)
    exchange_flow: FlowScore = field(default_factory=FlowScore)
    dex: DexScore = field(default_factory=DexScore)
    stablecoin_flow: StablecoinScore = field(default_factory=StablecoinScore)
    smart_money: SmartMoneyScore = field(default_factory=SmartMoneyScore)
