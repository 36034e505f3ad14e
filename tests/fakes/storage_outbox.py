"""The outbox in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from domain.errors import ConflictError, NotFoundError
from domain.messages import OutgoingMessage
from engine.ports.storage import OutboxDepth, OutboxRow, OutboxState
from tests.fakes.storage_transaction import Kept, MemoryTransaction, to_utc

_PENDING = (OutboxState.PENDING,)
_SENDING = (OutboxState.SENDING,)
_NOT_BEGUN = (OutboxState.PENDING, OutboxState.SUPERSEDED)
_BEGUN = (OutboxState.SENDING, OutboxState.UNKNOWN)


class InMemoryOutbox:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def put(self, messages: Sequence[OutgoingMessage], *, at: datetime) -> None:
        kept = await self._transaction.writable()
        for message in messages:
            if _find(kept, message.key) is None:
                row = _new_row(max(kept.outbox, default=0) + 1, message, to_utc(at))
                kept.outbox[row.id] = row
                _drop_pointless_edits(kept, message.edits)

    async def put_anew(self, message: OutgoingMessage, *, at: datetime) -> None:
        kept = await self._transaction.writable()
        row = _find(kept, message.key)
        if row is not None and row.state in _NOT_BEGUN:
            del kept.outbox[row.id]
        await self.put([message], at=at)

    async def list_due(self, now: datetime) -> list[OutboxRow]:
        kept = self._transaction.seen
        busy = {r.message.recipient for r in kept.outbox.values() if r.state in _SENDING}
        fronts: dict[str, OutboxRow] = {}
        for row in kept.outbox.values():
            is_next = row.state in _PENDING and not _is_waiting(kept, row)
            if is_next and row.message.recipient not in busy:
                fronts.setdefault(row.message.recipient, row)
        due = [r for r in fronts.values() if r.not_before is None or r.not_before <= now]
        return [_with_ids(kept, row) for row in sorted(due, key=lambda row: row.id)]

    async def get(self, row_id: int) -> OutboxRow:
        kept = self._transaction.seen
        if row_id not in kept.outbox:
            raise NotFoundError(f"the outbox has no row {row_id}")
        return _with_ids(kept, kept.outbox[row_id])

    async def find_by_key(self, key: str) -> OutboxRow | None:
        kept = self._transaction.seen
        row = _find(kept, key)
        return None if row is None else _with_ids(kept, row)

    async def list_put_since(self, since: datetime, *, prefix: str) -> list[OutboxRow]:
        kept = self._transaction.seen
        return [
            _with_ids(kept, row)
            for row in kept.outbox.values()
            if row.created_at >= since and row.message.key.startswith(prefix)
        ]

    async def mark_sending(self, row_id: int) -> None:
        kept, row = await self._begin_move(row_id, _PENDING)
        kept.outbox[row_id] = replace(row, state=OutboxState.SENDING, attempts=row.attempts + 1)

    async def mark_sent(self, row_id: int, message_id: int) -> None:
        kept, row = await self._begin_move(row_id, _BEGUN)
        kept.outbox[row_id] = replace(row, state=OutboxState.SENT, message_id=message_id)

    async def mark_unknown(self, row_id: int) -> None:
        kept, row = await self._begin_move(row_id, _SENDING)
        kept.outbox[row_id] = replace(row, state=OutboxState.UNKNOWN)

    async def mark_failed(self, row_id: int, reason: str) -> None:
        kept, row = await self._begin_move(row_id, _BEGUN)
        kept.outbox[row_id] = replace(row, state=OutboxState.FAILED)
        _drop_pointless_edits(kept, row.message.key)

    async def postpone(self, row_id: int, not_before: datetime) -> None:
        kept, row = await self._begin_move(row_id, _BEGUN)
        later = replace(row, state=OutboxState.PENDING, not_before=to_utc(not_before))
        kept.outbox[row_id] = later
        _drop_pointless_edits(kept, row.message.edits)

    async def list_interrupted(self) -> list[OutboxRow]:
        kept = self._transaction.seen
        return [_with_ids(kept, row) for row in kept.outbox.values() if row.state in _SENDING]

    async def depth(self) -> OutboxDepth:
        kept = self._transaction.seen
        rows = kept.outbox.values()
        pending = [row for row in rows if row.state in _PENDING and not _is_in_doubt(kept, row)]
        return OutboxDepth(
            pending=len(pending),
            oldest_at=min((row.created_at for row in pending), default=None),
            unknown=sum(row.state is OutboxState.UNKNOWN for row in rows),
            failed=sum(row.state is OutboxState.FAILED for row in rows),
        )

    async def _begin_move(
        self, row_id: int, allowed: tuple[OutboxState, ...]
    ) -> tuple[Kept, OutboxRow]:
        kept = await self._transaction.writable()
        row = await self.get(row_id)
        if row.state not in allowed:
            raise ConflictError(f"outbox row {row_id} is {row.state}")
        return kept, kept.outbox[row_id]


def _new_row(row_id: int, message: OutgoingMessage, at: datetime) -> OutboxRow:
    return OutboxRow(
        id=row_id,
        message=message,
        state=OutboxState.PENDING,
        attempts=0,
        created_at=at,
        not_before=None,
        message_id=None,
        target_message_id=None,
        reply_message_id=None,
    )


def _find(kept: Kept, key: str | None) -> OutboxRow | None:
    return next((row for row in kept.outbox.values() if row.message.key == key), None)


def _with_ids(kept: Kept, row: OutboxRow) -> OutboxRow:
    target = _find(kept, row.message.edits)
    answered = _find(kept, row.message.replies_to)
    return replace(
        row,
        target_message_id=target.message_id if target else None,
        reply_message_id=answered.message_id if answered else None,
    )


def _is_waiting(kept: Kept, row: OutboxRow) -> bool:
    target = _find(kept, row.message.edits)
    answered = _find(kept, row.message.replies_to)
    is_target_out = target is not None and target.state is OutboxState.SENT
    is_answered_undecided = answered is not None and answered.state in (*_PENDING, *_SENDING)
    return (row.message.edits is not None and not is_target_out) or is_answered_undecided


def _is_in_doubt(kept: Kept, row: OutboxRow) -> bool:
    """An edit of a message of which nobody knows yet whether it arrived."""
    target = _find(kept, row.message.edits)
    return target is not None and target.state is OutboxState.UNKNOWN


def _drop_pointless_edits(kept: Kept, key: str | None) -> None:
    """Edits of one message that a newer edit has overtaken, or whose target has failed."""
    edits = [row for row in kept.outbox.values() if key is not None and row.message.edits == key]
    newest = max((row.id for row in edits if row.state is not OutboxState.FAILED), default=0)
    target = _find(kept, key)
    is_lost = target is not None and target.state is OutboxState.FAILED
    for row in edits:
        if row.state in _PENDING and (is_lost or row.id < newest):
            kept.outbox[row.id] = replace(row, state=OutboxState.SUPERSEDED)
