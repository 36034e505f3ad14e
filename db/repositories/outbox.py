"""Messages on their way out, in SQL. A key goes out once, as long as its row is kept.

db/repositories/retention.py deletes rows that are settled, long after anybody could put their key
again.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, delete, func, or_, select, update

from db.codec import MESSAGE
from db.tables import outbox
from db.transaction import Transaction
from domain.errors import ConflictError, NotFoundError
from domain.messages import OutgoingMessage
from engine.ports.storage import OutboxDepth, OutboxRow, OutboxState

_NOT_BEGUN = (OutboxState.PENDING, OutboxState.SUPERSEDED)
_BEGUN = (OutboxState.SENDING, OutboxState.UNKNOWN)
_UNDECIDED = (OutboxState.PENDING, OutboxState.SENDING)
_COUNTED = (OutboxState.PENDING, OutboxState.UNKNOWN, OutboxState.FAILED)

_target = outbox.alias("target")
_answered = outbox.alias("answered")
_newer = outbox.alias("newer")


class SqlOutboxRepository:
    """The queue per recipient, and the states of each message."""

    def __init__(self, transaction: Transaction) -> None:
        self._transaction = transaction

    async def put(self, messages: Sequence[OutgoingMessage], *, at: datetime) -> None:
        """Queue messages; a key that is already there is left as it is."""
        for message in messages:
            await self._insert_if_new(message, at)
            if message.edits is not None:
                await self._drop_outdated_edits(message.edits)
                await self._drop_edits_of_failed(message.edits)

    async def put_anew(self, message: OutgoingMessage, *, at: datetime) -> None:
        """Queue a message at the end, in place of one with its key that has not begun to leave."""
        not_begun = outbox.c.state.in_(_NOT_BEGUN)
        await self._transaction.execute(
            delete(outbox).where(outbox.c.key == message.key, not_begun)
        )
        await self.put([message], at=at)

    async def list_due(self, now: datetime) -> list[OutboxRow]:
        """At most one row per recipient: its oldest pending one that does not wait, if due now."""
        is_due = or_(outbox.c.not_before.is_(None), outbox.c.not_before <= now)
        statement = _select_rows().where(outbox.c.id.in_(_select_fronts()), is_due)
        return await self._list(statement)

    async def get(self, row_id: int) -> OutboxRow:
        """One row. Raises `NotFoundError`."""
        rows = await self._list(_select_rows().where(outbox.c.id == row_id))
        if not rows:
            raise NotFoundError(f"the outbox has no row {row_id}")
        return rows[0]

    async def find_by_key(self, key: str) -> OutboxRow | None:
        """The row with a message key."""
        rows = await self._list(_select_rows().where(outbox.c.key == key))
        return rows[0] if rows else None

    async def list_put_since(self, since: datetime, *, prefix: str) -> list[OutboxRow]:
        """Rows put at or after an instant whose key begins with `prefix`, oldest first."""
        # LIKE would take capitals and small letters for the same on SQLite alone.
        begins = func.substr(outbox.c.key, 1, len(prefix)) == prefix
        found = _select_rows().where(outbox.c.created_at >= since, begins)
        # In the order of the index: sorted by id alone, SQLite reads the whole outbox.
        return await self._list(found.order_by(outbox.c.created_at))

    async def mark_sending(self, row_id: int) -> None:
        """PENDING -> SENDING, attempts + 1. Raises `ConflictError` from any other state."""
        await self._move(
            row_id,
            (OutboxState.PENDING,),
            state=OutboxState.SENDING,
            attempts=outbox.c.attempts + 1,
        )

    async def mark_sent(self, row_id: int, message_id: int) -> None:
        """SENDING or UNKNOWN -> SENT."""
        await self._move(row_id, _BEGUN, state=OutboxState.SENT, message_id=message_id)

    async def mark_unknown(self, row_id: int) -> None:
        """SENDING -> UNKNOWN."""
        await self._move(row_id, (OutboxState.SENDING,), state=OutboxState.UNKNOWN)

    async def mark_failed(self, row_id: int, reason: str) -> None:
        """SENDING or UNKNOWN -> FAILED; edits of the message become SUPERSEDED."""
        row = await self._move(row_id, _BEGUN, state=OutboxState.FAILED, failure=reason)
        await self._drop_edits_of_failed(row.key)

    async def postpone(self, row_id: int, not_before: datetime) -> None:
        """SENDING or UNKNOWN -> PENDING; an edit that a newer one has overtaken -> SUPERSEDED."""
        row = await self._move(row_id, _BEGUN, state=OutboxState.PENDING, not_before=not_before)
        if row.edits_key is not None:
            await self._drop_outdated_edits(row.edits_key)

    async def list_interrupted(self) -> list[OutboxRow]:
        """Rows still SENDING: what a killed process left behind."""
        return await self._list(_select_rows().where(outbox.c.state == OutboxState.SENDING))

    async def depth(self) -> OutboxDepth:
        """How much waits. An edit of a message in doubt waits for an answer, and is not counted."""
        may_go = or_(_target.c.state.is_(None), _target.c.state != OutboxState.UNKNOWN)
        is_waiting = and_(outbox.c.state == OutboxState.PENDING, may_go)
        statement = (
            select(
                func.count().filter(is_waiting).label("pending"),
                func.min(outbox.c.created_at).filter(is_waiting).label("oldest_at"),
                _count(OutboxState.UNKNOWN).label("unknown"),
                _count(OutboxState.FAILED).label("failed"),
            )
            .outerjoin(_target, _target.c.key == outbox.c.edits_key)
            .where(outbox.c.state.in_(_COUNTED))
        )
        row = (await self._transaction.execute(statement)).one()
        return OutboxDepth(
            pending=row.pending, oldest_at=row.oldest_at, unknown=row.unknown, failed=row.failed
        )

    async def _insert_if_new(self, message: OutgoingMessage, at: datetime) -> None:
        statement = self._transaction.insert(outbox).values(
            key=message.key,
            recipient=message.recipient,
            state=OutboxState.PENDING,
            edits_key=message.edits,
            replies_key=message.replies_to,
            payload=MESSAGE.encode(message),
            attempts=0,
            created_at=at,
        )
        key = [outbox.c.key]
        await self._transaction.execute(statement.on_conflict_do_nothing(index_elements=key))

    async def _drop_outdated_edits(self, edits_key: str) -> None:
        """Pending edits older than the newest one that has not failed would undo it."""
        newest = (
            select(func.max(_newer.c.id))
            .where(_newer.c.edits_key == edits_key, _newer.c.state != OutboxState.FAILED)
            .scalar_subquery()
        )
        await self._supersede_edits(edits_key, outbox.c.id < newest)

    async def _drop_edits_of_failed(self, key: str) -> None:
        failed = select(_target.c.id).where(
            _target.c.key == key, _target.c.state == OutboxState.FAILED
        )
        await self._supersede_edits(key, failed.exists())

    async def _supersede_edits(self, edits_key: str, condition: ColumnElement[bool]) -> None:
        pending = (outbox.c.edits_key == edits_key, outbox.c.state == OutboxState.PENDING)
        await self._transaction.execute(
            update(outbox).where(*pending, condition).values(state=OutboxState.SUPERSEDED)
        )

    async def _move(self, row_id: int, allowed: tuple[OutboxState, ...], **values: Any) -> Row[Any]:
        # Checked and changed in one statement: of two claims of one row exactly one wins.
        statement = (
            update(outbox)
            .where(outbox.c.id == row_id, outbox.c.state.in_(allowed))
            .values(**values)
            .returning(outbox.c.key, outbox.c.edits_key)
        )
        moved = (await self._transaction.execute(statement)).one_or_none()
        if moved is None:
            row = await self.get(row_id)
            raise ConflictError(
                f"outbox row {row_id} is {row.state}; {' or '.join(allowed)} is needed "
                f"to make it {values['state']}"
            )
        return moved

    async def _list(self, statement: Select[Any]) -> list[OutboxRow]:
        rows = await self._transaction.execute(statement.order_by(outbox.c.id))
        return [_from_row(row) for row in rows]


def _select_fronts() -> Select[Any]:
    """Ids of the rows at the front of each recipient's queue.

    Behind them wait, without blocking others: edits of what is not sent, and replies to what is
    still undecided. A recipient with a row in state SENDING has no front.
    """
    busy = select(outbox.c.recipient).where(outbox.c.state == OutboxState.SENDING)
    edit_may_go = or_(outbox.c.edits_key.is_(None), _target.c.state == OutboxState.SENT)
    reply_may_go = or_(_answered.c.state.is_(None), _answered.c.state.not_in(_UNDECIDED))
    return (
        select(func.min(outbox.c.id))
        .outerjoin(_target, _target.c.key == outbox.c.edits_key)
        .outerjoin(_answered, _answered.c.key == outbox.c.replies_key)
        .where(outbox.c.state == OutboxState.PENDING, edit_may_go, reply_may_go)
        .where(outbox.c.recipient.not_in(busy))
        .group_by(outbox.c.recipient)
    )


def _select_rows() -> Select[Any]:
    return (
        select(
            outbox,
            _target.c.message_id.label("target_message_id"),
            _answered.c.message_id.label("reply_message_id"),
        )
        .outerjoin(_target, _target.c.key == outbox.c.edits_key)
        .outerjoin(_answered, _answered.c.key == outbox.c.replies_key)
    )


def _count(state: OutboxState) -> ColumnElement[int]:
    return func.count().filter(outbox.c.state == state)


def _from_row(row: Row[Any]) -> OutboxRow:
    return OutboxRow(
        id=row.id,
        message=MESSAGE.decode(row.payload),
        state=OutboxState(row.state),
        attempts=row.attempts,
        created_at=row.created_at,
        not_before=row.not_before,
        message_id=row.message_id,
        target_message_id=row.target_message_id,
        reply_message_id=row.reply_message_id,
    )
