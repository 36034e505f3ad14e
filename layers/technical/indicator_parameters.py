"""Thresholds of the ten indicators: where a reading counts, and what bullishness it stands for."""

from dataclasses import dataclass

from domain.parameters import Parameters, parameter
from domain.timeframes import ANCHORED_WINDOWS, Timeframe
from layers.declarations import (
    CHOICE,
    DESIGN,
    anchor,
    atrs,
    candles,
    multiple,
    points,
    require_rising,
    share,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Periods(Parameters):
    """Lengths of the standard indicators."""

    rsi: int = candles(14, "length of RSI (Wilder)")
    atr: int = candles(14, "length of ATR (Wilder)")
    ema_fast: int = candles(9, "fastest average of the stack")
    ema_medium: int = candles(21, "second average of the stack")
    ema_slow: int = candles(50, "third average of the stack")
    ema_trend: int = candles(200, "slowest average of the stack")
    macd_fast: int = candles(12, "fast average of MACD")
    macd_slow: int = candles(26, "slow average of MACD")
    macd_signal: int = candles(9, "signal line of MACD")
    bollinger: int = candles(20, "length of the Bollinger bands")
    obv: int = candles(20, "candles over which the slope of OBV is taken", CHOICE)
    stochastic: int = candles(14, "candles that StochRSI places RSI in")
    smoothing: int = candles(3, "smoothing of StochRSI's %K and again of %D")
    volume: int = candles(20, "candles of the volume average, the newest included")
    atr_mean: int = candles(20, "candles of the mean that ATR is compared with", "design 4.6")
    convergence: int = parameter(
        5,
        doc="candles, in lengths of an average, from which it counts as known; its first value, "
        "a simple mean, weighs e^-8 then",
        unit="lengths",
        source=CHOICE,
        low=1,
        high=5,
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        *stack, _, _, _, _ = needed = self.candles_needed()
        self._require_room(max(needed), Timeframe.M15)
        for timeframe in (Timeframe.H1, Timeframe.M5):
            self._require_room(max(stack), timeframe)

    def candles_needed(self) -> tuple[int, ...]:
        """Candles, its own included, behind a value that has converged.

        Fast, medium and slow average, trend average, RSI, MACD's histogram and ATR. Wilder's
        smoothing of length n is an exponential average of 2 n - 1, and MACD's signal averages a
        line that needs the slow average first.
        """
        lengths = (
            self.ema_fast,
            self.ema_medium,
            self.ema_slow,
            self.ema_trend,
            2 * self.rsi - 1,
            self.macd_slow + self.macd_signal,
            2 * self.atr - 1,
        )
        return tuple(self.convergence * length for length in lengths)

    def _require_room(self, needed: int, timeframe: Timeframe) -> None:
        room = ANCHORED_WINDOWS[timeframe].warmup
        if needed > room:
            raise ValueError(
                f"the slowest {timeframe} average needs {needed} candles to converge, its window "
                f"holds {room}; shorten the period or lower convergence"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class TrendShape(Parameters):
    """EMA stack: the trend of any timeframe and the structure indicator."""

    full_gap: float = atrs(1.0, "gap between two averages that counts as clearly apart")
    backdrop_gap: float = atrs(1.5, "gap between slow and slowest average of a clear larger trend")
    perfect_stack: float = anchor(95.0, "all averages in rising order, clearly apart")
    fresh_cross: float = anchor(80.0, "fast average just crossed above the second")
    cross_candles: int = candles(3, "candles for which a cross stays fresh", CHOICE)
    full_cross: float = atrs(0.05, "gap on both sides of a cross that makes it certain")


@dataclass(frozen=True, slots=True, kw_only=True)
class RsiShape(Parameters):
    """RSI; overbought is the mirror of oversold."""

    oversold: float = points(30.0, "RSI that is fully oversold")
    neutral: float = points(40.0, "RSI from which it says nothing")
    in_uptrend: float = anchor(90.0, "oversold in an uptrend: a bounce")
    without_trend: float = anchor(60.0, "oversold without a trend", CHOICE)
    in_downtrend: float = anchor(50.0, "oversold in a downtrend: no bounce", CHOICE)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(oversold=self.oversold, neutral=self.neutral)


@dataclass(frozen=True, slots=True, kw_only=True)
class VwapShape(Parameters):
    """Distance from the UTC day's volume-weighted average price."""

    near: float = atrs(0.5, "distance up to which price is at VWAP")
    far: float = atrs(4.0, "distance above VWAP that counts in full")
    bounce_in_uptrend: float = anchor(70.0, "price at VWAP in an uptrend")
    above_near: float = anchor(60.0, "price just above VWAP")
    above_far: float = anchor(80.0, "price far above VWAP")

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(near=self.near, far=self.far)


@dataclass(frozen=True, slots=True, kw_only=True)
class MacdShape(Parameters):
    """MACD's histogram, measured in ATR."""

    full_histogram: float = atrs(0.25, "histogram that counts in full")
    above_signal: float = anchor(60.0, "line well above its signal", CHOICE)
    fresh_cross: float = anchor(80.0, "line just crossed above its signal, before the bonus")
    momentum_bonus: float = points(10.0, "added while the histogram grows")
    full_growth: float = atrs(0.12, "growth of the histogram in a candle that earns the bonus")
    full_cross: float = atrs(0.05, "histogram on both sides of a cross that makes it certain")
    cross_candles: int = candles(3, "candles for which a cross stays fresh", CHOICE)


@dataclass(frozen=True, slots=True, kw_only=True)
class BollingerShape(Parameters):
    """Place of price between the bands, and the squeeze (bands inside the Keltner channel)."""

    deviations: float = multiple(2.0, "standard deviations from the middle to a band")
    touch_from: float = share(0.5, "way from the middle to a band where the touch begins to count")
    lower_band_in_uptrend: float = anchor(85.0, "price at the lower band in an uptrend")
    lower_band_without_trend: float = anchor(60.0, "price at the lower band, no trend", CHOICE)
    lower_band_in_downtrend: float = anchor(50.0, "price walking down the lower band", CHOICE)
    keltner_atrs: float = atrs(1.5, "half width of the Keltner channel", "J. Carter, TTM squeeze")
    full_squeeze: float = share(0.8, "band width over channel width that is a full squeeze")
    squeeze_in_uptrend: float = anchor(70.0, "squeeze in an uptrend; without a trend it is 50")


@dataclass(frozen=True, slots=True, kw_only=True)
class ObvShape(Parameters):
    """Slope of on-balance volume against price."""

    full_flow: float = share(0.3, "net flow over all volume that counts in full", low=0.01)
    full_move: float = atrs(3.0, "price move over the same candles that counts in full")
    divergence: float = anchor(90.0, "volume flows in while price falls")
    confirmation: float = anchor(60.0, "volume flows in")


@dataclass(frozen=True, slots=True, kw_only=True)
class StochasticShape(Parameters):
    """StochRSI's %K against %D."""

    oversold: float = points(20.0, "%K that is fully oversold")
    neutral: float = points(35.0, "%K from which it is not oversold", CHOICE)
    crossing_up: float = anchor(85.0, "%K crosses above %D out of oversold")
    rising: float = anchor(60.0, "%K well above %D", CHOICE)
    full_gap: float = points(20.0, "gap between %K and %D that counts in full", CHOICE)
    full_cross: float = points(5.0, "gap after a cross that makes it certain", CHOICE)
    cross_candles: int = candles(2, "candles for which a cross stays fresh", CHOICE)
    minimum_range: float = points(0.01, "RSI range below which there is nothing to place", CHOICE)

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(oversold=self.oversold, neutral=self.neutral)


@dataclass(frozen=True, slots=True, kw_only=True)
class VolumeShape(Parameters):
    """Volume against its average, in the direction of the candle."""

    quiet: float = multiple(0.5, "volume ratio of no participation")
    spike: float = multiple(2.0, "volume ratio of a spike")
    surge: float = multiple(3.0, "volume ratio beyond which more says no more", CHOICE)
    average_rising: float = anchor(55.0, "average volume on a rising candle", CHOICE)
    spike_rising: float = anchor(85.0, "spike on a rising candle")
    surge_rising: float = anchor(92.0, "surge on a rising candle", CHOICE)
    full_body: float = atrs(0.5, "body that makes a candle clearly rising or falling")

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        require_rising(quiet=self.quiet, average=1.0, spike=self.spike, surge=self.surge)


@dataclass(frozen=True, slots=True, kw_only=True)
class LevelShape(Parameters):
    """Pivots, and the support and resistance they make."""

    lookback: int = candles(100, "closed candles that pivots are taken from")
    wing: int = candles(4, "closed candles on each side that confirm a pivot", CHOICE)
    near_percent: float = parameter(
        0.3,
        doc="distance within which price is at a level",
        unit="percent",
        source=DESIGN,
        low=1e-6,
        high=10,
    )
    near_atrs: float = atrs(0.25, "the same distance in ATR; the smaller of the two counts")
    cluster: float = atrs(0.3, "distance within which pivots belong to one level")
    full_touches: int = parameter(
        3,
        doc="touches that make a level fully trusted",
        unit="touches",
        source=CHOICE,
        low=2,
        high=20,
    )
    single_touch: float = share(0.7, "trust in a level touched once")
    support_in_uptrend: float = anchor(90.0, "price at support in an uptrend")
    support_without_trend: float = anchor(62.0, "price at support without a trend", CHOICE)
    support_in_downtrend: float = anchor(50.0, "price at support in a downtrend", CHOICE)
