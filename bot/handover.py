"""One message on its way: claimed, handed over, its outcome written down.

Killed at any point, it is sent at most once: a claim that has no outcome is found at the next
start, and then edits are repeated (they do no harm) while sends are asked about. An outcome that
storage does not take is kept until it does, and nobody is asked about it.
"""

import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final

from bot.admin_alerts import alert_admins
from bot.delivery_parameters import DeliveryParameters
from bot.late_posts import LatePosts
from bot.messenger import (
    MarkupRefusedError,
    Messenger,
    NotConnectedError,
    OutcomeUnknownError,
    RetryLaterError,
    UndeliverableError,
)
from bot.pace import is_group
from bot.presenters.alerts import doubt_question, markup_alert, undelivered_alert
from bot.presenters.markup import render_plain
from bot.presenters.page import quote_lines
from bot.sign_of_life import SignOfLife
from domain.errors import ConflictError, StorageUnavailableError
from domain.messages import Action, Button, OutgoingMessage
from engine.ports.clock import Clock
from engine.ports.storage import OutboxRow, OutboxState, Storage, UnitOfWork

_log = logging.getLogger(__name__)

_DOUBT_KEY: Final = "doubt"
_REASON_IN_KEY: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """A message that was accepted. Instants are wall seconds of the monotonic clock."""

    row: OutboxRow
    handed_over_at: float
    accepted_at: float


OnDelivered = Callable[[Delivered], None]
"""Told after a message was accepted, before that is written down; must be quick."""

_Outcome = Callable[[UnitOfWork], Awaitable[None]]
"""Writes down what became of one message."""


