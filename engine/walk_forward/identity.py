"""The name of a study: machines meet in it only when they search the same thing."""

import hashlib
from collections.abc import Mapping, Sequence

from engine.backtest.metrics import fingerprint_run
from engine.backtest.values import TestedStrategy
from engine.walk_forward.ranges import SearchRange
from engine.walk_forward.values import Window


def study_name(
    window: Window,
    strategy: TestedStrategy,
    ranges: Sequence[SearchRange],
    *,
    data: Mapping[str, str],
    least_trades: int,
    version: str,
) -> str:
    """A name that differs where the data, the strategy, the ranges or the program differ.

    `data` are digests of all candles by symbol. The number of trials and the seed are no part of
    it: with more of them a study goes on.
    """
    run = fingerprint_run(strategy, window.train_start, window.train_end, data)
    searched = repr((tuple(ranges), least_trades, version))
    digest = hashlib.sha256(f"{run} {searched}".encode()).hexdigest()
    return f"walk-forward {window.train_start:%Y-%m-%d} {digest[:20]}"
