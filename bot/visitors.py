"""Who is asking, resolved once per update: by numeric id only, never by name or by chat."""

from dataclasses import dataclass

from aiogram.enums import ChatType
from aiogram.types import Chat, User

from domain.access import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Visitor:
    """Somebody who wrote or pressed.

    `is_person` is False for bots and for whoever speaks as a chat (anonymous administrators,
    linked channels): they have no id of their own and are always guests.
    """

    user_id: int
    role: Role
    is_person: bool
    is_private: bool

    @property
    def is_operator(self) -> bool:
        """Whether operator commands are open: an admin, as himself, in private chat."""
        return self.role is Role.ADMIN and self.is_person and self.is_private

    @property
    def is_trader(self) -> bool:
        """Whether he may execute signals, wherever he presses: by role, and as himself."""
        return self.role in {Role.TRADER, Role.ADMIN} and self.is_person

    @property
    def may_trade_here(self) -> bool:
        """Whether commands about money are open: a trader, in private chat."""
        return self.is_trader and self.is_private


def speaks_as_himself(user: User | None, sender_chat: Chat | None) -> bool:
    """Whether a message comes from a person under his own id."""
    return user is not None and not user.is_bot and sender_chat is None


def is_private(chat: Chat | None) -> bool:
    """Whether a chat has one person in it."""
    return chat is not None and chat.type == ChatType.PRIVATE
