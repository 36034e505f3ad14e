"""Wherever the process is killed, and however long it was away: the course is the same."""

import random
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from domain.directions import Direction
from domain.errors import StorageUnavailableError
from domain.ledger import EntryKind
from domain.messages import OutgoingMessage
from domain.signals import Course
from engine.ledger import parse_content
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.following import Following
from tests.unit.engine.kept import look_into
from tests.unit.engine.minutes import Gains

MINUTES = 140
"""Longer than any signal lives: 15 minutes to its entry, then two hours."""


@dataclass(frozen=True)
class Story:
    """All that may not depend on when rounds happened, signal by signal."""

    courses: list[Course]
    outcomes: list[dict[str, Any]]
    messages: list[list[OutgoingMessage]]


def walk(seed: int) -> list[Gains]:
    generator, close, path = random.Random(seed), 0.3, list[Gains]()
    for _ in range(MINUTES):
        start = close
        close = max(-40.0, min(40.0, start + generator.gauss(0, 0.6)))
        up, down = (abs(generator.gauss(0, 0.3)) for _ in range(2))
        path.append((start, max(start, close) + up, min(start, close) - down, close))
    return path


async def two_signals(seed: int) -> Following:
    bench = Following()
    await bench.publish(walk(seed), base="SOL")
    await bench.publish(walk(seed + 1), base="ETH", direction=Direction.SHORT)
    return bench


async def told(bench: Following) -> Story:
    kept = await look_into(bench.storage)
    outcomes = [parse_content(e) for e in kept.ledger if e.kind is EntryKind.OUTCOME]
    return Story(
        courses=[followed.course for followed in kept.signals],
        outcomes=sorted((dict(each) for each in outcomes), key=lambda each: each["signal"]),
        messages=[
            [m for m in kept.messages if m.key.split(":")[1] == str(each.signal.id)]
            for each in kept.signals
        ],
    )


async def uninterrupted(seed: int) -> Story:
    bench = await two_signals(seed)
    for minute in range(1, MINUTES + 1):
        await bench.after(minute)
    return await told(bench)


@settings(max_examples=40)
@given(
    seed=st.integers(0, 2**32),
    rounds=st.lists(
        st.tuples(st.integers(1, 40), st.none() | st.integers(0, 12)), min_size=1, max_size=12
    ),
)
async def test_kills_and_downtime_change_nothing(
    seed: int, rounds: list[tuple[int, int | None]]
) -> None:
    bench = await two_signals(seed)
    minute = 0
    for away, killed_at in rounds:
        minute = min(minute + away, MINUTES)
        bench.minutes_later(minute)
        with suppress(StorageUnavailableError):
            await bench.new_follower(FailingStorage(bench.storage, killed_at).storage)()
    bench.minutes_later(MINUTES)
    await bench.new_follower()()
    story = await told(bench)
    assert story == await uninterrupted(seed)
    assert all(course.state.is_final for course in story.courses)
    assert [outcome["signal"] for outcome in story.outcomes] == [1, 2]
