"""All that a walk-forward optimisation is made of, from what was asked and what is stored."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Final

from optuna.storages import BaseStorage

from app.backtest.digests import digest_of
from app.backtest.scoring import read_history
from app.backtest.selection import ALL_PAIRS, Stretch, select_pairs, settle_period
from app.backtest.strategies import parse_layers
from app.clock import wall_now
from app.settings.strategy import Strategy
from app.version import VERSION
from app.walk_forward.evaluating import THRESHOLD, BacktestEvaluator, ReplayAll
from app.walk_forward.strategies import (
    check_together,
    longest_life_of,
    searchable_numbers,
    tested_with,
)
from domain.errors import ConfigurationError, NotFoundError
from domain.evidence import LayerName
from domain.timeframes import Timeframe
from engine.backtest.values import PairHistory
from engine.walk_forward.identity import study_name
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.ports import Study
from engine.walk_forward.ranges import SearchParameters, SearchRange, ranges_of, start_of
from engine.walk_forward.values import Window
from engine.walk_forward.windows import followed_windows, windows_of
from research.optuna_study import OptunaStudy, StudyTerms

_RETURNS: Final = "correlations.returns"

_PAUSE_SECONDS: Final = 1.0
"""Between two looks at whether other machines have ended the last trials."""


@dataclass(frozen=True, slots=True, kw_only=True)
class WalkForwardOptions:
    """What was asked on the command line; None where the strategy file decides."""

    root: Path
    pairs: str
    start: datetime | None
    end: datetime | None
    layers: str | None
    processes: int
    storage: str | None
    trials: int | None
    train_days: int | None
    test_days: int | None
    step_days: int | None
    seed: int | None
    json: Path | None
    stores: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A strategy, its ranges, the candles and the windows over them."""

    strategy: Strategy
    layers: tuple[LayerName, ...]
    parameters: WalkForwardParameters
    ranges: tuple[SearchRange, ...]
    root: Path
    stretch: Stretch
    data: Mapping[str, str]
    life: timedelta
    windows: tuple[Window, ...]

    def evaluator(self, replay_all: ReplayAll) -> BacktestEvaluator:
        """The backtest of these pairs with other values."""
        searched = [each.low for each in self.ranges if each.name == THRESHOLD]
        # The values in force are run as well, and may lie below all that is searched.
        own = self.strategy.confluence.medium_threshold
        return BacktestEvaluator(
            root=self.root,
            symbols=tuple(self.data),
            stretch=self.stretch,
            strategy_of=lambda values: tested_with(self.strategy, self.layers, values),
            lowest_threshold=min(own, *searched) if searched else None,
            life=self.life,
            replay_all=replay_all,
        )

    def studies(self, storage: BaseStorage) -> Callable[[Window], Study]:
        """Opens the study of a window."""
        return lambda window: OptunaStudy(
            storage, self._terms(window), now=wall_now, pause=lambda: sleep(_PAUSE_SECONDS)
        )

    def _terms(self, window: Window) -> StudyTerms:
        name = study_name(
            window,
            tested_with(self.strategy, self.layers, {}),
            self.ranges,
            data=self.data,
            least_trades=self.parameters.least_trades,
            version=VERSION,
        )
        return StudyTerms(
            name=name,
            ranges=self.ranges,
            budget=self.parameters.trials,
            seed=self.parameters.seed + window.number,
            lost_after=timedelta(minutes=self.parameters.lost_trial_minutes),
            first=start_of(self.ranges, searchable_numbers(self.strategy)),
        )


def prepare(
    strategy: Strategy,
    declared: WalkForwardParameters,
    search: SearchParameters,
    options: WalkForwardOptions,
) -> Prepared:
    """Cut the windows and check the ranges.

    Raises `ConfigurationError` for what cannot be, `InvalidDataError` for too short a history.
    """
    layers = parse_layers(options.layers)
    parameters = _parameters(declared, options)
    ranges = ranges_of(search, searchable_numbers(strategy))
    check_together(strategy, ranges)
    life = longest_life_of(strategy, ranges)
    stretch = _stretch(strategy, ranges, options, life)
    histories = _read(options, stretch)
    start, end = _decided(strategy, histories, options)
    candles_end = max(each.candles[Timeframe.M15].closed_at for each in histories.values())
    windows = followed_windows(windows_of(start, end, parameters, life), candles_end, life)
    return Prepared(
        strategy=strategy,
        layers=layers,
        parameters=parameters,
        ranges=ranges,
        root=options.root,
        stretch=stretch,
        data={symbol: digest_of(history) for symbol, history in histories.items()},
        life=life,
        windows=windows,
    )


def _parameters(
    declared: WalkForwardParameters, options: WalkForwardOptions
) -> WalkForwardParameters:
    """Those of the strategy file, with what the command line says instead."""
    said = {
        "trials": options.trials,
        "train_days": options.train_days,
        "test_days": options.test_days,
        "step_days": options.step_days or options.test_days,
        "seed": options.seed,
    }
    try:
        return replace(
            declared, **{name: value for name, value in said.items() if value is not None}
        )
    except ValueError as error:
        raise ConfigurationError(f"[walk_forward]: {error}") from None


def _stretch(
    strategy: Strategy,
    ranges: Sequence[SearchRange],
    options: WalkForwardOptions,
    life: timedelta,
) -> Stretch:
    """The candles that it takes, also to follow trades to their end; others may have gaps."""
    searched = (int(each.high) for each in ranges if each.name == _RETURNS)
    own = strategy.correlations
    longest = replace(own, returns=max((own.returns, *searched)))
    end = None if options.end is None else options.end + life + Timeframe.M15.length
    return Stretch.around(options.start, end, longest)


def _read(options: WalkForwardOptions, stretch: Stretch) -> dict[str, PairHistory]:
    histories = {}
    for symbol in select_pairs(options.root, options.pairs):
        try:
            histories[symbol] = read_history(options.root, symbol, stretch)
        except NotFoundError:
            # Of all pairs, some are younger than the period; one that was named should be there.
            if options.pairs != ALL_PAIRS:
                raise
    return histories


def _decided(
    strategy: Strategy, histories: Mapping[str, PairHistory], options: WalkForwardOptions
) -> tuple[datetime, datetime]:
    """From the first close that any pair can be decided on to the end of the period."""
    least = strategy.technical.minimum_candles
    return settle_period(histories, least, options.start, options.end)
