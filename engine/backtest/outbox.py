"""Where messages of a backtest go: to whoever wants to count them, and nowhere else."""

# ruff: noqa: ARG002 - of what is not kept, nothing can be asked

from collections.abc import Callable, Collection, Sequence
from datetime import datetime

from domain.access import Role
from domain.errors import NotFoundError
from domain.messages import OutgoingMessage
from engine.ports.storage import OutboxDepth, OutboxRepository, OutboxRow, UserRepository

OnMessages = Callable[[Sequence[OutgoingMessage], datetime], None]


class DroppedMessages(OutboxRepository):
    """Hands each batch on, and keeps none: it is always empty."""

    def __init__(self, on_messages: OnMessages | None) -> None:
        self._on_messages = on_messages

    async def put(self, messages: Sequence[OutgoingMessage], *, at: datetime) -> None:
        """Hand them on."""
        if self._on_messages is not None and messages:
            self._on_messages(messages, at)

    async def put_anew(self, message: OutgoingMessage, *, at: datetime) -> None:
        """Hand it on."""
        await self.put([message], at=at)

    async def list_due(self, now: datetime) -> list[OutboxRow]:
        """None wait."""
        return []

    async def get(self, row_id: int) -> OutboxRow:
        """There is none."""
        raise _not_there(row_id)

    async def find_by_key(self, key: str) -> OutboxRow | None:
        """There is none."""
        return None

    async def list_put_since(self, since: datetime, *, prefix: str) -> list[OutboxRow]:
        """None are kept."""
        return []

    async def mark_sending(self, row_id: int) -> None:
        """There is none."""
        raise _not_there(row_id)

    async def mark_sent(self, row_id: int, message_id: int) -> None:
        """There is none."""
        raise _not_there(row_id)

    async def mark_unknown(self, row_id: int) -> None:
        """There is none."""
        raise _not_there(row_id)

    async def mark_failed(self, row_id: int, reason: str) -> None:
        """There is none."""
        raise _not_there(row_id)

    async def postpone(self, row_id: int, not_before: datetime) -> None:
        """There is none."""
        raise _not_there(row_id)

    async def list_interrupted(self) -> list[OutboxRow]:
        """None were being sent."""
        return []

    async def depth(self) -> OutboxDepth:
        """Nothing waits."""
        return OutboxDepth(pending=0, oldest_at=None, unknown=0, failed=0)


class Nobody(UserRepository):
    """A backtest has no users, so alerts to admins reach nobody."""

    async def role_of(self, user_id: int) -> Role:
        """Everybody is a stranger."""
        return Role.GUEST

    async def grant(self, user_id: int, role: Role, *, at: datetime, how: str) -> None:
        """Refused with `NotFoundError`."""
        raise NotFoundError(f"a backtest does not know user {user_id}")

    async def keep_only(self, how: str, user_ids: Collection[int]) -> None:
        """Nobody was granted anything."""

    async def list_with(self, role: Role) -> list[int]:
        """Nobody."""
        return []


def _not_there(row_id: int) -> NotFoundError:
    return NotFoundError(f"a backtest keeps no messages, so there is no row {row_id}")
