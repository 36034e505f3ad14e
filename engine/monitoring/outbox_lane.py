"""The way of notices to Telegram: through the outbox, into the private chat of every admin."""

import asyncio
import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Final

from domain.access import Role
from domain.errors import QuorumError
from domain.messages import OutgoingMessage
from engine.execution.desk.pauses import Pauses
from engine.monitoring.backlog import Backlog
from engine.monitoring.lasting import Lasting
from engine.monitoring.notice_keys import PREFIX, notice_key, told_by
from engine.monitoring.notice_parameters import NoticeParameters
from engine.monitoring.values import Notice
from engine.ports.clock import Clock
from engine.ports.presenting import OperatorPresenter
from engine.ports.storage import Storage

_log = logging.getLogger(__name__)

_TOGETHER: Final = 6
"""Notices in one message, so that each keeps its text within Telegram's limit."""

_FIRST_PAUSE: Final = 1.0
_LONGEST_PAUSE: Final = 60.0
"""Wall seconds between attempts to write while the database is away."""


class OutboxLane:
    """Notices wait in memory while the database is away; none is written twice."""

    def __init__(
        self,
        *,
        storage: Storage,
        presenter: OperatorPresenter,
        clock: Clock,
        parameters: NoticeParameters,
        on_wake: Callable[[], None],
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._parameters = parameters
        self._on_wake = on_wake
        self._arrived = asyncio.Event()
        self._writing = asyncio.Lock()
        self._under_way: tuple[Notice, ...] = ()
        self._is_away = False
        self.waiting = Backlog(parameters.most_waiting)

    def add(self, notice: Notice) -> None:
        """Have it written soon."""
        self.waiting.add(notice)
        self._arrived.set()

    async def restore(self, lasting: Lasting) -> None:
        """Take over from the outbox what was told before a restart; wait for the database."""
        pauses = Pauses(_FIRST_PAUSE, _LONGEST_PAUSE)
        while True:
            try:
                return await self._read_told(lasting)
            except QuorumError as error:
                self._note_away(error)
            await asyncio.sleep(pauses.next())

    async def run(self) -> None:
        """Write what arrives; keep trying while the database is away."""
        pauses = Pauses(_FIRST_PAUSE, _LONGEST_PAUSE)
        while True:
            await self._arrived.wait()
            self._arrived.clear()
            if await self.write():
                pauses.reset()
            else:
                self._arrived.set()
                await asyncio.sleep(pauses.next())

    async def write(self) -> bool:
        """Put all that waits into the outbox; false where the database did not take it.

        A message that failed is tried again with the same notices, so that its key is the same.
        """
        async with self._writing:
            while self._under_way or self.waiting:
                self._under_way = self._under_way or self.waiting.oldest(_TOGETHER)
                try:
                    await self._put(self._under_way)
                except QuorumError as error:
                    self._note_away(error)
                    return False
                self.waiting.remove(self._under_way)
                self._under_way = ()
                self._is_away = False
        return True

    async def _put(self, notices: Sequence[Notice]) -> None:
        text = self._presenter.notices(notices)
        is_quiet = all(notice.is_resolved for notice in notices)
        async with self._storage() as unit:
            messages = [
                OutgoingMessage(
                    key=notice_key(notices, admin),
                    recipient=str(admin),
                    text=text,
                    silent=is_quiet,
                )
                for admin in await unit.users.list_with(Role.ADMIN)
            ]
            await unit.outbox.put(messages, at=self._clock.now())
            await unit.commit()
        self._on_wake()

    def _note_away(self, error: QuorumError) -> None:
        if not self._is_away:
            _log.warning("notices to admins wait for the database: %s", error)
        self._is_away = True

    async def _read_told(self, lasting: Lasting) -> None:
        now, second = self._clock.now(), self._clock.monotonic()
        since = now - timedelta(hours=self._parameters.remembered_hours)
        async with self._storage() as unit:
            rows = await unit.outbox.list_put_since(since, prefix=PREFIX)
        for row in rows:
            told_at = second - max(0.0, (now - row.created_at).total_seconds())
            for subject, severity in told_by(row.message.key):
                lasting.restore(subject, severity, told_at)
