"""A worker that takes a trial and never ends it; to be killed."""

import sys
from datetime import timedelta
from threading import Event

from engine.walk_forward.ranges import SearchRange
from research.optuna_study import OptunaStudy, StudyTerms
from research.study_storage import study_storage
from tests.builders.walk_forward import day


def hold_a_trial(url: str) -> None:
    """Take one, say so, and wait for the end."""
    terms = StudyTerms(
        name="shared",
        ranges=(SearchRange(name="a.level", low=0.0, high=10.0),),
        budget=8,
        seed=7,
        lost_after=timedelta(minutes=5),
    )
    with study_storage(url) as storage:
        OptunaStudy(storage, terms, now=lambda: day(0), pause=lambda: None).ask(1)
        sys.stdout.write("holding\n")
        sys.stdout.flush()
        Event().wait()


if __name__ == "__main__":
    hold_a_trial(sys.argv[1])
