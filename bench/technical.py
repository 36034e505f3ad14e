"""One pair's full technical layer, against the same on DataFrames with pandas-ta."""

from collections.abc import Callable

from bench.market import snapshot
from bench.naive import technical_score, to_frames
from bench.result import Result, interleaved, milliseconds
from domain.evidence import LayerScore
from domain.market import MarketSnapshot
from layers.technical import TechnicalParameters, score_snapshots

_RUNS = 30
_BASE_CALLS = 1
_OUR_CALLS = 20


def run(on_progress: Callable[[int, int], None]) -> Result:
    one = snapshot(1)
    frames = to_frames(one.candles)
    parameters = TechnicalParameters()
    done = 0

    def ours() -> float:
        total = milliseconds(lambda: [_score(one, parameters) for _ in range(_OUR_CALLS)])
        return total / _OUR_CALLS

    def base() -> float:
        nonlocal done
        done += 1
        on_progress(done, _RUNS + 1)
        return milliseconds(lambda: technical_score(frames)) / _BASE_CALLS

    ours(), base()
    ours_ms, base_ms, ratio = interleaved(ours, base, _RUNS)
    return Result(
        name="technical",
        ours_ms=ours_ms,
        base_ms=base_ms,
        ratio=ratio,
        runs=_RUNS,
        base="pandas-ta on DataFrames",
    )


def _score(one: MarketSnapshot, parameters: TechnicalParameters) -> LayerScore:
    return score_snapshots([one], parameters).layer_score(0)
