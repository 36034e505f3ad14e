"""What candles brought to a signal, in the pieces in which it is stored and told."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from domain.candles import Candle
from domain.signals import Course, Signal, Step
from engine.lifecycle.abandon import abandon
from engine.lifecycle.advance import advance
from engine.lifecycle.deadlines import is_overdue


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """Everything of one instant: its steps in order, and the course after the last of them."""

    at: datetime
    course: Course
    steps: tuple[Step, ...]


def catch_up(
    signal: Signal, course: Course, candles: Iterable[Candle], now: datetime
) -> list[Move]:
    """Follow a live signal through all closed candles there are at an instant, oldest first.

    A move for each candle that brought steps, and for its end without candles if it is overdue by
    now; else one more without steps, where the last candles were quiet. Raises what `advance`
    raises.
    """
    moves: list[Move] = []
    quiet: Move | None = None
    for candle in candles:
        if course.state.is_final:
            break
        course, steps = advance(signal, course, candle)
        move = Move(at=candle.closed_at, course=course, steps=steps)
        quiet = None if steps else move
        if steps:
            moves.append(move)
    if not course.state.is_final and is_overdue(signal, course, now):
        return [*moves, _give_up(signal, course)]
    return moves if quiet is None else [*moves, quiet]


def _give_up(signal: Signal, course: Course) -> Move:
    ended, step = abandon(signal, course)
    return Move(at=step.at, course=ended, steps=(step,))
