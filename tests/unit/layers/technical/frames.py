"""Frames made by hand, for the readings that look at one."""

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from layers.technical.frame import Frame

Floats = NDArray[np.float64]


def one(value: float) -> Floats:
    """A number as one row of one pair."""
    return np.array([[value]])


def hand_frame(*, depth: int = 130, **given: Sequence[float] | float) -> Frame:
    """One row of one pair. A column is given as its newest values, oldest first, or as a constant.

    What is not given is 0; a shorter column is filled up with its oldest value.
    """
    columns = {
        each.name: _column(given.get(each.name, 0.0), depth)
        for each in fields(Frame)
        if each.name not in {"number", "rows"}
    }
    for name in ("hour_averages", "five_minute_averages", "minute_closes"):
        columns[name] = columns[name][-3:].reshape(3, 1, 1)
    columns["minute_closes"] = columns["minute_closes"][1:]
    return Frame(number=1_950_000, rows=1, **columns)


def _column(values: Sequence[float] | float, depth: int) -> Floats:
    newest = np.atleast_1d(np.asarray(values, dtype=np.float64))
    column = np.full((depth, 1), newest[0])
    column[-len(newest) :, 0] = newest
    return column
