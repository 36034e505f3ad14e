"""Looks for the two ways in which a backtest deceives: the future, and another past than live had.

Every run recomputes a sample of its decisions from data that ends where the decision was made, and
once more from only as many candles as the live bot keeps. Both must give the same decision to the
last bit; what the backtest scored in one pass over all candles must not know how they go on. Closes
that were scored and not decided on are sampled by `engine.backtest.looked_at`.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, fields, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

import numpy as np

from domain.candles import CandleSeries
from domain.decisions import Decision
from domain.errors import InvalidDataError
from domain.market import MarketSnapshot
from domain.timeframes import ANCHORED_WINDOWS

Decide = Callable[[MarketSnapshot], Decision]
"""The live decision with the parameters of the run."""


class Guard(StrEnum):
    """What a recomputed decision is held against."""

    LOOK_AHEAD = "look-ahead"
    WARM_UP = "warm-up"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A decision of the backtest and everything that it was allowed to look at."""

    snapshot: MarketSnapshot
    decision: Decision


@dataclass(frozen=True, slots=True, kw_only=True)
class Disagreement:
    """A decision that came out otherwise, and the fields in which it did."""

    guard: Guard
    symbol: str
    as_of: datetime
    fields: tuple[str, ...]

    @property
    def text(self) -> str:
        """One line for people."""
        return (
            f"{self.guard}: {self.symbol} at {self.as_of:%Y-%m-%d %H:%M} differs in "
            f"{', '.join(self.fields)}"
        )


class Sample:
    """Keeps a bounded, evenly spread sample of decisions, whatever their number turns out to be.

    Every `stride`-th one is kept; when the sample is full, every second of it is dropped and the
    stride doubles. So it needs no randomness and depends on the decisions alone.
    """

    def __init__(self, size: int) -> None:
        if size < 1:
            raise ValueError(f"a sample of {size} decisions shows nothing; take at least 1")
        self._size = size
        self._stride = 1
        self._seen = 0
        self._kept: list[Judged] = []

    def add(self, snapshot: MarketSnapshot, decision: Decision) -> None:
        """Offer a decision to the sample."""
        if self._seen % self._stride == 0:
            self._kept.append(Judged(snapshot=snapshot, decision=decision))
        self._seen += 1
        if len(self._kept) > self._size:
            self._kept = self._kept[::2]
            self._stride *= 2

    @property
    def judged(self) -> Sequence[Judged]:
        """What is kept, in order of time."""
        return tuple(self._kept)


def find_disagreements(sample: Iterable[Judged], decide: Decide) -> list[Disagreement]:
    """Recompute each decision with data cut at its instant, and with the live bot's depth."""
    return [found for judged in sample for found in _disagreements(judged, decide)]


def refuse_disagreements(found: Sequence[Disagreement], checked: int) -> None:
    """Raise `InvalidDataError` when any decision came out otherwise: no figure of it can hold."""
    if not found:
        return
    first = "; ".join(each.text for each in found[:3])
    raise InvalidDataError(
        f"{len(found)} of {checked} recomputed decisions differ from the backtest's ({first}): its "
        "figures must not be used. Look for a function of a layer that reads later candles, or "
        "that depends on how many are loaded"
    )


def _disagreements(judged: Judged, decide: Decide) -> Iterator[Disagreement]:
    cuts = {
        Guard.LOOK_AHEAD: _cut(judged.snapshot, is_live_depth=False),
        Guard.WARM_UP: _cut(judged.snapshot, is_live_depth=True),
    }
    for guard, snapshot in cuts.items():
        different = _different_fields(judged.decision, decide(snapshot))
        if different:
            yield Disagreement(
                guard=guard,
                symbol=judged.decision.symbol,
                as_of=judged.decision.as_of,
                fields=different,
            )


def _cut(snapshot: MarketSnapshot, *, is_live_depth: bool) -> MarketSnapshot:
    """The snapshot on copies of its candles: no memory is shared with what comes after them."""
    candles = {
        timeframe: _copied(series, ANCHORED_WINDOWS[timeframe].depth if is_live_depth else None)
        for timeframe, series in snapshot.candles.items()
    }
    return replace(snapshot, candles=candles)


def _copied(series: CandleSeries, depth: int | None) -> CandleSeries:
    columns = np.asarray(series.columns)
    first = 0 if depth is None else max(0, columns.shape[1] - depth)
    copied: Any = columns[:, first:].copy()
    kept: Any = memoryview(copied).toreadonly()  # numpy's stubs know no memoryview of floats
    return CandleSeries(series.timeframe, series.first_index + first, kept)


def _different_fields(one: Decision, other: Decision) -> tuple[str, ...]:
    return tuple(
        each.name
        for each in fields(Decision)
        if repr(getattr(one, each.name)) != repr(getattr(other, each.name))
    )
