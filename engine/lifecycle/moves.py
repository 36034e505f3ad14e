"""What candles brought to a signal, in the pieces in which it is stored and told."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from domain.candles import Candle
from domain.signals import Course, Signal, Step
from domain.timeframes import Timeframe
from engine.lifecycle.abandon import abandon
from engine.lifecycle.advance import advance, count_quiet
from engine.lifecycle.deadlines import is_overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Everything of one instant: its steps in order, and the course after the last of them."""

    at: datetime
    course: Course
    steps: tuple[Step, ...]


def catch_up(
    signal: Signal,
    course: Course,
    candles: Sequence[Candle],
    now: datetime,
    timeframe: Timeframe = Timeframe.M1,
) -> list[Move]:
    """Follow a live signal through all closed candles there are at an instant, oldest first.

    A move for each candle that brought steps, and for its end without candles if it is overdue by
    now; else one more without steps, where the last candles were quiet. Raises what `advance`
    raises.
    """
    moves: list[Move] = []
    quiet: Move | None = None
    while candles and not course.state.is_final:
        move, passed = _next_move(signal, course, candles, timeframe)
        course, candles = move.course, candles[passed:]
        quiet = None if move.steps else move
        if move.steps:
            moves.append(move)
    if not course.state.is_final and is_overdue(signal, course, now):
        return [*moves, _give_up(signal, course)]
    return moves if quiet is None else [*moves, quiet]


def _next_move(
    signal: Signal, course: Course, candles: Sequence[Candle], timeframe: Timeframe
) -> tuple[Move, int]:
    """What the next candle brings, or all that are quiet up to the next that may not be; how many.

    Most candles of a trade are quiet, and they are passed over at once.
    """
    count = count_quiet(signal, course, candles, timeframe)
    if count:
        last = candles[count - 1]
        course = replace(course, cursor=last.index)
        return Move(at=last.closed_at, course=course, steps=()), count
    course, steps = advance(signal, course, candles[0], timeframe)
    return Move(at=candles[0].closed_at, course=course, steps=steps), 1


def _give_up(signal: Signal, course: Course) -> Move:
    ended, step = abandon(signal, course)
    return Move(at=step.at, course=ended, steps=(step,))
