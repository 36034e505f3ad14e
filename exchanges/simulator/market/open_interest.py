"""Open interest that moves with the market, minute by minute.

A move with volume opens positions; one against what went before closes them, and a violent one
closes more. Each minute's value follows from bars up to and with it.
"""

from collections.abc import Mapping
from itertools import accumulate
from typing import Final

import numpy as np

from exchanges.simulator.market.bars import CLOSE, HIGH, LOW, OPEN, VOLUME, MinuteBars, Real

_OPENED: Final = 0.0012
"""What a usual minute that goes on in its direction adds, as a fraction of open interest."""

_CLOSED: Final = 2.4
"""How much more is closed than opened by a minute that goes fully against the move before."""

_VIOLENT_RANGE: Final = 0.008
_LIQUIDATED: Final = 0.004
_MOVE_MINUTES: Final = 10
_FADES: Final = 0.999
_FIRST_DAY: Final = 1440


def built_up(bars: MinuteBars, usual_volume: int, scripted: Mapping[int, float]) -> list[float]:
    """Logarithm of open interest over its usual size after each minute, 0 at first.

    What was built up fades in about a day. `scripted` overrides what single minutes add.
    """
    changes = _changes(bars, usual_volume)
    for minute, change in scripted.items():
        changes[bars.position(minute)] = change
    return list(accumulate(changes.tolist(), lambda total, change: total * _FADES + change))


def _changes(bars: MinuteBars, usual_volume: int) -> Real:
    """What each minute adds to open interest, as a fraction of it."""
    close = bars.columns[CLOSE].astype(np.float64)
    returns = np.log(close / bars.columns[OPEN])
    usual_move = max(float(np.median(np.abs(returns[:_FIRST_DAY]))), 1e-6)
    padded = np.concatenate((np.full(_MOVE_MINUTES + 1, close[0]), close))
    before = np.log(padded[_MOVE_MINUTES:-1] / padded[: -_MOVE_MINUTES - 1])
    move = np.tanh(returns / usual_move)
    reversal = np.maximum(0.0, -np.sign(move) * np.tanh(before / usual_move / _MOVE_MINUTES**0.5))
    activity = np.minimum(bars.columns[VOLUME] / usual_volume, 12.0)
    violence = (bars.columns[HIGH] - bars.columns[LOW]) / bars.columns[HIGH] / _VIOLENT_RANGE
    opened = _OPENED * activity * np.abs(move) * (1.0 - _CLOSED * reversal)
    return np.asarray(opened - np.where(violence >= 1.0, _LIQUIDATED * violence, 0.0))
