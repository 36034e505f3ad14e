"""The tape of one pair: a trade's cost against plain deques and against recomputation.

Milliseconds are for a thousand trades, so they read as microseconds for one. All hold the same
windows; only the tape can also be read as of an instant in the past.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path

import numpy as np

from bench.deque_tape import DequeTape, recomputed
from bench.result import Result, interleaved
from layers.orderflow.tape import Tape, TapeParameters

_RUNS = 15
_TRADES_A_RUN = 20_000
_RECOMPUTED_TRADES = 20
_READINGS = 500
_MEMORY_TRADES = 10_000_000
_MEMORY_MARKS = 10
_QUANTITY_STEP = 0.001
_PAUSE_MS = 50
_BEGIN_MS = 1_750_000_000_000
_WARM_UP = 1_900_000 // _PAUSE_MS

_Arrival = tuple[int, int, float, float, bool]


def run(on_progress: Callable[[int, int], None]) -> Result:
    feed = arrivals(_PAUSE_MS)
    tape, deques = Tape(TapeParameters(), quantity_step=_QUANTITY_STEP), DequeTape()
    batch = list(islice(feed, _WARM_UP))
    milliseconds_per_thousand(tape, batch), milliseconds_of_deques(deques, batch)
    total = _RUNS + _MEMORY_MARKS
    done = 0

    def ours() -> float:
        nonlocal batch, done
        done += 1
        on_progress(done, total)
        batch = list(islice(feed, _TRADES_A_RUN))
        return milliseconds_per_thousand(tape, batch)

    ours_ms, base_ms, ratio = interleaved(
        ours, lambda: milliseconds_of_deques(deques, batch), _RUNS
    )
    scratch_ms = recomputation(feed)
    memory = memory_marks(lambda mark: on_progress(_RUNS + mark, total))
    return Result(
        name="tape",
        ours_ms=ours_ms,
        base_ms=base_ms,
        ratio=ratio,
        runs=_RUNS,
        base="plain Python deques with the same windows; for 1,000 trades",
        details={
            "recomputation from the kept trades, ms for 1,000 trades": scratch_ms,
            "recomputation, ratio": scratch_ms / ours_ms,
            "reading, microseconds": reading_microseconds(tape, batch[-1][1]),
            "resident after 1 million trades, MB": memory[0],
            "resident after 10 million trades, MB": memory[-1],
        },
    )


def arrivals(pause_ms: int) -> Iterator[_Arrival]:
    """Trades without end: 20 a second at 50 ms, sizes with a long tail, price at random."""
    chance = np.random.default_rng(1)
    sizes = (np.ceil(np.minimum(chance.pareto(1.2, 10_007), 5000.0)) * _QUANTITY_STEP).tolist()
    pauses = chance.integers(0, 2 * pause_ms, 10_009, endpoint=True).tolist()
    sides = (chance.random(10_037) < 0.5).tolist()
    moves = chance.choice((-0.1, 0.0, 0.0, 0.1), 10_039).tolist()
    now, price, number = _BEGIN_MS, 60_000.0, 0
    while True:
        now += pauses[number % len(pauses)]
        price = round(price + moves[number % len(moves)], 1)
        yield number, now, price, sizes[number % len(sizes)], sides[number % len(sides)]
        number += 1


def milliseconds_per_thousand(tape: Tape, batch: list[_Arrival]) -> float:
    push = tape.push
    started = time.perf_counter()
    for number, exchange_ms, price, quantity, is_buy in batch:
        push(number, exchange_ms, price, quantity, is_buy)
    return (time.perf_counter() - started) * 1e6 / len(batch)


def milliseconds_of_deques(deques: DequeTape, batch: list[_Arrival]) -> float:
    push = deques.push
    started = time.perf_counter()
    for _, exchange_ms, price, quantity, is_buy in batch:
        push(exchange_ms, price, quantity, is_buy)
    return (time.perf_counter() - started) * 1e6 / len(batch)


def recomputation(feed: Iterator[_Arrival]) -> float:
    """All windows anew at each trade, over the trades of the last 15 minutes."""
    kept = list(islice(feed, _WARM_UP))
    took = []
    for each in islice(feed, _RECOMPUTED_TRADES):
        kept.append(each)
        started = time.perf_counter()
        recomputed([trade for trade in kept if trade[1] > each[1] - 900_000])
        took.append((time.perf_counter() - started) * 1e6)
    return statistics.median(took)


def reading_microseconds(tape: Tape, newest_ms: int) -> float:
    took = []
    for number in range(_READINGS):
        started = time.perf_counter()
        tape.reading(newest_ms - 97 * number)
        took.append((time.perf_counter() - started) * 1e6)
    return statistics.median(took)


def memory_marks(on_mark: Callable[[int], None]) -> list[float]:
    """Resident megabytes after each of ten equal parts of ten million trades."""
    tape = Tape(TapeParameters(), quantity_step=_QUANTITY_STEP)
    feed = arrivals(_PAUSE_MS)
    marks = []
    for mark in range(1, _MEMORY_MARKS + 1):
        for each in islice(feed, _MEMORY_TRADES // _MEMORY_MARKS):
            tape.push(*each)
        marks.append(resident_megabytes())
        on_mark(mark)
    return marks


def resident_megabytes() -> float:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return float(line.split()[1]) / 1024.0
    raise RuntimeError("this process tells no resident memory")
