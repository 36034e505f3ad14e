"""When rounds happen, and how often the process dies, changes no outcome of a shadow."""

import random
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.directions import Direction
from domain.errors import StorageUnavailableError, TemporaryVenueError
from domain.shadows import FollowedShadow
from domain.signals import Course
from engine.shadows import as_signal
from tests.builders.signals import PUBLISHED_AT
from tests.unit.engine.downtime import GIVEN_UP, MINUTES, walk
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.minutes import follow, make_minutes
from tests.unit.engine.shadowing import Shadowing, round_shadow

PAIRS = ("SOL", "ETH")


@dataclass(frozen=True, kw_only=True)
class Life:
    """Some rounds of one process, minutes apart; it may fail at a step of its storage."""

    rounds: list[int]
    fails_at: int | None
    silent: str | None


LIVES = st.lists(
    st.builds(
        Life,
        rounds=st.lists(st.integers(0, 30), min_size=1, max_size=6),
        fails_at=st.none() | st.integers(0, 6),
        silent=st.none() | st.sampled_from(PAIRS),
    ),
    max_size=6,
)


def some_shadows(seed: int) -> list[FollowedShadow]:
    """In both directions, decided on at different times, two and more on a pair."""
    generator = random.Random(seed)
    return [
        round_shadow(
            number,
            generator.choice(PAIRS),
            generator.choice(list(Direction)),
            PUBLISHED_AT + timedelta(seconds=generator.choice((0, 0, 30, 75))),
        )
        for number in range(1, 6)
    ]


async def interrupted(seed: int, lives: list[Life]) -> dict[int, Course]:
    bench = Shadowing()
    await bench.keep(*some_shadows(seed))
    for number, base in enumerate(PAIRS):
        bench.goes(base, walk(seed + number))
    minute = 0
    for life in lives:
        silence = {} if life.silent is None else {f"{life.silent}USDT": TemporaryVenueError("?")}
        bench.feed.failures = dict(silence)
        follower = bench.new_follower(FailingStorage(bench.storage, life.fails_at).storage)
        for away in life.rounds:
            minute = min(minute + away, MINUTES)
            bench.minutes_later(minute)
            with suppress(StorageUnavailableError):
                await follower()
    bench.feed.failures = {}
    bench.minutes_later(GIVEN_UP)
    await bench.new_follower()()
    return await bench.courses()


@settings(max_examples=60)
@given(seed=st.integers(0, 2**32), lives=LIVES)
async def test_rounds_and_restarts_change_no_outcome(seed: int, lives: list[Life]) -> None:
    courses = await interrupted(seed, lives)
    assert courses == await interrupted(seed, [])
    for followed in some_shadows(seed):
        base = followed.shadow.instrument.base
        path = make_minutes(walk(seed + PAIRS.index(base)))
        first = 1 if followed.shadow.decided_at.minute else 0
        expected, _ = follow(as_signal(followed.shadow), path[first:])
        assert not expected.state.is_final or courses[followed.shadow.id] == expected
        assert courses[followed.shadow.id].state.is_final
