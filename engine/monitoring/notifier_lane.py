"""The way of notices to e-mail, Discord and the like: several at once, patiently, not for ever."""

import asyncio
import logging
from collections import Counter
from collections.abc import Sequence

from domain.errors import NotifyingError
from engine.execution.desk.pauses import Pauses
from engine.monitoring.backlog import Backlog
from engine.monitoring.notice_parameters import NoticeParameters
from engine.monitoring.values import Notice
from engine.ports.notifying import Notifier

_log = logging.getLogger(__name__)


class NotifierLane:
    """Gathers notices for `gather_seconds` from the first one on and sends them as one message.

    `given_up` counts those that failed too often and were dropped.
    """

    def __init__(
        self, notifier: Notifier, *, gather_seconds: float, parameters: NoticeParameters
    ) -> None:
        self._notifier = notifier
        self._gather_seconds = gather_seconds
        self._parameters = parameters
        self._arrived = asyncio.Event()
        self._sending = asyncio.Lock()
        self._attempts: Counter[Notice] = Counter()
        self.waiting = Backlog(parameters.most_waiting)
        self.given_up = 0

    def add(self, notice: Notice) -> None:
        """Have it sent with the next message."""
        self.waiting.add(notice)
        self._arrived.set()

    async def run(self) -> None:
        """Send what arrives; after a failure again, with growing pauses."""
        first, longest = (
            self._parameters.first_pause_seconds,
            self._parameters.longest_pause_seconds,
        )
        pauses, pause = Pauses(first, longest), self._gather_seconds
        while True:
            await self._arrived.wait()
            await asyncio.sleep(pause)
            self._arrived.clear()
            if await self.send():
                pauses.reset()
                pause = self._gather_seconds
            else:
                self._arrived.set()
                pause = pauses.next()

    async def send(self) -> bool:
        """Send all that waits; false where some of it has to be tried again."""
        async with self._sending:
            notices = self.waiting.oldest()
            if not notices:
                return True
            if (failure := await self._failure_of(notices)) is None:
                self._forget(notices)
                return True
            self._note_failure(notices, failure)
            return len(self.waiting) == 0

    async def _failure_of(self, notices: Sequence[Notice]) -> str | None:
        try:
            async with asyncio.timeout(self._parameters.send_seconds):
                await self._notifier.send(notices)
        except NotifyingError as error:
            return str(error)
        except TimeoutError:
            return f"no answer within {self._parameters.send_seconds:g} s"
        except Exception as error:  # noqa: BLE001 - its fault must not end the way to Telegram
            _log.exception("the notifier broke its promise")
            return f"{type(error).__name__}: {error}"
        return None

    def _note_failure(self, notices: Sequence[Notice], failure: str) -> None:
        self._attempts.update(notices)
        most = self._parameters.most_attempts
        hopeless = [notice for notice in notices if self._attempts[notice] >= most]
        _log.warning("%d notices were not taken: %s", len(notices), failure)
        if hopeless:
            subjects = ", ".join(notice.subject for notice in hopeless)
            _log.error("given up after %d attempts: %s", most, subjects)
            self.given_up += len(hopeless)
            self._forget(hopeless)

    def _forget(self, notices: Sequence[Notice]) -> None:
        self.waiting.remove(notices)
        kept = self.waiting.oldest()
        self._attempts = Counter({notice: self._attempts[notice] for notice in kept})
