"""How Telegram says no: an HTTP status, a sentence, and sometimes how long to wait."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """One refusal in Telegram's wording.

    `code` is also the HTTP status; `retry_after` counts seconds.
    """

    code: int
    description: str
    retry_after: int | None = None
    migrate_to_chat_id: int | None = None

    def as_json(self) -> dict[str, Any]:
        """Render the envelope the Bot API sends."""
        envelope: dict[str, Any] = {
            "ok": False,
            "error_code": self.code,
            "description": self.description,
        }
        hints = {
            "retry_after": self.retry_after,
            "migrate_to_chat_id": self.migrate_to_chat_id,
        }
        if given := {name: value for name, value in hints.items() if value is not None}:
            envelope["parameters"] = given
        return envelope


class RefusedError(Exception):
    """Raised by a method that refuses the call; carries what to answer."""

    def __init__(self, refusal: Refusal) -> None:
        """Keep the refusal."""
        super().__init__(refusal.description)
        self.refusal = refusal


UNAUTHORIZED = Refusal(code=401, description="Unauthorized")
NOT_FOUND = Refusal(code=404, description="Not Found")


def bad_request(reason: str) -> RefusedError:
    """Refuse with 400: the call itself is wrong."""
    return RefusedError(Refusal(code=400, description=f"Bad Request: {reason}"))


def forbidden(reason: str) -> RefusedError:
    """Refuse with 403: the chat does not let the bot in."""
    return RefusedError(Refusal(code=403, description=f"Forbidden: {reason}"))


def conflict(reason: str) -> RefusedError:
    """Refuse with 409: somebody else receives this bot's updates."""
    return RefusedError(Refusal(code=409, description=f"Conflict: {reason}"))


def too_many_requests(seconds: int) -> Refusal:
    """Refuse with 429: wait that many whole seconds."""
    return Refusal(
        code=429,
        description=f"Too Many Requests: retry after {seconds}",
        retry_after=seconds,
    )
