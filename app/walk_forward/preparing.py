"""All that a walk-forward optimisation is made of, from what was asked and what is stored."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from time import sleep
from typing import Final

from optuna.storages import BaseStorage

from app.backtest.digests import digest_of
from app.backtest.scoring import read_history
from app.backtest.selection import select_pairs, settle_period
from app.backtest.strategies import parse_layers
from app.clock import wall_now
from app.settings.strategy import Strategy
from app.version import VERSION
from app.walk_forward.evaluating import THRESHOLD, BacktestEvaluator, ReplayAll
from app.walk_forward.strategies import longest_life_of, searchable_numbers, tested_with
from domain.errors import ConfigurationError
from domain.evidence import LayerName
from engine.backtest.values import PairHistory
from engine.walk_forward.identity import study_name
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.ports import Study
from engine.walk_forward.ranges import SearchParameters, SearchRange, ranges_of, start_of
from engine.walk_forward.values import Window
from engine.walk_forward.windows import windows_of
from research.optuna_study import OptunaStudy, StudyTerms

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
    data: Mapping[str, str]
    life: timedelta
    windows: tuple[Window, ...]

    def evaluator(self, replay_all: ReplayAll) -> BacktestEvaluator:
        """The backtest of these pairs with other values."""
        lowest = {each.name: each.low for each in self.ranges}.get(THRESHOLD)
        return BacktestEvaluator(
            root=self.root,
            symbols=tuple(self.data),
            strategy_of=lambda values: tested_with(self.strategy, self.layers, values),
            lowest_threshold=lowest,
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
    life = longest_life_of(strategy, ranges)
    symbols = select_pairs(options.root, options.pairs)
    histories = {symbol: read_history(options.root, symbol) for symbol in symbols}
    start, end = _decided(strategy, histories, options)
    return Prepared(
        strategy=strategy,
        layers=layers,
        parameters=parameters,
        ranges=ranges,
        root=options.root,
        data={symbol: digest_of(history) for symbol, history in histories.items()},
        life=life,
        windows=windows_of(start, end, parameters, life),
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


def _decided(
    strategy: Strategy, histories: Mapping[str, PairHistory], options: WalkForwardOptions
) -> tuple[datetime, datetime]:
    """From the first close that any pair can be decided on to the end of the period."""
    least = strategy.technical.minimum_candles
    return settle_period(histories, least, options.start, options.end)
