"""Deleting what is old: how long each kind is kept, in which order, a little at a time."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from types import TracebackType
from typing import Self

import pytest

from engine.ports.retention import History, Pruned
from engine.retention import PruneHistory, RetentionParameters
from tests.fakes.clock import AFTERNOON, HandClock

DAY = timedelta(days=1)


@dataclass(slots=True)
class HandRetention:
    """Rows are instants; also the unit of work that holds it, and what opens one."""

    rows: dict[History, list[datetime]]
    asked: list[History] = field(default_factory=list)
    commits: int = 0

    @property
    def retention(self) -> "HandRetention":
        return self

    async def prune(
        self, history: History, *, after: datetime | None, before: datetime, limit: int
    ) -> Pruned:
        self.asked.append(history)
        kept = self.rows.get(history, [])
        old = sorted(at for at in kept if (after is None or at >= after) and at < before)[:limit]
        self.rows[history] = [at for at in kept if at not in old]
        return Pruned(rows=len(old), until=old[-1] if old else None)

    async def commit(self) -> None:
        self.commits += 1

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        return None


def days_old(*days: float) -> list[datetime]:
    return [AFTERNOON - each * DAY for each in days]


@dataclass(slots=True)
class Room:
    """A pruner over rows, and how often it paused."""

    kept: HandRetention
    parameters: RetentionParameters
    pauses: int = 0

    async def pause(self) -> None:
        self.pauses += 1

    async def prune(self) -> dict[History, int]:
        pruner = PruneHistory(
            storage=lambda: self.kept,
            clock=HandClock(),
            parameters=self.parameters,
            pause=self.pause,
        )
        return await pruner()


def room(rows: dict[History, Sequence[datetime]], *, batch_rows: int = 200) -> Room:
    kept = HandRetention({history: list(each) for history, each in rows.items()})
    return Room(kept, RetentionParameters(batch_rows=batch_rows))


async def test_each_kind_is_kept_for_its_own_time() -> None:
    both = days_old(89, 91)
    there = room({History.DECISIONS: both, History.SHADOWS: both, History.MESSAGES: both})
    assert await there.prune() == {History.DECISIONS: 1, History.MESSAGES: 1}
    assert there.kept.rows[History.DECISIONS] == days_old(89)
    assert there.kept.rows[History.SHADOWS] == both


async def test_a_row_of_just_that_age_stays() -> None:
    there = room({History.DECISIONS: days_old(90)})
    assert await there.prune() == {}


async def test_shadows_go_before_the_decisions_they_hold_on_to() -> None:
    there = room({})
    await there.prune()
    assert there.kept.asked[0] is History.SHADOWS
    assert sorted(there.kept.asked) == sorted(History)


async def test_many_rows_go_in_batches_with_a_pause_after_each() -> None:
    there = room({History.SENTIMENT: days_old(*range(400, 407))}, batch_rows=3)
    assert await there.prune() == {History.SENTIMENT: 7}
    assert there.pauses == 2
    assert there.kept.commits == len(there.kept.asked) == len(History) + 2


def test_every_kind_has_a_time() -> None:
    assert set(RetentionParameters().keep) == set(History)


@pytest.mark.parametrize(
    ("name", "days"),
    [("decisions_days", 62), ("shadows_days", 365), ("messages_days", 62), ("transfers_days", 8)],
)
def test_what_others_still_read_can_not_be_set_to_go(name: str, days: int) -> None:
    with pytest.raises(ValueError, match=name):
        RetentionParameters(**{name: days})
