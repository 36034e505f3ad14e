"""Memory of what is known beyond the exchange, over a month of answers: megabytes (`_ms` fields).

What windows hold stops growing when they are full: the longest is after eight days, and the tables
behind it find their size within the days that follow. So base is the fourteenth day, ours the last
one. Counted is what Python has handed out (`tracemalloc`).
"""

import gc
import random
import tracemalloc
from collections.abc import Callable
from typing import Final

from bench.market import BOUNDARY, instrument
from bench.outsides import answers, empty_state, outcome
from bench.result import Result
from domain.assets import canonical_asset
from domain.instruments import Instrument
from domain.timeframes import Timeframe, from_ms, to_ms
from engine.outside import OutsideState

_DAYS: Final = 30
_FULL_AFTER_DAYS: Final = 14
_PAIRS: Final = 40
_ANSWERS_EVERY_MS: Final = 180_000
"""80 transfers and 120 texts an hour."""

_SIGNALS_A_DAY: Final = 20
_MEGABYTE: Final = 2**20
_DAY_MS: Final = 86_400_000


def run(on_progress: Callable[[int, int], None]) -> Result:
    state, draw = empty_state(), random.Random(_DAYS)
    instruments = [instrument(number) for number in range(_PAIRS)]
    begin_ms = to_ms(BOUNDARY)
    tracemalloc.start()
    by_day = []
    for day in range(_DAYS):
        _live_through(state, instruments, begin_ms + day * _DAY_MS, draw)
        gc.collect()
        by_day.append(tracemalloc.get_traced_memory()[0] / _MEGABYTE)
        on_progress(day + 1, _DAYS)
    tracemalloc.stop()
    full = by_day[_FULL_AFTER_DAYS - 1]
    return Result(
        name="month",
        ours_ms=by_day[-1],
        base_ms=full,
        ratio=by_day[-1] / full,
        runs=1,
        base=f"the same after {_FULL_AFTER_DAYS} days; megabytes, not milliseconds",
        details={
            f"day {day}, MB": by_day[day - 1] for day in (1, 2, 4, 8, _FULL_AFTER_DAYS, 20, _DAYS)
        },
    )


def _live_through(
    state: OutsideState, instruments: list[Instrument], begin_ms: int, draw: random.Random
) -> None:
    """A day of answers, and of readings at each close."""
    coins = [canonical_asset(each.base) for each in instruments]
    for at_ms in range(begin_ms, begin_ms + _DAY_MS, _ANSWERS_EVERY_MS):
        for answer in answers(at_ms, coins, draw):
            state.observe(answer)
        if at_ms % Timeframe.M15.milliseconds == 0:
            as_of = from_ms(at_ms)
            state.sentiment_snapshot(as_of)
            state.memory(as_of)
            for each in instruments:
                state.onchain(each, as_of)
                state.sentiment(each, as_of)
    first = begin_ms // _DAY_MS * _SIGNALS_A_DAY
    state.remember([outcome(first + number, draw) for number in range(_SIGNALS_A_DAY)])
