"""Those who act on Telegram: users, the bot itself, and the stand-in for anonymous admins."""

from dataclasses import dataclass
from typing import Any

ANONYMOUS_ADMIN_ID = 1087968824


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """An account; `id` is also the id of its private chat with the bot."""

    id: int
    first_name: str
    username: str | None = None
    is_bot: bool = False
    language_code: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Render a User."""
        fields: dict[str, Any] = {
            "id": self.id,
            "is_bot": self.is_bot,
            "first_name": self.first_name,
        }
        optional = {"username": self.username, "language_code": self.language_code}
        return fields | {name: value for name, value in optional.items() if value}


# Telegram shows this account as the author when a group's admin writes as the group itself.
ANONYMOUS_ADMIN = Person(
    id=ANONYMOUS_ADMIN_ID, first_name="Group", username="GroupAnonymousBot", is_bot=True
)
