"""The study over Optuna: seeded, budgeted, silent, and never in somebody else's database."""

import logging
from dataclasses import fields
from datetime import timedelta
from pathlib import Path

import pytest
from optuna.storages import BaseStorage, InMemoryStorage
from sqlalchemy import create_engine, text

from domain.errors import ConfigurationError, StorageUnavailableError
from engine.walk_forward.parameters import WalkForwardParameters
from engine.walk_forward.ranges import SearchRange
from engine.walk_forward.values import TrialOutcome, Values
from research.optuna_study import OptunaStudy, StudyTerms
from research.study_storage import study_storage
from tests.builders.walk_forward import day

RANGES = (
    SearchRange(name="a.level", low=0.0, high=10.0),
    SearchRange(name="a.stop", low=1.0, high=3.0, step=0.1),
    SearchRange(name="a.ratio", low=0.1, high=10.0, is_log=True),
    SearchRange(name="a.candles", low=4.0, high=16.0, is_whole=True),
)


def open_study(
    storage: BaseStorage, *, budget: int = 12, seed: int = 7, first: Values | None = None
) -> OptunaStudy:
    terms = StudyTerms(
        name="a study",
        ranges=RANGES,
        budget=budget,
        seed=seed,
        lost_after=timedelta(minutes=5),
        first=first,
    )
    return OptunaStudy(storage, terms, now=lambda: day(0), pause=lambda: None)


def work(study: OptunaStudy, most: int = 2) -> list[Values]:
    """Try until the budget is spent; the best is near a level of 6."""
    tried = []
    while trials := study.ask(most):
        for trial in trials:
            tried.append(trial.values)
            score = -abs(trial.values["a.level"] - 6.0)
            study.tell(trial.number, TrialOutcome(score=score, trades=31, sharpe=None))
    return tried


def test_values_stay_in_their_ranges_and_kinds() -> None:
    for values in work(open_study(InMemoryStorage())):
        assert 0.0 <= values["a.level"] <= 10.0
        assert values["a.stop"] * 10 == pytest.approx(round(values["a.stop"] * 10))
        assert 0.1 <= values["a.ratio"] <= 10.0
        assert isinstance(values["a.candles"], int)
        assert 4 <= values["a.candles"] <= 16


def test_no_two_trials_are_the_same() -> None:
    tried = work(open_study(InMemoryStorage()))
    assert len({values["a.level"] for values in tried}) == len(tried)


def test_the_same_seed_repeats_the_search_and_another_does_not() -> None:
    one, again, other = (work(open_study(InMemoryStorage(), seed=seed)) for seed in (7, 7, 8))
    assert one == again
    assert one != other


def test_the_highest_seed_that_may_be_set_is_searched_with() -> None:
    declared = {each.name: each.metadata["high"] for each in fields(WalkForwardParameters)}
    # The window's number is added to it.
    highest = declared["seed"] + 100
    one, again = (work(open_study(InMemoryStorage(), seed=highest)) for _ in range(2))
    assert len(one) == 12
    assert one == again


def test_the_first_values_are_tried_before_any_other() -> None:
    first: Values = {"a.level": 5.5, "a.stop": 1.5, "a.ratio": 1.0, "a.candles": 8}
    tried = work(open_study(InMemoryStorage(), first=first))
    assert tried[0] == first
    assert len(tried) == 12


def test_what_was_tried_is_told_with_its_outcome() -> None:
    study = open_study(InMemoryStorage(), budget=3)
    tried = work(study)
    finished = study.list_finished()
    assert [trial.values for trial in finished] == tried
    assert [trial.number for trial in finished] == [0, 1, 2]
    assert finished[0].outcome.trades == 31
    assert finished[0].outcome.sharpe is None


def test_the_search_closes_in_on_what_is_good() -> None:
    tried = work(open_study(InMemoryStorage(), budget=60))
    late = [abs(values["a.level"] - 6.0) for values in tried[-20:]]
    early = [abs(values["a.level"] - 6.0) for values in tried[:10]]
    assert sum(late) / 20 < sum(early) / 10


def test_a_study_in_a_file_goes_on_where_it_was_left(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'studies.sqlite'}"
    with study_storage(url) as storage:
        half = open_study(storage)
        for trial in half.ask(5):
            half.tell(trial.number, TrialOutcome(score=1.0, trades=30, sharpe=0.1))
    with study_storage(url) as storage:
        assert len(work(open_study(storage))) == 7
        assert open_study(storage).ask(1) == []


def test_optuna_says_nothing_by_itself(capfd: pytest.CaptureFixture[str]) -> None:
    work(open_study(InMemoryStorage()))
    written = capfd.readouterr()
    assert written.out == written.err == ""
    assert logging.getLogger("optuna").propagate
    # Pytest adds handlers of its own kinds to every logger.
    kinds = {type(handler) for handler in logging.getLogger("optuna").handlers}
    assert logging.StreamHandler not in kinds


@pytest.mark.parametrize(
    "url", ["studies.sqlite", "mysql://somewhere/studies", "postgresql://somewhere"]
)
def test_a_url_that_is_none_is_refused(url: str) -> None:
    with pytest.raises(ConfigurationError, match="--storage"), study_storage(url):
        pass


def test_a_server_that_is_away_is_one_clear_error_without_the_password() -> None:
    url = "postgresql://quant:hush-hush@127.0.0.1:1/studies"
    with (
        pytest.raises(StorageUnavailableError, match="does not answer") as refused,
        study_storage(url),
    ):
        pass
    assert "hush-hush" not in str(refused.value)
    assert refused.value.__cause__ is None


def test_the_database_of_the_bot_is_refused(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'quorum.sqlite'}"
    engine = create_engine(url)
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE alembic_version (version_num TEXT)"))
    engine.dispose()
    with pytest.raises(ConfigurationError, match="belongs to something else"), study_storage(url):
        pass


def test_too_late_an_answer_changes_nothing() -> None:
    storage = InMemoryStorage()
    times = (day(0) + timedelta(minutes=minute) for minute in range(0, 600, 3))
    slow = open_study(storage, budget=1)
    (trial,) = slow.ask(1)
    waiting = OptunaStudy(storage, slow.terms, now=lambda: next(times), pause=lambda: None)
    (made_up_for,) = waiting.ask(1)
    slow.tell(trial.number, TrialOutcome(score=9.0, trades=30, sharpe=0.1))
    waiting.tell(made_up_for.number, TrialOutcome(score=1.0, trades=30, sharpe=0.1))
    assert [each.outcome.score for each in waiting.list_finished()] == [1.0]
