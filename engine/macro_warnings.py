"""Use case: tell when the markets outside crypto become a danger, and when that is over."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from domain.messages import OutgoingMessage
from domain.sentiment import MacroReading, MacroState
from domain.timeframes import from_ms
from engine.alerts import AlertParameters, Audience, addressed, recipients_of
from engine.ports.clock import Clock
from engine.ports.presenting import Presenter
from engine.ports.storage import OutboxRow, Storage, UnitOfWork
from engine.redo import redo_on_conflict

_PREFIX: Final = "macro:"
_OVER: Final = "over"
_REMEMBERED: Final = timedelta(days=8)
"""A danger told longer ago than this is forgotten: nobody waits for its end any more."""


@dataclass(frozen=True, slots=True)
class _Told:
    """A danger that was told and whose end was not."""

    since_ms: int
    recipients: tuple[str, ...]


class WarnOfMacro:
    """Queues a warning at the beginning of a danger and an all-clear at its end, once each.

    What was told is read from the outbox: a restart in the middle of a danger neither repeats the
    warning nor loses the all-clear, which goes to whoever got the warning.
    """

    def __init__(
        self, *, storage: Storage, presenter: Presenter, clock: Clock, parameters: AlertParameters
    ) -> None:
        self._storage = storage
        self._presenter = presenter
        self._clock = clock
        self._audience = parameters.macro
        self._is_danger: bool | None = None
        self._one_at_a_time = asyncio.Lock()

    async def __call__(self, reading: MacroReading | None) -> None:
        """Take the newest reading, None while nobody tells.

        A danger seen to turn into silence is over: signals come again, and readers must know. The
        silence after a start ends nothing, because providers have not been asked yet.
        """
        if self._audience is Audience.OFF:
            return
        async with self._one_at_a_time:
            is_danger = _is_danger(reading)
            is_unheard = reading is None and not self._is_danger
            if is_unheard or is_danger is self._is_danger:
                return
            await redo_on_conflict(lambda: self._tell(reading))
            self._is_danger = is_danger

    async def _tell(self, reading: MacroReading | None) -> None:
        now = self._clock.now()
        async with self._storage() as unit:
            rows = await unit.outbox.list_put_since(now - _REMEMBERED, prefix=_PREFIX)
            messages = await self._messages(unit, reading, _told(rows))
            if messages:
                await unit.outbox.put(messages, at=now)
                await unit.commit()

    async def _messages(
        self, unit: UnitOfWork, reading: MacroReading | None, told: _Told | None
    ) -> list[OutgoingMessage]:
        if reading is not None and _is_danger(reading) and told is None:
            recipients = await recipients_of(unit, self._audience)
            text = self._presenter.macro_warning(reading)
            return _to_each(recipients, f"{_PREFIX}{reading.since_ms}", text)
        if told is not None and not _is_danger(reading):
            began_at, ended_at = from_ms(told.since_ms), self._clock.now()
            text = self._presenter.macro_all_clear(reading, began_at=began_at, ended_at=ended_at)
            return _to_each(told.recipients, f"{_PREFIX}{told.since_ms}:{_OVER}", text)
        return []


def _is_danger(reading: MacroReading | None) -> bool:
    return reading is not None and reading.state is MacroState.DANGER


def _told(rows: Sequence[OutboxRow]) -> _Told | None:
    """The newest danger that was told, unless its end was told, too."""
    if not rows:
        return None
    _, since, *rest = rows[-1].message.key.split(":")
    if _OVER in rest:
        return None
    warnings = [row.message for row in rows if row.message.key.split(":")[1] == since]
    return _Told(int(since), tuple(warning.recipient for warning in warnings))


def _to_each(recipients: Sequence[str], key: str, text: str) -> list[OutgoingMessage]:
    return [
        OutgoingMessage(key=addressed(key, recipient), recipient=recipient, text=text)
        for recipient in recipients
    ]
