"""Recomputes closes that were scored and not decided on: a look ahead may hide in what is missing.

Whoever drops the losers before anything is decided leaves decisions that are all honest. So a
sample of all closes that were scored is held against data that ends where they do, candidates or
not.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from domain.market import MarketSnapshot
from domain.timeframes import from_ms
from engine.backtest.candidates import Candidates, find_candidates, spread_evenly
from engine.backtest.clock import SteppedClock
from engine.backtest.feed import HistoryFeed
from engine.backtest.guards import Disagreement, Guard, Judged, find_disagreements
from engine.backtest.observations import Observations
from engine.backtest.snapshots import PastSnapshots
from engine.backtest.values import PairHistory, TestedStrategy
from engine.decide import decide, decide_rows

_INSTANT = timedelta(milliseconds=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class ScoredCloses:
    """What a run scored, and out of what."""

    histories: Mapping[str, PairHistory]
    candidates: Mapping[str, Candidates]
    strategy: TestedStrategy
    observations: Observations


@dataclass(frozen=True, slots=True, kw_only=True)
class LookedAt:
    """A close as scoring over whole arrays saw it: what it comes to, and whether it was kept."""

    judged: Judged
    is_candidate: bool


def sample_closes(scored: ScoredCloses, size: int) -> list[LookedAt]:
    """At most `size` closes, spread evenly over all pairs and times; the same ones each time.

    Memory is left out: what it knew is no matter of scoring.
    """
    rows = [
        (symbol, row)
        for symbol in sorted(scored.candidates)
        for row in range(len(scored.candidates[symbol].sample))
    ]
    # Candles as of an instant are read without a look at the clock.
    feed = HistoryFeed(scored.histories, SteppedClock(from_ms(0)))
    snapshots = PastSnapshots(scored.histories, feed, scored.observations)
    return [_looked_at(scored, snapshots, *rows[place]) for place in spread_evenly(len(rows), size)]


def find_hidden(scored: ScoredCloses, sample: Sequence[LookedAt]) -> list[Disagreement]:
    """Closes that come out otherwise, or are kept or dropped otherwise, on data that ends there."""
    decision = scored.strategy.decision
    found = find_disagreements(
        (each.judged for each in sample), lambda snapshot: decide(snapshot, decision)
    )
    return [*found, *_otherwise_kept(scored, sample)]


def _looked_at(scored: ScoredCloses, snapshots: PastSnapshots, symbol: str, row: int) -> LookedAt:
    found = scored.candidates[symbol]
    snapshot = snapshots.snapshot(snapshots.terms(symbol, found.sample.closed_at(row)), None)
    [decision] = decide_rows([snapshot], found.sample, [row], scored.strategy.decision)
    return LookedAt(
        judged=Judged(snapshot=snapshot, decision=decision),
        is_candidate=bool((found.scores.indices == found.sample.indices[row]).any()),
    )


def _otherwise_kept(scored: ScoredCloses, sample: Sequence[LookedAt]) -> Iterator[Disagreement]:
    for each in sample:
        snapshot = each.judged.snapshot
        if _is_kept(scored, snapshot) != each.is_candidate:
            yield Disagreement(
                guard=Guard.LOOK_AHEAD,
                symbol=snapshot.instrument.symbol,
                as_of=snapshot.as_of,
                fields=("whether it is a candidate",),
            )


def _is_kept(scored: ScoredCloses, snapshot: MarketSnapshot) -> bool:
    """Whether the search keeps a close as a candidate that has nothing after it."""
    whole, as_of = scored.histories[snapshot.instrument.symbol], snapshot.as_of
    ended = replace(whole, candles=snapshot.candles)
    found = find_candidates(ended, scored.strategy, as_of, as_of + _INSTANT, scored.observations)
    return len(found.scores) > 0
