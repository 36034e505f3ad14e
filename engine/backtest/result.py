"""Puts together what a backtest left behind."""

from collections import Counter
from collections.abc import Mapping
from datetime import datetime

from domain.evidence import LayerName
from domain.instruments import to_decimal
from domain.timeframes import Timeframe, from_ms
from engine.backtest.candidates import Candidates
from engine.backtest.caveats import warnings_of
from engine.backtest.excursions import excursions_of
from engine.backtest.feed import HistoryFeed
from engine.backtest.observations import Observations
from engine.backtest.storage import BacktestStorage
from engine.backtest.values import BacktestResult, PairCoverage, PairHistory, TestedStrategy
from engine.statistics import read_record, statistics_of


def result_of(
    histories: Mapping[str, PairHistory],
    candidates: Mapping[str, Candidates],
    strategy: TestedStrategy,
    storage: BacktestStorage,
    feed: HistoryFeed,
    unasked: Counter[str],
    observations: Observations,
    start: datetime,
    end: datetime,
) -> BacktestResult:
    """The result; statistics are those of its own ledger."""
    entries = tuple(storage.ledger.entries)
    signals = tuple(storage.signals.every)
    discards = Counter[str]()
    for each in candidates.values():
        discards.update(each.discards)
    discards.update(storage.decisions.discards)
    missing = _layers_missing(candidates, strategy, storage)
    return BacktestResult(
        start=start,
        end=end,
        strategy=strategy,
        pairs=tuple(_coverage(histories[s], candidates[s]) for s in sorted(histories)),
        signals=signals,
        entries=entries,
        statistics=statistics_of(read_record(entries), start, end),
        excursions=excursions_of(signals, feed.finest),
        decided=sum(each.decided for each in candidates.values()),
        candidates=sum(len(each.scores) for each in candidates.values()),
        discards=dict(sorted(discards.items())),
        denials=dict(sorted((storage.decisions.denials + unasked).items())),
        layers_missing=missing,
        warnings=tuple(warnings_of(histories, strategy, observations, missing)),
        equity=to_decimal(strategy.risk.reference_equity),
    )


def _layers_missing(
    candidates: Mapping[str, Candidates], strategy: TestedStrategy, storage: BacktestStorage
) -> tuple[LayerName, ...]:
    known = {LayerName.TECHNICAL}.union(*(each.layers_known for each in candidates.values()))
    if not storage.outcomes.count:
        known -= {LayerName.MEMORY}
    return tuple(each for each in strategy.decision.confluence.layers if each not in known)


def _coverage(history: PairHistory, candidates: Candidates) -> PairCoverage:
    series = history.candles[Timeframe.M15]
    return PairCoverage(
        symbol=history.symbol,
        decided=candidates.decided,
        warming_up=candidates.warming_up,
        finest=history.finest,
        first=from_ms(series.first_index * Timeframe.M15.milliseconds),
        last=series.closed_at,
        is_inferred=history.is_inferred,
    )
