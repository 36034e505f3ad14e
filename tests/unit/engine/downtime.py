"""Trackers that die and come back, and everything that may not depend on it."""

import random
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, cast

from domain.directions import Direction
from domain.errors import StorageUnavailableError
from domain.ledger import EntryKind
from domain.messages import OutgoingMessage
from domain.signals import Course
from engine.ledger import parse_content
from engine.ports.storage import Storage
from tests.fakes.storage import InMemoryStorage
from tests.unit.engine.failing_storage import FailingStorage
from tests.unit.engine.following import Following
from tests.unit.engine.kept import look_into
from tests.unit.engine.minutes import Gains

MINUTES = 140
"""Longer than any signal lives: 15 minutes to its entry, then two hours."""

GIVEN_UP = 27 * 60
"""Minutes after which a signal without candles is given up."""


@dataclass(frozen=True, kw_only=True)
class Life:
    """One life of a tracker: a round so many minutes after the last one, and maybe its end in it.

    It dies at a step of the storage, with that step done or not, or lives to the end of the round.
    """

    away: int
    dies_at: int | None
    is_late: bool


@dataclass(frozen=True)
class Story:
    """What was stored and told, in order; not when."""

    courses: list[Course]
    record: list[tuple[EntryKind, dict[str, Any]]]
    messages: list[OutgoingMessage]


def walk(seed: int) -> list[Gains]:
    """A random path with halts: minutes without trades, and a gap after them."""
    generator, close, path = random.Random(seed), 0.3, list[Gains]()
    swing, drift = generator.choice((0.1, 0.6)), generator.choice((-0.05, 0.0, 0.1))
    while len(path) < MINUTES:
        start = close
        if generator.random() < 0.03:
            path += [(close, close, close, close)] * generator.randint(1, 40)
            start = close + generator.gauss(0, 1.5)
        close = max(-40.0, min(40.0, start + generator.gauss(drift, swing)))
        up, down = (abs(generator.gauss(0, swing / 2)) for _ in range(2))
        path.append((start, max(start, close) + up, min(start, close) - down, close))
    return path[:MINUTES]


async def publish_signals(seed: int, storage: Storage | None = None) -> Following:
    """Three signals; of the last one's pair there are no candles any more after a while."""
    # Any storage does: the bench uses nothing but the port.
    bench = Following(cast("InMemoryStorage", storage or InMemoryStorage()))
    await bench.publish(walk(seed), base="SOL")
    await bench.publish(walk(seed + 1), base="ETH", direction=Direction.SHORT)
    await bench.publish(walk(seed + 2)[: seed % 60], base="XRP")
    return bench


async def uninterrupted(seed: int) -> Story:
    """The story of a tracker that looks each minute and never dies."""
    bench = await publish_signals(seed)
    for minute in [*range(1, MINUTES + 1), *range(MINUTES, GIVEN_UP + 60, 60)]:
        await bench.after(minute)
    return await told(bench)


async def interrupted(bench: Following, lives: Sequence[Life]) -> Story:
    """The story of trackers that die, and of a last one that comes when all is over."""
    minute = 0
    for life in lives:
        minute = min(minute + life.away, MINUTES)
        bench.minutes_later(minute)
        dying = FailingStorage(bench.storage, life.dies_at, is_late=life.is_late)
        with suppress(StorageUnavailableError):
            await bench.new_follower(dying.storage)()
    bench.minutes_later(GIVEN_UP)
    await bench.new_follower()()
    return await told(bench)


async def told(bench: Following) -> Story:
    """What is stored; the chain of the ledger holds."""
    kept = await look_into(bench.storage)
    return Story(
        courses=[followed.course for followed in kept.signals],
        record=[(entry.kind, dict(parse_content(entry))) for entry in kept.ledger],
        messages=kept.messages,
    )