class Handover:
    """Carries single messages from the outbox to a messenger."""

    def __init__(
        self,
        *,
        storage: Storage,
        messenger: Messenger,
        clock: Clock,
        parameters: DeliveryParameters,
        on_delivered: OnDelivered,
    ) -> None:
        self._parameters = parameters
        self._storage = storage
        self._messenger = messenger
        self._clock = clock
        self._on_delivered = on_delivered
        self._late_posts = LatePosts(clock)
        self._unwritten: dict[int, _Outcome] = {}
        self._sign_of_life = SignOfLife(messenger=messenger, clock=clock, parameters=parameters)

    async def recover(self) -> None:
        """Write down what storage did not take, and settle what a killed process left behind:
        repeat edits, ask about sends.
        """
        async with self._storage() as unit:
            for row in await unit.outbox.list_interrupted():
                await self._recover(unit, row)
            await unit.commit()
        self._unwritten.clear()

    async def find_pause(self) -> float:
        """Wall seconds for which nothing at all may leave; 0 as a rule."""
        return await self._sign_of_life.find_pause()

    async def deliver(self, row: OutboxRow) -> float:
        """Deliver one due row; wall seconds for which its recipient is to be left alone."""
        claimed = await self._claim(row)
        if claimed is None:
            return 0.0
        try:
            await self._hand_over(claimed)
        except RetryLaterError as asked:
            return await self._put_back(claimed, asked, asked.seconds)
        except NotConnectedError as failure:
            return await self._put_back(
                claimed, failure, self._parameters.back_off(claimed.attempts)
            )
        except OutcomeUnknownError as failure:
            return await self._leave_unknown(claimed, failure)
        except UndeliverableError as refusal:
            await self._give_up(claimed, str(refusal))
        return 0.0

    async def _recover(self, unit: UnitOfWork, row: OutboxRow) -> None:
        unwritten = self._unwritten.get(row.id)
        if unwritten is not None:
            await unwritten(unit)
            return
        _log.warning("delivery interrupted row=%s key=%s", row.id, row.message.key)
        # Whoever is asked whether it arrived looks for the words that left.
        sent = await self._late_posts.as_sent(unit, row)
        await self._settle_unknown(unit, replace(row, message=sent))

    async def _claim(self, row: OutboxRow) -> OutboxRow | None:
        """Write down that sending begins; None when the row was overtaken meanwhile."""
        try:
            async with self._storage() as unit:
                message = await self._late_posts.word(unit, row)
                await unit.outbox.mark_sending(row.id)
                await unit.commit()
        except ConflictError:
            _log.info("delivery overtaken row=%s key=%s", row.id, row.message.key)
            return None
        except StorageUnavailableError:
            # Whether the claim was stored is not known, but nothing was handed over.
            self._unwritten[row.id] = lambda unit: self._postpone(unit, row)
            raise
        return replace(row, message=message, state=OutboxState.SENDING, attempts=row.attempts + 1)

    async def _write(self, row: OutboxRow, outcome: _Outcome) -> None:
        """Write an outcome down; it is kept where storage does not take it."""
        self._unwritten[row.id] = outcome
        async with self._storage() as unit:
            await outcome(unit)
            await unit.commit()
        del self._unwritten[row.id]

    async def _hand_over(self, row: OutboxRow) -> None:
        handed_over_at = self._clock.monotonic()
        refusal = None
        try:
            message_id = await self._carry(row, row.message)
        except MarkupRefusedError as error:
            refusal = str(error)
            message_id = await self._carry_plain(row)
        accepted_at = self._clock.monotonic()
        self._on_delivered(
            Delivered(row=row, handed_over_at=handed_over_at, accepted_at=accepted_at)
        )
        await self._note_sent(row, message_id, refusal)

    async def _carry(self, row: OutboxRow, message: OutgoingMessage) -> int:
        if message.edits is None:
            return await self._messenger.send(message, reply_to=row.reply_message_id)
        if row.target_message_id is None:
            raise UndeliverableError(f"nobody knows the message number of {message.edits!r}")
        await self._messenger.edit(message, row.target_message_id)
        return row.target_message_id

    async def _carry_plain(self, row: OutboxRow) -> int:
        """The same words without markup: an alert without bold is better than none."""
        plain = replace(row.message, text=quote_lines(render_plain(row.message.text)))
        try:
            return await self._carry(row, plain)
        except MarkupRefusedError as again:
            raise UndeliverableError(str(again)) from again

    async def _note_sent(self, row: OutboxRow, message_id: int, refusal: str | None) -> None:
        self._late_posts.note_sent(row)

        async def sent(unit: UnitOfWork) -> None:
            await unit.outbox.mark_sent(row.id, message_id)
            await self._late_posts.settle(unit, row.message, message_id)
            if refusal is not None:
                _log.error("markup refused row=%s key=%s: %s", row.id, row.message.key, refusal)
                await self._alert(unit, f"markup:{row.id}", markup_alert(row.message, refusal))

        await self._write(row, sent)

    async def _put_back(self, row: OutboxRow, failure: Exception, seconds: float) -> float:
        _log.warning(
            "delivery postponed row=%s recipient=%s seconds=%.1f: %s",
            row.id,
            row.message.recipient,
            seconds,
            failure,
        )
        await self._write(row, lambda unit: self._postpone(unit, row))
        return seconds

    async def _postpone(self, unit: UnitOfWork, row: OutboxRow) -> None:
        # The pause itself is wall time and kept in memory; exchange time may run faster.
        await unit.outbox.postpone(row.id, self._clock.now())

    async def _leave_unknown(self, row: OutboxRow, failure: Exception) -> float:
        _log.warning("delivery in doubt row=%s key=%s: %s", row.id, row.message.key, failure)
        self._sign_of_life.note_silence()
        await self._write(row, lambda unit: self._settle_unknown(unit, row))
        return self._parameters.back_off(row.attempts)

    async def _settle_unknown(self, unit: UnitOfWork, row: OutboxRow) -> None:
        if row.message.edits is not None:
            await self._postpone(unit, row)
            return
        await unit.outbox.mark_unknown(row.id)
        # A question about a lost question could go on for ever; /status counts what is in doubt.
        if not row.message.key.startswith(f"{_DOUBT_KEY}:"):
            await self._ask_admins(unit, row)

    async def _ask_admins(self, unit: UnitOfWork, row: OutboxRow) -> None:
        buttons = (
            Button(label="Resend", action=Action.RESEND, subject=row.id),
            Button(label="It is there", action=Action.ARRIVED, subject=row.id),
        )
        key = f"{_DOUBT_KEY}:{row.id}:{row.attempts}"
        await self._alert(unit, key, doubt_question(row.message), buttons)

    async def _give_up(self, row: OutboxRow, reason: str) -> None:
        _log.error(
            "undeliverable row=%s key=%s recipient=%s: %s",
            row.id,
            row.message.key,
            row.message.recipient,
            reason,
        )

        async def failed(unit: UnitOfWork) -> None:
            await unit.outbox.mark_failed(row.id, reason)
            if is_group(row.message.recipient):
                # One alert per reason and day: a channel that threw us out refuses every post.
                day = f"{self._clock.now():%Y-%m-%d}"
                key = f"undelivered:{day}:{reason[:_REASON_IN_KEY]}"
                await self._alert(unit, key, undelivered_alert(row.message, reason))

        await self._write(row, failed)

    async def _alert(
        self, unit: UnitOfWork, key: str, text: str, buttons: tuple[Button, ...] = ()
    ) -> None:
        messages = await alert_admins(unit, key=key, text=text, buttons=buttons)
        await unit.outbox.put(messages, at=self._clock.now())
