"""Tells candles in which nothing can happen to a trade, without exact arithmetic: most are such.

The rules compare decimals: a candle's price is the decimal of its float's shortest text, which is
rounded to that float again. Rounding never swaps two numbers, so a float below the float of a
target proves that the decimal is below the target, too. Equal floats prove nothing.
"""

from dataclasses import dataclass

from domain.candles import Candle
from domain.directions import Direction
from domain.signals import Course, Signal
from domain.timeframes import Timeframe, to_ms
from engine.lifecycle.deadlines import natural_end
from engine.lifecycle.rules import TARGETS_TAKEN


@dataclass(frozen=True, slots=True, kw_only=True)
class QuietRange:
    """Candles that certainly change nothing of an open trade but how far it was followed.

    They stay above the price `low` and below `high`, and their number is below `until`.
    """

    low: float
    high: float
    until: int

    def holds(self, candle: Candle) -> bool:
        """Whether a candle, of the timeframe that the trade is followed on, is one of them."""
        return self.low < candle.low and candle.high < self.high and candle.index < self.until


def quiet_range(signal: Signal, course: Course, timeframe: Timeframe) -> QuietRange | None:
    """The candles that are quiet as the trade stands; None while it is not open.

    Between the stop and the next target, short of the best price where the stop trails that, as
    long as no time is up at their close.
    """
    if not course.state.is_open:
        return None
    plan = signal.plan
    stop, target = float(course.stop), float(plan.targets[TARGETS_TAKEN[course.state]].price)
    best = target if course.extreme is None else float(course.extreme)
    is_long = plan.direction is Direction.LONG
    return QuietRange(
        low=stop if is_long else max(target, best),
        high=min(target, best) if is_long else stop,
        # The candle that closes at the natural end, or is the first to close after it.
        until=-(-to_ms(natural_end(signal, course)) // timeframe.milliseconds) - 1,
    )


def is_quiet(signal: Signal, course: Course, candle: Candle) -> bool:
    """Whether a candle certainly changes nothing of an open trade but how far it was followed."""
    quiet = quiet_range(signal, course, candle.timeframe)
    return quiet is not None and quiet.holds(candle)
