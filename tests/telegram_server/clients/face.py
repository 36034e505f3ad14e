"""What every client can do, and what it saw, free of any library's types."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

Buttons = Sequence[Sequence[tuple[str, str]]]
"""Rows of (label, callback data)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenMessage:
    """A message as a library decoded it; `text` is the caption of a photo."""

    id: int
    chat_id: int
    chat_type: str
    author_id: int | None
    sender_chat_id: int | None
    text: str
    bold: tuple[str, ...] = ()
    labels: tuple[tuple[str, ...], ...] = ()
    photo_size: tuple[int, int] | None = None
    file_id: str | None = None
    reply_to: int | None = None
    is_edited: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class SeenUpdate:
    """An update as a library decoded it; the query fields are set for a press only."""

    id: int
    kind: str
    message: SeenMessage | None = None
    user_id: int | None = None
    query_id: str | None = None
    data: str | None = None
    chat_instance: str | None = None
    inaccessible_id: int | None = None


class BotClient(Protocol):
    """The calls Quorum makes, in one library's hands."""

    async def me(self) -> str:
        """Return the bot's username."""

    async def send(
        self, chat_id: int, text: str, *, buttons: Buttons = (), reply_to: int | None = None
    ) -> SeenMessage:
        """Send a text in HTML parse mode."""

    async def send_photo(
        self, chat_id: int, photo: bytes | str, caption: str, *, buttons: Buttons = ()
    ) -> SeenMessage:
        """Send a picture, uploaded or by file id."""

    async def edit_text(
        self, chat_id: int, message_id: int, text: str, *, buttons: Buttons = ()
    ) -> SeenMessage:
        """Replace a text."""

    async def edit_caption(self, chat_id: int, message_id: int, caption: str) -> SeenMessage:
        """Replace a caption."""

    async def edit_media(
        self, chat_id: int, message_id: int, photo: bytes, caption: str
    ) -> SeenMessage:
        """Replace picture and caption."""

    async def edit_keyboard(self, chat_id: int, message_id: int, buttons: Buttons) -> SeenMessage:
        """Replace the keyboard."""

    async def delete(self, chat_id: int, message_id: int) -> bool:
        """Delete a message."""

    async def pin(self, chat_id: int, message_id: int) -> bool:
        """Pin a message."""

    async def act(self, chat_id: int) -> bool:
        """Show "typing"."""

    async def answer(self, query_id: str, text: str, *, show_alert: bool = False) -> bool:
        """Answer a press."""

    async def set_commands(self, commands: dict[str, str], *, chat_id: int | None = None) -> bool:
        """Register commands by default, or for one chat."""

    async def commands(self, *, chat_id: int | None = None) -> dict[str, str]:
        """Return the registered commands."""

    async def delete_commands(self, *, chat_id: int | None = None) -> bool:
        """Forget the registered commands."""

    async def title(self, chat_id: int) -> str:
        """Return a chat's title."""

    async def member_status(self, chat_id: int, user_id: int) -> str:
        """Return what somebody is in a chat."""

    async def administrators(self, chat_id: int) -> dict[int, str]:
        """Return ids and statuses of a chat's administrators."""

    async def download(self, file_id: str) -> bytes:
        """Return a stored file's bytes."""

    async def updates(
        self, *, offset: int = 0, timeout_s: int = 0, kinds: list[str] | None = None
    ) -> list[SeenUpdate]:
        """Poll once."""

    async def set_webhook(self, url: str) -> bool:
        """Set a webhook."""

    async def delete_webhook(self, *, drop_pending: bool = False) -> bool:
        """Remove the webhook."""

    async def webhook_pending(self) -> tuple[str, int]:
        """Return the webhook's address and how many updates wait."""
