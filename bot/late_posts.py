"""Signals whose post leaves after their entry window: marked, so that nobody takes them for fresh.

A late post shows the signal as it stands when it leaves, without the button to execute it, and the
mark stays on it through all later edits. What lasts of it is an edit of the post in the outbox: it
says the same words, so it needs no sending once the post is out.
"""

import logging
from dataclasses import replace
from datetime import datetime
from typing import Final

from bot.presenters.figures import duration, instant
from bot.presenters.markup import bold
from bot.presenters.signal_post import render_signal_post
from domain.messages import Action, OutgoingMessage
from domain.signals import FollowedSignal
from engine.issue import is_post_key
from engine.ports.clock import Clock
from engine.ports.storage import OutboxRow, OutboxState, UnitOfWork

_log = logging.getLogger(__name__)

_MARK: Final = f"🕓 {bold('LATE')}"
_MARKED_LINE: Final = 2
"""Behind headline and status."""


class LatePosts:
    """Words signal posts and their edits at the moment they leave. `count` is of late ones sent."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.count = 0

    async def word(self, unit: UnitOfWork, row: OutboxRow) -> OutgoingMessage:
        """What is to be said now in place of what was to be said when the row was put."""
        message = row.message
        if is_post_key(message.key):
            return await self._word_post(unit, message)
        if message.edits is not None and is_post_key(message.edits):
            return await self._word_edit(unit, message, message.edits)
        return message

    async def as_sent(self, unit: UnitOfWork, row: OutboxRow) -> OutgoingMessage:
        """What was said when the row left: of a late post, not what was to be said."""
        message = row.message
        beside = await unit.outbox.find_by_key(late_key(message.key))
        return message if beside is None else replace(message, text=beside.message.text)

    def note_sent(self, row: OutboxRow) -> None:
        """A message was accepted: a late post is counted, however many attempts it took."""
        if not is_post_key(row.message.key) or _MARK not in row.message.text:
            return
        self.count += 1
        waited = (self._clock.now() - row.created_at).total_seconds()
        _log.warning(
            "late post key=%s waited=%s in_all=%d", row.message.key, duration(waited), self.count
        )

    async def settle(self, unit: UnitOfWork, post: OutgoingMessage, message_id: int) -> None:
        """A post is out; the edit that was put beside a late one has nothing to add."""
        if _MARK not in post.text:
            return
        edit = await unit.outbox.find_by_key(late_key(post.key))
        if (
            edit is not None
            and edit.state is OutboxState.PENDING
            and edit.message.text == post.text
        ):
            await unit.outbox.mark_sending(edit.id)
            await unit.outbox.mark_sent(edit.id, message_id)

    async def _word_post(self, unit: UnitOfWork, message: OutgoingMessage) -> OutgoingMessage:
        followed, now = await unit.signals.find(_number_in(message.key)), self._clock.now()
        if followed is None or now < followed.signal.valid_until:
            return message
        late = _marked(replace(message, text=render_signal_post(followed)), _mark(followed, now))
        beside = replace(late, key=late_key(message.key), edits=message.key)
        # What an earlier attempt put there tells of a time at which the post did not leave.
        await unit.outbox.put_anew(beside, at=now)
        return late

    async def _word_edit(
        self, unit: UnitOfWork, message: OutgoingMessage, post: str
    ) -> OutgoingMessage:
        if _MARK in message.text:
            return message
        beside = await unit.outbox.find_by_key(late_key(post))
        if beside is None and not _offers_execution(message):
            return message
        followed = await unit.signals.find(_number_in(post))
        if followed is None:
            return message
        if beside is not None:
            return _marked(message, _mark(followed, beside.created_at))
        is_over = followed.signal.valid_until <= self._clock.now()
        return _without_execution(message) if is_over else message


def _mark(followed: FollowedSignal, reached_at: datetime) -> str:
    arrived, closed = instant(reached_at), instant(followed.signal.valid_until)
    return f"{_MARK} · reached Telegram at {arrived}, entry closed at {closed}: do not enter"


def _marked(message: OutgoingMessage, mark: str) -> OutgoingMessage:
    lines = message.text.split("\n")
    text = "\n".join([*lines[:_MARKED_LINE], mark, *lines[_MARKED_LINE:]])
    return replace(_without_execution(message), text=text)


def _without_execution(message: OutgoingMessage) -> OutgoingMessage:
    kept = tuple(button for button in message.buttons if button.action is not Action.EXECUTE)
    return replace(message, buttons=kept)


def _offers_execution(message: OutgoingMessage) -> bool:
    return any(button.action is Action.EXECUTE for button in message.buttons)


def late_key(post: str) -> str:
    """The key of the edit that keeps the mark of a late post for as long as the post is kept."""
    return f"{post}:late"


def _number_in(post: str) -> int:
    return int(post.rpartition(":")[2])
