"""Candidates of all pairs in order of time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

import numpy as np

from domain.timeframes import Timeframe, from_ms
from engine.backtest.candidates import Candidates


class Waiting(NamedTuple):
    """A candidate that waits for its decision: a row of its pair's scores."""

    symbol: str
    row: int


def agenda_of(
    candidates: Mapping[str, Candidates],
) -> Iterator[tuple[datetime, Sequence[Waiting]]]:
    """Each boundary that has candidates, with all of them; pairs in alphabetical order."""
    symbols = sorted(candidates)
    numbers = [candidates[symbol].scores.indices for symbol in symbols]
    every = np.concatenate([np.zeros(0, dtype=np.int64), *numbers])
    pairs = np.repeat(np.arange(len(symbols)), [len(each) for each in numbers])
    rows = np.concatenate([np.zeros(0, dtype=np.int64), *(np.arange(len(n)) for n in numbers)])
    order = np.lexsort((pairs, every))
    edges = np.flatnonzero(np.diff(every[order])) + 1
    for group in np.split(order, edges) if len(order) else ():
        boundary = from_ms((int(every[group[0]]) + 1) * Timeframe.M15.milliseconds)
        yield boundary, [Waiting(symbols[pairs[at]], int(rows[at])) for at in group.tolist()]
