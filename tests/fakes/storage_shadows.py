"""Decisions that were not sent, in memory."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from domain.errors import NotFoundError
from domain.shadows import FollowedShadow
from domain.signals import Course
from engine.ports.storage import ShadowResult
from tests.fakes.storage_transaction import MemoryTransaction, to_utc


class InMemoryShadows:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def next_id(self) -> int:
        return max(self._transaction.seen.shadows, default=0) + 1

    async def add(self, shadows: Sequence[FollowedShadow]) -> None:
        if not shadows:
            return
        kept = await self._transaction.writable()
        for followed in shadows:
            to_utc(followed.shadow.decided_at)
            if followed.shadow.id in kept.shadows:
                raise self._transaction.refuse(f"shadow {followed.shadow.id} is there already")
            kept.shadows[followed.shadow.id] = followed

    async def save_courses(self, courses: Mapping[int, Course]) -> None:
        if not courses:
            return
        kept = await self._transaction.writable()
        if missing := sorted(courses.keys() - kept.shadows.keys()):
            raise NotFoundError(f"there are no shadows {missing}")
        for shadow_id, course in courses.items():
            kept.shadows[shadow_id] = replace(kept.shadows[shadow_id], course=course)

    async def list_live(self) -> list[FollowedShadow]:
        shadows = self._transaction.seen.shadows.values()
        live = [each for each in shadows if not each.course.state.is_final]
        return sorted(live, key=lambda each: (each.shadow.decided_at, each.shadow.id))

    async def list_ended_between(self, start: datetime, end: datetime) -> list[FollowedShadow]:
        ended = [
            (each.course.ended_at, each.shadow.id, each)
            for each in self._transaction.seen.shadows.values()
            if each.course.ended_at is not None and start <= each.course.ended_at < end
        ]
        return [each for *_, each in sorted(ended, key=lambda item: item[:2])]

    async def list_results_between(self, start: datetime, end: datetime) -> list[ShadowResult]:
        return [
            ShadowResult(
                rules=each.shadow.rules,
                was_entered=each.course.triggered_at is not None,
                realised_r=each.course.realised_r,
            )
            for each in await self.list_ended_between(start, end)
        ]
