"""Runs one backtest: read, score, replay, check."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Final, Protocol

from app.backtest.scoring import Score, ScoringJob, by_symbol, read_history
from app.backtest.selection import ALL_PAIRS, Stretch, select_pairs, settle_period
from app.recorded_observations import RecordedObservations
from domain.errors import NotFoundError
from domain.timeframes import Timeframe
from engine.backtest.candidates import Candidates
from engine.backtest.guards import Judged, Sample, find_disagreements, refuse_disagreements
from engine.backtest.looked_at import ScoredCloses, find_hidden, sample_closes
from engine.backtest.observations import (
    ASSUMED_TIMES,
    NOTHING_OBSERVED,
    Observations,
    RecordedTimes,
)
from engine.backtest.run import run_backtest
from engine.backtest.values import BacktestResult, PairHistory, TestedStrategy
from engine.decide import decide

SAMPLED_DECISIONS: Final = 50
"""Decisions of every run that are recomputed with data cut at their instant, and as many of all
the closes that were scored, whether anything was decided there or not."""


class RunProgress(Protocol):
    """What is told while a backtest runs."""

    def reading(self, done: int, total: int) -> None:
        """Pairs whose candles are read."""

    def scored(self, done: int, total: int) -> None:
        """Pairs that are scored."""

    def replayed(self, at: datetime, start: datetime, end: datetime) -> None:
        """How far the simulated clock has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RunRequest:
    """What to test: pairs as on the command line, a period of closes, a strategy.

    `fills` follows signals on that timeframe wherever it is there, though finer candles are.
    """

    root: Path
    pairs: str
    start: datetime | None
    end: datetime | None
    strategy: TestedStrategy
    observations: Observations = NOTHING_OBSERVED
    times: RecordedTimes = ASSUMED_TIMES
    fills: Timeframe | None = None

    @property
    def stretch(self) -> Stretch:
        """The candles that it takes."""
        return Stretch.around(self.start, self.end, self.strategy.correlations)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckedRun:
    """A result that was recomputed in part, all with the same answer.

    `recomputed` counts decisions, `closes` those among all that were scored.
    """

    result: BacktestResult
    recomputed: int
    closes: int

    @property
    def guards(self) -> str:
        """What was recomputed, in a sentence or two for people."""
        how = "with data cut at their instant and with the live bot's depth of history"
        closes = f"{self.closes} of all closes that were scored"
        if not self.recomputed:
            return (
                "No decision was recomputed, since none was made. What was scored was recomputed "
                f"at {closes}, {how}; it is the same."
            )
        return (
            f"{self.recomputed} decisions recomputed {how}, and likewise what was scored at "
            f"{closes}; all are the same."
        )


async def run_checked(request: RunRequest, score: Score, progress: RunProgress) -> CheckedRun:
    """Run a backtest and its guards. Raises `InvalidDataError` where a guard finds a difference."""
    symbols = select_pairs(request.root, request.pairs)
    histories = _read(request, symbols, progress)
    minimum = request.strategy.decision.technical.minimum_candles
    start, end = settle_period(histories, minimum, request.start, request.end)
    candidates = _score(request, tuple(histories), (start, end), score, progress)
    sample = Sample(SAMPLED_DECISIONS)
    result = await run_backtest(
        histories,
        candidates,
        request.strategy,
        start=start,
        end=end,
        observations=request.observations,
        times=request.times,
        on_progress=lambda at: progress.replayed(at, start, end),
        on_decision=sample.add,
    )
    scored = ScoredCloses(
        histories=histories,
        candidates=candidates,
        strategy=request.strategy,
        observations=request.observations,
    )
    closes = _guard(sample.judged, scored)
    return CheckedRun(result=result, recomputed=len(sample.judged), closes=closes)


def _guard(judged: Sequence[Judged], scored: ScoredCloses) -> int:
    """How many closes were recomputed beside the decisions. Raises where anything differs."""
    decision, closes = scored.strategy.decision, sample_closes(scored, SAMPLED_DECISIONS)
    decided = find_disagreements(judged, lambda snapshot: decide(snapshot, decision))
    found = [*decided, *find_hidden(scored, closes)]
    refuse_disagreements(found, len(judged) + len(closes))
    return len(closes)


def _read(
    request: RunRequest, symbols: tuple[str, ...], progress: RunProgress
) -> dict[str, PairHistory]:
    histories = {}
    for done, symbol in enumerate(symbols, start=1):
        try:
            history = read_history(request.root, symbol, request.stretch)
        except NotFoundError:
            # Of all pairs, some are younger than the period; one that was named should be there.
            if request.pairs != ALL_PAIRS:
                raise
            continue
        if request.fills is not None and request.fills in history.candles:
            history = replace(history, finest=request.fills)
        histories[symbol] = history
        progress.reading(done, len(symbols))
    return histories


def _score(
    request: RunRequest,
    symbols: tuple[str, ...],
    period: tuple[datetime, datetime],
    score: Score,
    progress: RunProgress,
) -> Mapping[str, Candidates]:
    jobs = [
        ScoringJob(
            root=request.root,
            symbol=symbol,
            strategy=request.strategy,
            start=period[0],
            end=period[1],
            observed=_of_pair(request.observations, symbol),
            stretch=request.stretch,
        )
        for symbol in symbols
    ]
    done = iter(range(1, len(symbols) + 1))
    return by_symbol(score(jobs), lambda: progress.scored(next(done), len(symbols)))


def _of_pair(observations: Observations, symbol: str) -> Observations:
    """What a process that scores one pair has to be sent."""
    if isinstance(observations, RecordedObservations):
        return observations.of(symbol)
    return observations
