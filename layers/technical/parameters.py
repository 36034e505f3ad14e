"""Every threshold of the technical layer, in one tree.

Bullishness anchors are given for the bullish case; the bearish case is their mirror (100 - b).
"""

from dataclasses import dataclass, field
from typing import Final

from domain.parameters import Parameters, parameter
from layers.declarations import CHOICE, DESIGN, anchor, candles
from layers.technical.indicator_parameters import (
    BollingerShape,
    LevelShape,
    MacdShape,
    ObvShape,
    Periods,
    RsiShape,
    StochasticShape,
    TrendShape,
    VolumeShape,
    VwapShape,
)
from layers.technical.pattern_parameters import PatternShape
from layers.technical.timeframe_parameters import TimeframeShape
from layers.weighing import Weights, weight


@dataclass(frozen=True, slots=True, kw_only=True)
class IndicatorWeights(Weights):
    """Say of each indicator; what counts is a weight over the sum of all."""

    rsi: float = weight(0.12, "RSI")
    ema_structure: float = weight(0.15, "the EMA stack")
    vwap: float = weight(0.10, "VWAP")
    macd: float = weight(0.10, "MACD")
    bollinger: float = weight(0.08, "the Bollinger bands")
    obv: float = weight(0.08, "on-balance volume")
    stochrsi: float = weight(0.07, "StochRSI")
    volume: float = weight(0.15, "volume")
    support_resistance: float = weight(0.10, "support and resistance")
    pattern: float = weight(0.05, "the patterns")


INDICATOR_NAMES: Final = IndicatorWeights.names()
"""The ten indicators, in the order of every array and every list of evidence of this layer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TechnicalParameters(Parameters):
    """The technical layer: ten indicators, six patterns, levels and four timeframes."""

    direction_above: float = anchor(55.0, "bullishness above which the direction is long")
    supporting_above: float = anchor(55.0, "support above which an indicator supports a direction")
    minimum_supporting: int = parameter(
        3,
        doc="indicators that must support the direction",
        unit="indicators",
        source=DESIGN,
        low=0,
        high=10,
    )
    minimum_candles: int = candles(200, "closed 15m candles from which a history is scored")
    minimum_atr_percent: float = parameter(
        1e-4,
        doc="ATR below which a market is dead and distances in ATR say nothing",
        unit="percent of price",
        source=CHOICE,
        low=1e-9,
        high=1,
    )
    weights: IndicatorWeights = field(default_factory=IndicatorWeights)
    periods: Periods = field(default_factory=Periods)
    trend: TrendShape = field(default_factory=TrendShape)
    rsi: RsiShape = field(default_factory=RsiShape)
    vwap: VwapShape = field(default_factory=VwapShape)
    macd: MacdShape = field(default_factory=MacdShape)
    bollinger: BollingerShape = field(default_factory=BollingerShape)
    obv: ObvShape = field(default_factory=ObvShape)
    stochrsi: StochasticShape = field(default_factory=StochasticShape)
    volume: VolumeShape = field(default_factory=VolumeShape)
    levels: LevelShape = field(default_factory=LevelShape)
    patterns: PatternShape = field(default_factory=PatternShape)
    timeframes: TimeframeShape = field(default_factory=TimeframeShape)

    def is_neutral(self, bullishness: float) -> bool:
        """Whether a bullishness leans neither way enough for a direction."""
        return 100.0 - self.direction_above <= bullishness <= self.direction_above
