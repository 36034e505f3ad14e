"""Positions guessed from how open interest was built up.

Every contract that is added has a long and a short in it. So each rise of open interest opens a
long and a short of its size at the price of that period. When open interest falls, every position
alike is closed by the same share: which ones really went nobody tells, and taking the newest first
would forget a whole day's build-up in one shake-out.
"""

from typing import NamedTuple

import numpy as np

from layers.orderflow.derivatives.periods import Numbers, PeriodRows


class OpenedPositions(NamedTuple):
    """Positions by the period in which they were opened, as far as they have not been closed.

    `quantity` in base units is that of the longs and as much again of the shorts; `lowest` and
    `highest` are the extremes of price in the periods since, infinite where none has passed.
    """

    entry: Numbers
    quantity: Numbers
    lowest: Numbers
    highest: Numbers


def opened_positions(rows: PeriodRows, longest_gap_ms: float) -> OpenedPositions:
    """What the rises of open interest have left, period by period.

    A rise across a hole longer than `longest_gap_ms` opens nothing: its price is unknown.
    """
    rise = np.maximum(np.diff(rows.quantity), 0)
    rise[np.diff(rows.end_ms) > longest_gap_ms] = 0
    former = rows.quantity[:-1]
    left = np.divide(rows.quantity[1:], former, out=np.ones_like(former), where=former > 0)
    quantity = rise * _later(np.minimum(left, 1), 1.0, np.multiply)
    is_open = quantity > 0
    return OpenedPositions(
        np.sqrt(rows.low * rows.high)[1:][is_open],
        quantity[is_open],
        _later(rows.low[1:], np.inf, np.minimum)[is_open],
        _later(rows.high[1:], -np.inf, np.maximum)[is_open],
    )


def _later(values: Numbers, last: float, combined: np.ufunc) -> Numbers:
    """For each value, all that come after it and `last`, combined."""
    backwards: Numbers = combined.accumulate(np.append(values[1:], last)[::-1])
    return backwards[::-1][: len(values)]
