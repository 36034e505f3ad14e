"""Tells operators: who hears of what, how soon, by which way; each trouble and its end once."""

import asyncio
import logging
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Final

from engine.monitoring.backlog import Backlog
from engine.monitoring.lasting import Lasting
from engine.monitoring.notice_parameters import NoticeParameters
from engine.monitoring.notifier_lane import NotifierLane
from engine.monitoring.outbox_lane import OutboxLane
from engine.monitoring.values import Notice, Severity
from engine.ports.clock import Clock
from engine.ports.notifying import Notifier
from engine.ports.presenting import OperatorPresenter
from engine.ports.storage import Storage

_log = logging.getLogger(__name__)

_LEVELS: Final = {
    Severity.CRITICAL: logging.ERROR,
    Severity.WARNING: logging.WARNING,
    Severity.INFO: logging.INFO,
}
_DIGEST: Final = "daily digest"


class TellOperators:
    """Routes notices.

    | severity | admins on Telegram | notifier |
    |---|---|---|
    | critical | at once | at once |
    | warning | at once | with others of `batch_minutes` |
    | info | daily digest | daily digest |

    The ways out do not wait for each other. `restored` is set when it is known what was told before
    a restart. `notifier` is None where none is set up. `on_told`
    hears of every notice that is news; it must be quick and must not raise.
    """

    def __init__(
        self,
        *,
        storage: Storage,
        presenter: OperatorPresenter,
        notifier: Notifier | None,
        clock: Clock,
        parameters: NoticeParameters,
        on_wake: Callable[[], None],
        on_told: Callable[[Severity], None] | None = None,
    ) -> None:
        self._clock = clock
        self._on_told = on_told
        self.restored = asyncio.Event()
        self._lasting = Lasting(parameters.again_minutes * 60)
        self._infos = Backlog(parameters.most_waiting)
        self._outbox = OutboxLane(
            storage=storage,
            presenter=presenter,
            clock=clock,
            parameters=parameters,
            on_wake=on_wake,
        )
        self._urgent = _lane(notifier, 0.0, parameters)
        self._calm = _lane(notifier, parameters.batch_minutes * 60, parameters)

    def note(self, notice: Notice) -> None:
        """Have it told, unless it was. Neither blocks nor raises."""
        if not self._lasting.is_news(notice, self._clock.monotonic()):
            return
        if self._on_told is not None:
            self._on_told(notice.severity)
        level = logging.INFO if notice.is_resolved else _LEVELS[notice.severity]
        _log.log(level, "%s: %s", notice.subject, notice.text)
        if notice.severity is Severity.INFO:
            self._infos.add(notice)
            return
        self._outbox.add(notice)
        lane = self._urgent if notice.severity is Severity.CRITICAL else self._calm
        if lane is not None:
            lane.add(notice)

    def tell_digest(self, text: str, at: datetime) -> None:
        """Hand the daily digest, in plain words, to the notifier."""
        if self._calm is not None:
            self._calm.add(Notice(subject=_DIGEST, severity=Severity.INFO, text=text, at=at))

    async def run(self) -> None:
        """Carry notices until cancelled."""
        async with asyncio.TaskGroup() as group:
            group.create_task(self._carry_to_admins(), name="notices to admins")
            for lane in self._notifier_lanes():
                group.create_task(lane.run(), name="notices by other channels")

    async def flush(self, seconds: float, *, to_admins: bool = True) -> None:
        """Send what waits once more before a stop, in so many wall seconds at most.

        Without `to_admins` nothing is written into the database.
        """
        try:
            async with asyncio.timeout(seconds), asyncio.TaskGroup() as group:
                if to_admins:
                    group.create_task(self._outbox.write())
                for lane in self._notifier_lanes():
                    group.create_task(lane.send())
        except TimeoutError:
            _log.warning("the stop did not wait any longer for notices")
        if self.waiting:
            _log.warning("%d notices were not told before the stop", self.waiting)

    @property
    def waiting(self) -> int:
        """Notices on their ways out; one that goes two ways counts twice."""
        return sum(len(backlog) for backlog in self._ways_out())

    @property
    def dropped(self) -> int:
        """Notices that found no room since the start."""
        return sum(backlog.dropped for backlog in (self._infos, *self._ways_out()))

    @property
    def given_up(self) -> int:
        """Notices since the start that no other channel took, however often it was tried."""
        return sum(lane.given_up for lane in self._notifier_lanes())

    def standing(self) -> Mapping[str, Severity]:
        """Subjects of troubles that were told and have not ended, before a restart too."""
        return self._lasting.standing()

    def infos(self) -> tuple[Notice, ...]:
        """What waits for the daily digest."""
        return self._infos.oldest()

    def forget_infos(self, told: Collection[Notice]) -> None:
        """They stand in a digest."""
        self._infos.remove(told)

    async def _carry_to_admins(self) -> None:
        await self._outbox.restore(self._lasting)
        self.restored.set()
        await self._outbox.run()

    def _notifier_lanes(self) -> tuple[NotifierLane, ...]:
        return tuple(lane for lane in (self._urgent, self._calm) if lane is not None)

    def _ways_out(self) -> tuple[Backlog, ...]:
        return (self._outbox.waiting, *(lane.waiting for lane in self._notifier_lanes()))


def _lane(
    notifier: Notifier | None, gather_seconds: float, parameters: NoticeParameters
) -> NotifierLane | None:
    if notifier is None:
        return None
    return NotifierLane(notifier, gather_seconds=gather_seconds, parameters=parameters)
