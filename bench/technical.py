"""One pair's full technical layer, against the same on DataFrames with pandas-ta.

Ours is a pair's share of scoring a watchlist of 40 pairs in one call, for that is how the product
works; what one pair costs when it is scored alone stands in the details.
"""

import statistics
from collections.abc import Callable, Sequence

from bench.market import snapshots
from bench.naive import technical_score, to_frames
from bench.result import Result, interleaved, milliseconds
from domain.evidence import LayerScore
from domain.market import MarketSnapshot
from layers.technical import TechnicalParameters, score_snapshots

_RUNS = 20
_WATCHLIST = 40
_CALLS = 5


def run(on_progress: Callable[[int, int], None]) -> Result:
    watchlist = snapshots(_WATCHLIST)
    frames = to_frames(watchlist[0].candles)
    alone: list[float] = []
    done = 0

    def ours() -> float:
        alone.append(_milliseconds_per_pair(watchlist[:1]))
        return _milliseconds_per_pair(watchlist)

    def base() -> float:
        nonlocal done
        done += 1
        on_progress(done, _RUNS)
        return milliseconds(lambda: technical_score(frames))

    _milliseconds_per_pair(watchlist), technical_score(frames)
    ours_ms, base_ms, ratio = interleaved(ours, base, _RUNS)
    alone_ms = statistics.median(alone)
    return Result(
        name="technical",
        ours_ms=ours_ms,
        base_ms=base_ms,
        ratio=ratio,
        runs=_RUNS,
        base="pandas-ta on DataFrames",
        details={"pair scored alone, ms": alone_ms, "pair scored alone, ratio": base_ms / alone_ms},
    )


def _milliseconds_per_pair(pairs: Sequence[MarketSnapshot]) -> float:
    """Scores and every pair's evidence texts."""
    total = milliseconds(lambda: [_score(pairs) for _ in range(_CALLS)])
    return total / _CALLS / len(pairs)


def _score(pairs: Sequence[MarketSnapshot]) -> list[LayerScore]:
    scores = score_snapshots(pairs, TechnicalParameters())
    return [scores.layer_score(row) for row in range(len(pairs))]
