"""Use case: begin to follow what a round of decisions did not send."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.errors import ConflictError, StorageUnavailableError
from domain.market import MarketSnapshot
from domain.shadows import FollowedShadow
from engine.ports.storage import DecisionRecord, Storage
from engine.redo import redo_on_conflict
from engine.shadows import ShadowRules, begin_shadows, choose_unsent


@dataclass(frozen=True, slots=True, kw_only=True)
class NotedShadows:
    """What a round of decisions left to follow; `problem` says why nothing could be stored."""

    begun: tuple[FollowedShadow, ...] = ()
    problem: str | None = None


class NoteShadows:
    """Begins shadows in a transaction of their own, after the signals of a round are stored.

    What a process does not live to note is not followed: a round's shadows, never its signals.
    """

    def __init__(self, *, storage: Storage, rules: ShadowRules) -> None:
        self._storage = storage
        self._rules = rules

    async def __call__(
        self,
        records: Sequence[DecisionRecord],
        snapshots: Mapping[str, MarketSnapshot],
        *,
        at: datetime,
    ) -> NotedShadows:
        """Take the records of a round and, by symbol, the snapshots that were decided on.

        `at` is when the round was decided: noting may wait until its signals are on their way. A
        storage that fails is told, not raised: whatever comes after must not suffer from it.
        """

        async def note() -> tuple[FollowedShadow, ...]:
            return await self._note(records, snapshots, at)

        try:
            return NotedShadows(begun=await redo_on_conflict(note))
        except (ConflictError, StorageUnavailableError) as error:
            return NotedShadows(problem=str(error))

    async def _note(
        self,
        records: Sequence[DecisionRecord],
        snapshots: Mapping[str, MarketSnapshot],
        at: datetime,
    ) -> tuple[FollowedShadow, ...]:
        async with self._storage() as unit:
            shadows, signals = await unit.shadows.list_live(), await unit.signals.list_live()
            chosen = choose_unsent(records, shadows, signals, at, self._rules.shadows)
            first_id = await unit.shadows.next_id()
            begun = begin_shadows(chosen, snapshots, first_id=first_id, at=at, rules=self._rules)
            await unit.shadows.add(begun)
            await unit.commit()
        return tuple(begun)
