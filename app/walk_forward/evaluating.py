"""The backtest as an evaluator: the live code with other values, in processes that keep candles."""

import asyncio
import multiprocessing
import signal
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final

from app.backtest.scoring import ScoringJob, read_history, score
from app.backtest.selection import Stretch
from domain.errors import ConfigurationError
from engine.backtest.run import run_backtest
from engine.backtest.values import TestedStrategy
from engine.statistics.values import TradeResult
from engine.walk_forward.values import Evaluation, Values

SCORING_GROUPS: Final = ("technical", "orderflow", "onchain", "sentiment", "memory", "confluence")
"""Tables of the strategy file that decide which closes could become a signal."""

THRESHOLD: Final = "confluence.medium_threshold"
"""Candidates of its lowest value hold those of every other: they are found once for all."""

_SCORED_KEPT: Final = 800
_REPLAYS_KEPT: Final = 500
"""The chosen trial is asked for again, and with steps a search often comes back to a value."""

ReplayAll = Callable[
    [Callable[["Replay"], tuple[TradeResult, ...]], Sequence["Replay"]],
    Iterator[tuple[TradeResult, ...]],
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """One backtest: closes in [start, end) are decided on, trades are followed until `until`.

    `loosest` is the strategy that candidates are found with: those of `strategy` are among them.
    """

    root: Path
    symbols: tuple[str, ...]
    stretch: Stretch
    strategy: TestedStrategy
    loosest: TestedStrategy
    start: datetime
    end: datetime
    until: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestEvaluator:
    """An `Evaluator` over stored candles.

    `strategy_of` is the strategy with other values in the named places. Signals are followed for
    `life` beyond the last close, so that trades of the last hours count as those before them.
    """

    root: Path
    symbols: tuple[str, ...]
    stretch: Stretch
    strategy_of: Callable[[Values], TestedStrategy]
    lowest_threshold: float | None
    life: timedelta
    replay_all: ReplayAll

    def allows(self, values: Values) -> bool:
        """Whether the strategy takes these values: there are rules between parameters as well."""
        try:
            self.strategy_of(values)
        except ConfigurationError:
            return False
        return True

    def evaluate(self, evaluations: Sequence[Evaluation]) -> list[tuple[TradeResult, ...]]:
        """The closed trades of each, in the order asked for."""
        return list(self.replay_all(replay, [self._replay(each) for each in evaluations]))

    def _replay(self, asked: Evaluation) -> Replay:
        return Replay(
            root=self.root,
            symbols=self.symbols,
            stretch=self.stretch,
            strategy=self.strategy_of(asked.values),
            loosest=self.strategy_of(self._loosest(asked.values)),
            start=asked.start,
            end=asked.end,
            until=asked.end + self.life,
        )

    def _loosest(self, values: Values) -> Values:
        scoring = {
            name: value
            for name, value in values.items()
            if name.partition(".")[0] in SCORING_GROUPS and name != THRESHOLD
        }
        return scoring | (
            {} if self.lowest_threshold is None else {THRESHOLD: self.lowest_threshold}
        )


@contextmanager
def open_replaying(processes: int) -> Iterator[ReplayAll]:
    """Run backtests in so many processes, in this one where it is only one: the same answer."""
    if processes <= 1:
        yield map
        return
    # A forked process would inherit the threads and locks of the event loop and of Arrow.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=_finish_first) as pool:
        yield pool.map


@lru_cache(maxsize=_REPLAYS_KEPT)
def replay(wanted: Replay) -> tuple[TradeResult, ...]:
    """The closed trades of one backtest. Runs in a process or thread that has no event loop."""
    histories = {
        symbol: read_history(wanted.root, symbol, wanted.stretch) for symbol in wanted.symbols
    }
    candidates = {symbol: _scored(_scoring(wanted, symbol)) for symbol in wanted.symbols}
    result = asyncio.run(
        run_backtest(histories, candidates, wanted.strategy, start=wanted.start, end=wanted.until)
    )
    return result.statistics.results


def _finish_first() -> None:
    """Ctrl-C reaches every process of a terminal: the workers leave it to the one that asks."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)


def _scoring(wanted: Replay, symbol: str) -> ScoringJob:
    return ScoringJob(
        root=wanted.root,
        symbol=symbol,
        strategy=wanted.loosest,
        start=wanted.start,
        end=wanted.end,
        stretch=wanted.stretch,
    )


_scored = lru_cache(maxsize=_SCORED_KEPT)(score)
