"""A study over Optuna's TPE sampler: in memory, or shared by several machines through a database.

J. Bergstra, R. Bardenet, Y. Bengio, B. Kégl, "Algorithms for Hyper-Parameter Optimization", NeurIPS
(2011) is the sampler.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

import optuna
from optuna.exceptions import DuplicatedStudyError, StorageInternalError
from optuna.samplers import TPESampler
from optuna.storages import BaseStorage
from optuna.trial import FrozenTrial, TrialState

from domain.errors import StorageUnavailableError
from engine.walk_forward.ranges import SearchRange
from engine.walk_forward.values import FinishedTrial, Trial, TrialOutcome, Values

_TRADES: Final = "trades"
_SHARPE: Final = "sharpe"
_SEED_STRIDE: Final = 1_000_003
"""A prime: seeds of trials of different studies hardly ever meet."""
_SEEDS: Final = 2**32
"""NumPy takes a seed of 32 bits; one beyond begins again at 0."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyTerms:
    """What a study is about. `name` must differ for different data, strategies and windows.

    `budget` counts the trials of all machines. `first` are values to be tried before any other.
    """

    name: str
    ranges: Sequence[SearchRange]
    budget: int
    seed: int
    lost_after: timedelta
    first: Values | None = None


@dataclass(slots=True)
class OptunaStudy:
    """A `Study` in a storage; every process that opens the same name works on the same trials.

    Each trial is sampled with a seed of its own, made of the study's and its number: machines never
    try the same twice, and one machine alone repeats its search exactly. `pause` waits a little.
    Raises `StorageUnavailableError` where the storage does not answer.
    """

    storage: BaseStorage
    terms: StudyTerms
    now: Callable[[], datetime]
    pause: Callable[[], None]
    _study: optuna.Study = field(init=False)
    _open: dict[int, optuna.Trial] = field(default_factory=dict, init=False)
    _first_seen: dict[int, datetime] = field(default_factory=dict, init=False)

    def __post_init__(self) -> None:
        _route_logging()
        with _translated():
            self._study = _open_study(self.storage, self.terms)

    def ask(self, most: int) -> list[Trial]:
        """The next trials, at most so many; none when the budget is spent and all have ended.

        While other machines still try the last ones this waits for them, so that all machines end
        with the same trials. One that has not ended after `lost_after` counts as lost with its
        machine, and is made up for.
        """
        with _translated():
            while not self._is_over():
                self._give_up_lost()
                if asked := self._claim(min(most, self._free())):
                    return asked
                self.pause()
        return []

    def tell(self, number: int, outcome: TrialOutcome) -> None:
        """What a trial of this process brought; too late an answer changes nothing."""
        trial = self._open.pop(number)
        with _translated():
            if self._state(number) is not TrialState.RUNNING:
                return
            trial.set_user_attr(_TRADES, outcome.trades)
            trial.set_user_attr(_SHARPE, outcome.sharpe)
            self._study.tell(trial, outcome.score, skip_if_finished=True)

    def list_finished(self) -> list[FinishedTrial]:
        """Every trial with an outcome, by number, whichever machine made it."""
        with _translated():
            return [_finished(trial) for trial in self._trials(TrialState.COMPLETE)]

    def _is_over(self) -> bool:
        return len(self._trials(TrialState.COMPLETE)) >= self.terms.budget

    def _free(self) -> int:
        return self.terms.budget - len(self._trials(TrialState.COMPLETE, TrialState.RUNNING))

    def _claim(self, count: int) -> list[Trial]:
        claims = (self._claim_one() for _ in range(count))
        return [claimed for claimed in claims if claimed is not None]

    def _claim_one(self) -> Trial | None:
        """A trial of ours, or none where other machines took the last places meanwhile."""
        trial = self._study.ask()
        if self._taken_before(trial.number) >= self.terms.budget:
            self._study.tell(trial, state=TrialState.FAIL)
            return None
        seed = (self.terms.seed * _SEED_STRIDE + trial.number) % _SEEDS
        self._study.sampler = _sampler(seed)
        values = {each.name: _suggest(trial, each) for each in self.terms.ranges}
        self._open[trial.number] = trial
        return Trial(number=trial.number, values=values)

    def _taken_before(self, number: int) -> int:
        taken = self._trials(TrialState.COMPLETE, TrialState.RUNNING)
        return sum(trial.number < number for trial in taken)

    def _give_up_lost(self) -> None:
        for trial in self._trials(TrialState.RUNNING):
            first_seen = self._first_seen.setdefault(trial.number, self.now())
            if self.now() - first_seen >= self.terms.lost_after:
                self._study.tell(trial.number, state=TrialState.FAIL, skip_if_finished=True)

    def _state(self, number: int) -> TrialState:
        return self._study.get_trials(deepcopy=False)[number].state

    def _trials(self, *states: TrialState) -> list[FrozenTrial]:
        return self._study.get_trials(deepcopy=False, states=states)


def _open_study(storage: BaseStorage, terms: StudyTerms) -> optuna.Study:
    sampler = _sampler(terms.seed)
    try:
        study = optuna.create_study(
            storage=storage, sampler=sampler, study_name=terms.name, direction="maximize"
        )
    except DuplicatedStudyError:
        return optuna.load_study(storage=storage, sampler=sampler, study_name=terms.name)
    if terms.first is not None:
        study.enqueue_trial(dict(terms.first))
    return study


def _sampler(seed: int) -> TPESampler:
    return TPESampler(seed=seed, multivariate=False)


def _suggest(trial: optuna.Trial, searched: SearchRange) -> float | int:
    if searched.is_whole:
        return _suggest_whole(trial, searched)
    return trial.suggest_float(
        searched.name, searched.low, searched.high, step=searched.step, log=searched.is_log
    )


def _suggest_whole(trial: optuna.Trial, searched: SearchRange) -> int:
    low, high, step = int(searched.low), int(searched.high), int(searched.step or 1)
    return trial.suggest_int(searched.name, low, high, step=step, log=searched.is_log)


def _finished(trial: FrozenTrial) -> FinishedTrial:
    attributes: dict[str, Any] = trial.user_attrs
    outcome = TrialOutcome(
        score=float(trial.values[0]), trades=attributes[_TRADES], sharpe=attributes[_SHARPE]
    )
    return FinishedTrial(number=trial.number, values=dict(trial.params), outcome=outcome)


def _route_logging() -> None:
    """Optuna writes to standard error by itself; its warnings belong into the log of the house."""
    optuna.logging.disable_default_handler()
    optuna.logging.enable_propagation()
    optuna.logging.set_verbosity(optuna.logging.WARNING)


@contextmanager
def _translated() -> Iterator[None]:
    try:
        yield
    except StorageInternalError as error:
        raise StorageUnavailableError(
            f"the storage of the study does not answer ({type(error.__cause__).__name__}); what "
            "was tried is kept: start again with the same --storage to go on"
        ) from None
