"""Several machines on one study, in a file of SQLite and in a real PostgreSQL."""

import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from optuna.storages import BaseStorage

from engine.walk_forward.ranges import SearchRange
from engine.walk_forward.values import TrialOutcome, Values
from research.optuna_study import OptunaStudy, StudyTerms
from research.study_storage import study_storage
from tests.builders.walk_forward import day
from tests.servers.databases import BACKENDS, POSTGRESQL
from tests.servers.postgres import fresh_database

TERMS = StudyTerms(
    name="shared",
    ranges=(SearchRange(name="a.level", low=0.0, high=10.0),),
    budget=8,
    seed=7,
    lost_after=timedelta(minutes=5),
)


@pytest.fixture(params=BACKENDS)
async def url(
    request: pytest.FixtureRequest, postgres_url: str, tmp_path: Path
) -> AsyncIterator[str]:
    """Of a database without a table."""
    if request.param == POSTGRESQL:
        async with fresh_database(postgres_url) as address:
            yield address
    else:
        yield f"sqlite:///{tmp_path / 'studies.sqlite'}"


@pytest.fixture
def storages(url: str) -> Iterator[Callable[[], BaseStorage]]:
    """Gives each machine a storage of its own, all of them behind one URL."""
    with ExitStack() as stack:
        yield lambda: stack.enter_context(study_storage(url))


def open_machine(
    storage: BaseStorage, now: Callable[[], datetime] = lambda: day(0), terms: StudyTerms = TERMS
) -> OptunaStudy:
    return OptunaStudy(storage, terms, now=now, pause=lambda: None)


def work(study: OptunaStudy) -> list[Values]:
    """Try one after the other until the budget of all machines is spent."""
    tried = []
    while trials := study.ask(1):
        tried.append(trials[0].values)
        outcome = TrialOutcome(score=trials[0].values["a.level"], trades=30, sharpe=0.1)
        study.tell(trials[0].number, outcome)
    return tried


def test_two_machines_share_trials_and_stop_at_the_budget_together(
    storages: Callable[[], BaseStorage],
) -> None:
    machines = [open_machine(storages()), open_machine(storages())]
    with ThreadPoolExecutor(2) as threads:
        one, other = threads.map(work, machines)
    assert len(one) + len(other) == TERMS.budget
    assert len({values["a.level"] for values in (*one, *other)}) == TERMS.budget
    assert machines[0].list_finished() == machines[1].list_finished()
    assert len(machines[0].list_finished()) == TERMS.budget


def test_studies_of_other_data_never_meet(storages: Callable[[], BaseStorage]) -> None:
    storage = storages()
    work(open_machine(storage))
    other = replace(TERMS, name="other data", budget=3)
    assert len(work(open_machine(storage, terms=other))) == 3


def test_the_trial_of_a_killed_worker_does_not_block(
    url: str, storages: Callable[[], BaseStorage]
) -> None:
    storage = storages()
    open_machine(storage)
    command = [sys.executable, "-m", "tests.contract.research.killed_worker", url]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as worker:
        assert worker.stdout is not None
        assert worker.stdout.readline() == "holding\n"
        worker.kill()
    times = (day(0) + timedelta(minutes=minute) for minute in range(10_000))
    survivor = open_machine(storage, now=lambda: next(times))
    assert len(work(survivor)) == TERMS.budget
    assert len(survivor.list_finished()) == TERMS.budget
