"""Scores pairs over whole arrays, in processes of their own where more than one is wanted.

Each process reads the candles it scores from disk itself: a few rows that matter come back, and
not millions of candles go to and fro.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from itertools import chain
from math import ceil
from pathlib import Path

from app.backtest.processes import scoring_context
from app.backtest.selection import EVERYTHING, Stretch
from engine.backtest.candidates import Candidates, Search, find_all_candidates
from engine.backtest.observations import NOTHING_OBSERVED, Observations
from engine.backtest.values import PairHistory, TestedStrategy
from exchanges.history import HistoryStore

_PAIRS_KEPT = 400
_PAIRS_TOGETHER = 4
_SHARES = 3
"""Of each process: the last one to finish is not waited for too long."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoringJob:
    """One pair to score: where its candles are, by which strategy, over which closes."""

    root: Path
    symbol: str
    strategy: TestedStrategy
    start: datetime
    end: datetime
    observed: Observations = NOTHING_OBSERVED
    stretch: Stretch = EVERYTHING


Score = Callable[[Sequence[ScoringJob]], Iterator[Candidates]]
"""Candidates of each job, in the order of the jobs."""


@contextmanager
def open_scoring(processes: int) -> Iterator[Score]:
    """Score in so many processes, in this one where it is only one. The answer is the same."""
    if processes <= 1:
        yield lambda jobs: chain.from_iterable(map(score_together, _shares(jobs, 1)))
        return
    with ProcessPoolExecutor(processes, mp_context=scoring_context()) as pool:
        yield lambda jobs: chain.from_iterable(pool.map(score_together, _shares(jobs, processes)))


def score(job: ScoringJob) -> Candidates:
    """Score one pair. Runs in a worker process."""
    return score_together([job])[0]


def score_together(jobs: Sequence[ScoringJob]) -> list[Candidates]:
    """Score several pairs by the one strategy they share. Runs in a worker process."""
    return find_all_candidates(
        [
            Search(
                history=read_history(job.root, job.symbol, job.stretch),
                strategy=job.strategy,
                start=job.start,
                end=job.end,
                observed=job.observed,
            )
            for job in jobs
        ]
    )


def _shares(jobs: Sequence[ScoringJob], processes: int) -> list[Sequence[ScoringJob]]:
    """Jobs that are done together: enough of them to pay, few enough to be spread."""
    size = max(1, min(_PAIRS_TOGETHER, ceil(len(jobs) / (_SHARES * processes))))
    return [jobs[begin : begin + size] for begin in range(0, len(jobs), size)]


@lru_cache(maxsize=_PAIRS_KEPT)
def read_history(root: Path, symbol: str, stretch: Stretch = EVERYTHING) -> PairHistory:
    """What is stored of a pair; read once by each process, since candles don't change."""
    return HistoryStore(root).read(symbol, stretch.first, stretch.last)


def by_symbol(found: Iterator[Candidates], on_pair: Callable[[], None]) -> Mapping[str, Candidates]:
    """Candidates by symbol; `on_pair` is called as each pair is done."""
    candidates = {}
    for one in found:
        candidates[one.symbol] = one
        on_pair()
    return candidates
