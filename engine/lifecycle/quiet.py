"""Tells candles in which nothing can happen to a trade, without exact arithmetic: most are such.

The rules compare decimals: a candle's price is the decimal of its float's shortest text, which is
rounded to that float again. Rounding never swaps two numbers, so a float below the float of a
target proves that the decimal is below the target, too. Equal floats prove nothing.
"""

from domain.candles import Candle
from domain.directions import Direction
from domain.signals import Course, Signal
from engine.lifecycle.deadlines import natural_end
from engine.lifecycle.rules import TARGETS_TAKEN


def is_quiet(signal: Signal, course: Course, candle: Candle) -> bool:
    """Whether a candle certainly changes nothing of an open trade but how far it was followed.

    Its range lies between the stop and the next target, short of the best price where the stop
    trails that, and no time is up at its close.
    """
    if not course.state.is_open or candle.closed_at >= natural_end(signal, course):
        return False
    plan = signal.plan
    stop, target = float(course.stop), float(plan.targets[TARGETS_TAKEN[course.state]].price)
    best = target if course.extreme is None else float(course.extreme)
    if plan.direction is Direction.LONG:
        return stop < candle.low and candle.high < min(target, best)
    return stop > candle.high and candle.low > max(target, best)
