"""The backtest: the live use cases over candles of the past, all pairs on one clock."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

from engine.backtest.agenda import agenda_of
from engine.backtest.building import build_backtest
from engine.backtest.candidates import Candidates
from engine.backtest.deciding import OnDecision
from engine.backtest.observations import (
    ASSUMED_TIMES,
    NOTHING_OBSERVED,
    Observations,
    RecordedTimes,
)
from engine.backtest.outbox import OnMessages
from engine.backtest.result import result_of
from engine.backtest.soundness import check_history
from engine.backtest.values import BacktestResult, PairHistory, TestedStrategy


async def run_backtest(
    histories: Mapping[str, PairHistory],
    candidates: Mapping[str, Candidates],
    strategy: TestedStrategy,
    *,
    start: datetime,
    end: datetime,
    observations: Observations = NOTHING_OBSERVED,
    times: RecordedTimes = ASSUMED_TIMES,
    on_progress: Callable[[datetime], None] | None = None,
    on_decision: OnDecision | None = None,
    on_messages: OnMessages | None = None,
) -> BacktestResult:
    """The record that the live bot would have left of closes with start <= close < end.

    `candidates` are those that `find_candidates` found in the same histories, with the same
    strategy, span and observations; both are keyed by symbol, and their order does not matter.
    What was not written down before `end` is not in the result: a trade that is open then stays
    open. `on_progress` is told the first boundary with candidates of each simulated day,
    `on_decision` each decision that was made with what it was made on, `on_messages` what would
    have gone to Telegram (without words). Raises `InvalidDataError` for candles that cannot be, and
    for an observation that was not known yet.
    """
    for symbol in sorted(histories):
        check_history(histories[symbol])
    backtest = build_backtest(
        histories, candidates, strategy, start, observations, times, on_decision, on_messages
    )
    publication = timedelta(seconds=strategy.assumed.publication_seconds)
    day = start.astimezone(UTC).date()
    for as_of, waiting in agenda_of(candidates):
        at = times.published_at(as_of) or as_of + publication
        if at >= end:
            break
        await backtest.time.until(at)
        await backtest.decide(as_of, waiting, at)
        if on_progress is not None and as_of.date() > day:
            day = as_of.date()
            on_progress(as_of)
    await backtest.time.until(end)
    return result_of(
        histories,
        candidates,
        strategy,
        backtest.storage,
        backtest.feed,
        backtest.decide.unasked,
        observations,
        start,
        end,
    )
