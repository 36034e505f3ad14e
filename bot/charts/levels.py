"""The horizontal levels of a setup, and rows for their labels that do not cover each other."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.charts.palette import ENTRY, MOVED_STOP, STOP, TARGET, Colour
from bot.presenters.figures import price
from domain.signals import FollowedSignal, SignalState

_TARGET_STATES: Final = (SignalState.TP1, SignalState.TP2, SignalState.TP3)


@dataclass(frozen=True, slots=True, kw_only=True)
class Level:
    """A price with its label and colour; a solid one is in force or has been reached."""

    label: str
    price: float
    colour: Colour
    is_solid: bool


def setup_levels(followed: FollowedSignal) -> list[Level]:
    """Entry, stop, the moved stop if it moved, and three targets."""
    plan, course = followed.signal.plan, followed.course
    has_moved = course.stop != plan.stop
    levels = [
        _level(followed, "Entry", plan.entry, ENTRY, is_solid=True),
        _level(followed, "Stop", plan.stop, STOP, is_solid=not has_moved),
        *_target_levels(followed),
    ]
    if has_moved:
        levels.append(_level(followed, "Stop now", course.stop, MOVED_STOP, is_solid=True))
    return levels


def spread_apart(rows: Sequence[int], gap: int, top: int, bottom: int) -> list[int]:
    """Rows at least `gap` apart within [top, bottom], as near as possible to the wanted ones.

    Least squares by pooling neighbours that are too near (isotonic regression on rows minus their
    rank times the gap); the order of `rows` is kept, equal ones stay in their order.
    """
    order = sorted(range(len(rows)), key=lambda index: rows[index])
    pools: list[list[float]] = []
    for rank, index in enumerate(order):
        pools.append([float(rows[index] - rank * gap)])
        while len(pools) > 1 and _mean(pools[-2]) > _mean(pools[-1]):
            pools[-2].extend(pools.pop())
    highest = bottom - (len(rows) - 1) * gap
    flat = [min(max(_mean(pool), top), highest) for pool in pools for _ in pool]
    placed = [0] * len(rows)
    for rank, index in enumerate(order):
        placed[index] = round(flat[rank]) + rank * gap
    return placed


def _target_levels(followed: FollowedSignal) -> list[Level]:
    reached = {leg.state for leg in followed.course.exits}
    named = zip(_TARGET_STATES, followed.signal.plan.targets, strict=True)
    return [
        _level(
            followed,
            f"TP{number} ✓" if state in reached else f"TP{number}",
            target.price,
            TARGET,
            is_solid=state in reached,
        )
        for number, (state, target) in enumerate(named, 1)
    ]


def _level(
    followed: FollowedSignal, name: str, value: Decimal, colour: Colour, *, is_solid: bool
) -> Level:
    return Level(
        label=f"{name} {price(value, followed.signal.instrument)}",
        price=float(value),
        colour=colour,
        is_solid=is_solid,
    )


def _mean(values: Sequence[float]) -> float:
    return sum(values) / len(values)
