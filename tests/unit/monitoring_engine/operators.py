"""Somebody to be told: admins behind an outbox, a notifier that fails on demand."""

import asyncio
from collections.abc import Sequence
from typing import Self

from domain.access import Role
from domain.errors import NotifyingError, StorageUnavailableError
from engine.monitoring.digest_values import Digest
from engine.monitoring.notice_parameters import NoticeParameters
from engine.monitoring.telling import TellOperators
from engine.monitoring.values import Notice
from engine.ports.storage import OutboxRow, UnitOfWork
from tests.fakes.clock import HandClock
from tests.fakes.storage import InMemoryStorage, InMemoryUnitOfWork

ADMINS = (11, 22)


class BriefPresenter:
    """Says just enough to be told apart."""

    def notices(self, notices: Sequence[Notice]) -> str:
        return "; ".join(told(notice) for notice in notices)

    def digest(self, digest: Digest) -> str:
        return f"<b>{digest.day}</b>"

    def digest_in_words(self, digest: Digest) -> str:
        return f"{digest.day}"


def told(notice: Notice) -> str:
    return f"{notice.subject} {'over' if notice.is_resolved else notice.severity}"


class _Breaking(InMemoryUnitOfWork):
    """Takes everything, and breaks before it can say so."""

    async def commit(self) -> None:
        await super().commit()
        raise StorageUnavailableError("the connection broke")


class MovingStorage:
    """A storage that can go away, before it takes anything or right after it took it."""

    def __init__(self) -> None:
        self.kept = InMemoryStorage()
        self.is_away = False
        self.forgets_to_answer = False

    def __call__(self) -> UnitOfWork:
        if self.is_away:
            raise StorageUnavailableError("no connection")
        unit = _Breaking(self.kept()._transaction) if self.forgets_to_answer else self.kept()
        self.forgets_to_answer = False
        return unit

    async def rows(self, prefix: str = "") -> list[OutboxRow]:
        async with self.kept() as unit:
            return await unit.outbox.list_put_since(
                HandClock().now().replace(year=2000), prefix=prefix
            )

    async def texts(self, admin: int = ADMINS[0]) -> list[str]:
        rows = await self.rows()
        return [row.message.text for row in rows if row.message.recipient == str(admin)]


class FailingNotifier:
    """Takes messages, or fails as often as it is told to."""

    def __init__(self) -> None:
        self.taken: list[list[str]] = []
        self.attempted_at: list[float] = []
        self.failures: list[Exception] = []
        self.hangs = False

    async def send(self, notices: Sequence[Notice]) -> None:
        self.attempted_at.append(asyncio.get_running_loop().time())
        if self.hangs:
            await asyncio.Event().wait()
        if self.failures:
            raise self.failures.pop(0)
        self.taken.append([told(notice) for notice in notices])

    def fail(self, times: int) -> None:
        self.failures = [NotifyingError("no channel took it")] * times


class Room:
    """Everything at hand; `wakes` counts how often the delivery was woken."""

    def __init__(
        self,
        clock: HandClock,
        *,
        storage: MovingStorage | None = None,
        parameters: NoticeParameters | None = None,
        has_notifier: bool = True,
    ) -> None:
        self.clock = clock
        self.storage = storage or MovingStorage()
        self.notifier = FailingNotifier()
        self.wakes = 0
        self.operators = TellOperators(
            storage=self.storage,
            presenter=BriefPresenter(),
            notifier=self.notifier if has_notifier else None,
            clock=clock,
            parameters=parameters or NoticeParameters(),
            on_wake=self._wake,
        )

    def _wake(self) -> None:
        self.wakes += 1

    async def add_admins(self) -> Self:
        async with self.storage.kept() as unit:
            for admin in ADMINS:
                await unit.users.grant(admin, Role.ADMIN, at=self.clock.now(), how="test")
            await unit.commit()
        return self

    async def run_for(self, seconds: float) -> None:
        """Let the task run for so many seconds of the loop, and cancel it."""
        try:
            async with asyncio.timeout(seconds):
                await self.operators.run()
        except TimeoutError:
            return
