"""The queue behind getUpdates: at least once, in order, forgotten when confirmed."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from tests.telegram_server.refusals import conflict

FIRST_UPDATE_ID = 100_000_001
# Sent only to a bot that asks for them by name.
ONLY_ON_REQUEST = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Update:
    """One event for the bot; `kind` is the field that holds the payload."""

    id: int
    kind: str
    payload: dict[str, Any]

    def as_json(self) -> dict[str, Any]:
        """Render an Update."""
        return {"update_id": self.id, self.kind: self.payload}


class UpdateQueue:
    """Updates that wait for the bot, and who is asking for them."""

    def __init__(self) -> None:
        """Start empty, without webhook, with Telegram's default kinds."""
        self.webhook_url = ""
        self.held_polls = 0
        self._allowed: frozenset[str] | None = None
        self._waiting: list[Update] = []
        self._again: list[Update] = []
        self._published: dict[int, Update] = {}
        self._poll = 0

    def publish(self, kind: str, payload: dict[str, Any]) -> Update | None:
        """Queue an event; None when the bot asked not to get this kind."""
        if not self._wants(kind):
            return None
        update = Update(id=FIRST_UPDATE_ID + len(self._published), kind=kind, payload=payload)
        self._published[update.id] = update
        self._waiting.append(update)
        return update

    def redeliver(self, update_id: int | None = None) -> None:
        """Hand an update out once more, even if it was confirmed; by default the newest.

        It happens at Telegram: an update id seen is no proof that the update was handled.
        """
        self._again.append(self._published[update_id or max(self._published)])

    def allow(self, kinds: Collection[str]) -> None:
        """Choose what is queued from now on; empty means the default kinds."""
        self._allowed = frozenset(kinds) or None

    def confirm(self, offset: int) -> None:
        """Forget what lies below the offset; a negative one keeps only that many, from the end."""
        if offset < 0:
            self._waiting = self._waiting[offset:]
        else:
            self._waiting = [update for update in self._waiting if update.id >= offset]

    def drop_pending(self) -> None:
        """Forget everything that waits."""
        self._waiting.clear()
        self._again.clear()

    @property
    def pending_count(self) -> int:
        """Return how many updates wait."""
        return len(self._waiting) + len(self._again)

    def take(self, limit: int) -> list[Update]:
        """Return what waits, oldest first; it stays until confirmed, repetitions excepted."""
        again, self._again = self._again[:limit], self._again[limit:]
        return again + self._waiting[: limit - len(again)]

    def begin_poll(self) -> int:
        """Register a poll, which supersedes any other; return its number.

        Raises:
            RefusedError: 409 while a webhook is set.
        """
        if self.webhook_url:
            raise conflict(
                "can't use getUpdates method while webhook is active;"
                " use deleteWebhook to delete the webhook first"
            )
        self._poll += 1
        return self._poll

    def require_current(self, poll: int) -> None:
        """Refuse a poll that was superseded: two instances of the bot are running.

        Raises:
            RefusedError: 409.
        """
        if self.webhook_url:
            raise conflict("terminated by setWebhook request")
        if poll != self._poll:
            raise conflict(
                "terminated by other getUpdates request;"
                " make sure that only one bot instance is running"
            )

    def is_settled(self, poll: int) -> bool:
        """Tell whether a held poll has something to answer: updates, or a conflict."""
        return bool(self.pending_count or poll != self._poll or self.webhook_url)

    def _wants(self, kind: str) -> bool:
        if self._allowed is None:
            return kind not in ONLY_ON_REQUEST
        return kind in self._allowed
