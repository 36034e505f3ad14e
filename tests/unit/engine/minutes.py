"""One-minute candles for a signal published at 14:00:02, written as a trade's gains from 100."""

from collections.abc import Iterable, Sequence
from decimal import Decimal

from domain.candles import Candle
from domain.directions import Direction
from domain.signals import Course, Signal, Step
from domain.timeframes import Timeframe, to_ms
from engine.lifecycle import advance, start_course
from tests.builders.signals import CLOSED_AT

FIRST_INDEX = Timeframe.M1.index_of(to_ms(CLOSED_AT)) + 1
"""The candle of 14:01, the first that opens after publication."""

Gains = tuple[float, float, float, float]
"""Open, best, worst and close as gains from 100: of a short, the price goes the other way.

Nothing is traded in a minute whose four prices are the same.
"""


def make_minute(gains: Gains, number: int = 0, direction: Direction = Direction.LONG) -> Candle:
    """The candle that opens `number` minutes after 14:01."""
    prices = [100 + direction.sign * gain for gain in gains]
    return Candle(
        timeframe=Timeframe.M1,
        index=FIRST_INDEX + number,
        open=prices[0],
        high=max(prices),
        low=min(prices),
        close=prices[3],
        volume=1.0 if len(set(gains)) > 1 else 0.0,
    )


def make_minutes(path: Sequence[Gains], direction: Direction = Direction.LONG) -> list[Candle]:
    """Candles from 14:01 on."""
    return [make_minute(gains, number, direction) for number, gains in enumerate(path)]


def follow(
    signal: Signal, candles: Iterable[Candle], course: Course | None = None
) -> tuple[Course, list[Step]]:
    """A signal's course through candles, and every step on the way."""
    course, steps = course or start_course(signal), list[Step]()
    for candle in candles:
        course, taken = advance(signal, course, candle)
        steps += taken
    return course, steps


def exit_gains(course: Course, direction: Direction = Direction.LONG) -> list[tuple[str, Decimal]]:
    """What closed, and at which gain from 100."""
    return [(str(leg.state), direction.sign * (leg.price - 100)) for leg in course.exits]
