"""Whether the chosen values mean anything: do windows agree, and do neighbours do well, too?"""

import math
from collections.abc import Sequence
from typing import Final

from engine.walk_forward.ranges import SearchRange
from engine.walk_forward.values import FinishedTrial, ParameterStability, Values

_NEIGHBOURS: Final = 0.1
"""Share of all trials that are the neighbours of one: the nearest tenth."""

_LEAST_NEIGHBOURS: Final = 5

_GOOD: Final = 0.5
"""A neighbour does well with at least this share of the best score."""


def stability_of(
    ranges: Sequence[SearchRange], chosen: Sequence[Values]
) -> tuple[ParameterStability, ...]:
    """How far the values chosen in each window lie apart, parameter by parameter."""
    return tuple(_stability(each, [values[each.name] for values in chosen]) for each in ranges)


def plateau_of(
    best: FinishedTrial, trials: Sequence[FinishedTrial], ranges: Sequence[SearchRange]
) -> float | None:
    """Share of the trials nearest to the best one whose score is at least half of the best.

    Near 1 the best lies on a plateau, near 0 it is a lonely peak, which is what luck looks like.
    None where the best is not above 0, or there is nothing to compare it with.
    """
    others = [trial for trial in trials if trial.number != best.number]
    if best.outcome.score <= 0 or not others:
        return None
    nearest = sorted(others, key=lambda trial: (_distance(best, trial, ranges), trial.number))
    count = max(_LEAST_NEIGHBOURS, math.ceil(len(others) * _NEIGHBOURS))
    neighbours = nearest[:count]
    good = sum(trial.outcome.score >= best.outcome.score * _GOOD for trial in neighbours)
    return good / len(neighbours)


def _stability(searched: SearchRange, chosen: Sequence[float | int]) -> ParameterStability:
    places = [searched.place_of(value) for value in chosen]
    return ParameterStability(
        name=searched.name,
        low=searched.low,
        high=searched.high,
        chosen=tuple(chosen),
        spread=max(places) - min(places),
    )


def _distance(one: FinishedTrial, other: FinishedTrial, ranges: Sequence[SearchRange]) -> float:
    """In shares of the ranges that were searched."""
    return math.dist(
        [each.place_of(one.values[each.name]) for each in ranges],
        [each.place_of(other.values[each.name]) for each in ranges],
    )
