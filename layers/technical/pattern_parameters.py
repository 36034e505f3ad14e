"""Thresholds of the six patterns, written for the bullish form; the bearish form is its mirror."""

from dataclasses import dataclass, field

from domain.parameters import Parameters
from layers.declarations import (
    CHOICE,
    atrs,
    candles,
    multiple,
    points,
    require_rising,
    share,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BreakoutShape(Parameters):
    """Close above resistance with volume."""

    full_margin: float = atrs(0.10, "close beyond the level that makes it certain")
    volume_from: float = multiple(1.5, "volume ratio where it begins to count", CHOICE)
    volume_full: float = multiple(2.0, "volume ratio of a valid breakout")
    confidence: float = points(70.0, "confidence when the 1h trend says nothing", CHOICE)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(volume_from=self.volume_from, volume_full=self.volume_full)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiquidityGrabShape(Parameters):
    """Wick through a level, body back inside: a reversal."""

    full_pierce: float = atrs(0.15, "wick beyond the level that makes it certain")
    wick_from: float = share(0.3, "wick over range where the rejection begins to count")
    wick_full: float = share(0.6, "wick over range of a quick rejection")
    volume_from: float = multiple(1.0, "volume ratio where a spike begins", CHOICE)
    volume_full: float = multiple(2.0, "volume ratio of a full spike")
    confidence: float = points(60.0, "confidence without a volume spike", CHOICE)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(wick_from=self.wick_from, wick_full=self.wick_full)
        require_rising(volume_from=self.volume_from, volume_full=self.volume_full)


@dataclass(frozen=True, slots=True, kw_only=True)
class FairValueGapShape(Parameters):
    """First return into a gap between a candle and the one two before it."""

    lookback: int = candles(12, "age up to which a gap can be filled", CHOICE)
    size_from: float = atrs(0.10, "gap that begins to count")
    size_full: float = atrs(0.30, "gap that counts in full")
    full_depth: float = share(0.5, "part of the gap that a full return fills", low=0.01)
    full_hold: float = atrs(0.10, "close above the gap's far edge that makes the hold certain")
    confidence: float = points(70.0, "confidence without a reaction in the gap's direction", CHOICE)
    full_body: float = atrs(0.3, "body in the gap's direction of a full reaction")

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(size_from=self.size_from, size_full=self.size_full)


@dataclass(frozen=True, slots=True, kw_only=True)
class EmaBounceShape(Parameters):
    """Pullback to EMA 21 that holds, in a trend."""

    touch_tolerance: float = atrs(
        0.10, "distance of the wick from the average that begins to count"
    )
    full_hold: float = atrs(0.05, "body above the average that makes the hold certain")
    full_trend: float = share(0.5, "15m trend that counts in full", low=0.01)
    volume_growth: float = multiple(1.3, "volume over the previous candle's that counts in full")
    confidence: float = points(40.0, "confidence without 1h trend and volume", CHOICE)
    hour_bonus: float = points(35.0, "added when the 1h trend agrees", CHOICE)
    volume_bonus: float = points(25.0, "added when volume grows", CHOICE)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(steady=1.0, volume_growth=self.volume_growth)


@dataclass(frozen=True, slots=True, kw_only=True)
class VwapReclaimShape(Parameters):
    """Dip below VWAP and close back above it with volume."""

    dip_candles: int = candles(3, "candles within which price was below VWAP", CHOICE)
    full_cross: float = atrs(0.10, "distance on both sides of VWAP that makes it certain")
    volume_from: float = multiple(0.8, "volume ratio where it begins to count", CHOICE)
    volume_full: float = multiple(1.5, "volume ratio that counts in full", CHOICE)
    confidence: float = points(80.0, "confidence of a certain reclaim", CHOICE)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(volume_from=self.volume_from, volume_full=self.volume_full)


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnitionShape(Parameters):
    """Consecutive rising candles with rising volume, higher highs and higher lows."""

    run_length: int = candles(3, "consecutive candles")
    size_from: float = atrs(0.5, "move of the run that adds nothing")
    size_full: float = atrs(2.0, "move of the run that gives full confidence")
    confidence: float = points(50.0, "confidence of a run of small candles", CHOICE)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(size_from=self.size_from, size_full=self.size_full)


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternShape(Parameters):
    """All six patterns."""

    shown_from: float = points(30.0, "confidence from which a pattern is told", CHOICE)
    breakout: BreakoutShape = field(default_factory=BreakoutShape)
    liquidity_grab: LiquidityGrabShape = field(default_factory=LiquidityGrabShape)
    fair_value_gap: FairValueGapShape = field(default_factory=FairValueGapShape)
    ema_bounce: EmaBounceShape = field(default_factory=EmaBounceShape)
    vwap_reclaim: VwapReclaimShape = field(default_factory=VwapReclaimShape)
    momentum_ignition: IgnitionShape = field(default_factory=IgnitionShape)
