"""Chats: private, group and channel; who is in them, what stands in them, what the bot may do."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from tests.telegram_server.clock import ServerClock
from tests.telegram_server.messages import Content, Message, Revision
from tests.telegram_server.people import Person
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.watch import PATIENCE_SECONDS, Found, Watch

IDS_PER_CHAT = 1000


class ChatType(Enum):
    """The kinds of chat, in Telegram's words."""

    PRIVATE = "private"
    GROUP = "supergroup"
    CHANNEL = "channel"


class BotStanding(Enum):
    """What the bot is in a chat, in Telegram's words.

    In a private chat LEFT means that Start was never pressed, KICKED that the bot is blocked.
    """

    LEFT = "left"
    MEMBER = "member"
    ADMINISTRATOR = "administrator"
    KICKED = "kicked"


@dataclass(slots=True, kw_only=True, eq=False)
class Chat:
    """One chat and its whole transcript. Message ids count up from `last_message_id`."""

    id: int
    type: ChatType
    name: str
    watch: Watch
    clock: ServerClock
    last_message_id: int
    bot_standing: BotStanding
    username: str | None = None
    members: dict[int, str] = field(default_factory=dict)
    transcript: list[Message] = field(default_factory=list)

    @property
    def messages(self) -> list[Message]:
        """Return what stands in the chat now, deleted messages left out."""
        return [message for message in self.transcript if not message.is_deleted]

    @property
    def posts(self) -> list[Message]:
        """Return what the bot wrote and what still stands."""
        return [message for message in self.messages if message.by_bot]

    @property
    def pinned(self) -> list[Message]:
        """Return the pinned messages."""
        return [message for message in self.messages if message.is_pinned]

    def find(self, message_id: int) -> Message | None:
        """Return a standing message by its id."""
        return next((message for message in self.messages if message.id == message_id), None)

    def add(
        self,
        content: Content,
        *,
        author: Person | None,
        by_bot: bool,
        reply_to: Message | None = None,
        is_silent: bool = False,
        extra: dict[str, Any] | None = None,
    ) -> Message:
        """Append a message with the next id."""
        self.last_message_id += 1
        message = Message(
            chat=self,
            id=self.last_message_id,
            author=author,
            by_bot=by_bot,
            revisions=[self.revision(content)],
            reply_to=reply_to,
            is_silent=is_silent,
            extra=extra or {},
        )
        self.transcript.append(message)
        return message

    def revision(self, content: Content) -> Revision:
        """Date a content with the server's clock."""
        return Revision(content=content, at=self.clock.monotonic(), date=self.clock.unix())

    async def wait(
        self, look: Callable[[Sequence[Message]], Found | None], timeout_s: float = PATIENCE_SECONDS
    ) -> Found:
        """Wait until `look`, given the bot's standing messages, returns something truthy.

        Raises:
            NothingHappenedError: it did not in `timeout_s` seconds; the text shows the transcript.
        """
        return await self.watch.expect(
            lambda: look(self.posts), timeout_s=timeout_s, otherwise=self.describe
        )

    def describe(self) -> str:
        """Return the transcript for a failing test's report."""
        lines = [message.describe() for message in self.transcript]
        return "\n  ".join([f"{self.type.value} {self.id} holds", *(lines or ["nothing"])])

    def as_json(self) -> dict[str, Any]:
        """Render a Chat."""
        name = "first_name" if self.type is ChatType.PRIVATE else "title"
        fields: dict[str, Any] = {"id": self.id, "type": self.type.value, name: self.name}
        return fields | ({"username": self.username} if self.username else {})


class ChatBook:
    """Every chat there is. Each starts its message ids elsewhere, so that mixed-up chats show."""

    def __init__(self, *, watch: Watch, clock: ServerClock) -> None:
        """Start without chats."""
        self._watch = watch
        self._clock = clock
        self._chats: dict[int, Chat] = {}

    def open(
        self,
        *,
        chat_id: int,
        kind: ChatType,
        name: str,
        username: str | None,
        standing: BotStanding,
    ) -> Chat:
        """Create a chat."""
        if chat_id in self._chats:
            message = f"chat {chat_id} exists already: give each chat and user its own id"
            raise ValueError(message)
        chat = Chat(
            id=chat_id,
            type=kind,
            name=name,
            watch=self._watch,
            clock=self._clock,
            last_message_id=IDS_PER_CHAT * (len(self._chats) + 1),
            bot_standing=standing,
            username=username,
        )
        self._chats[chat_id] = chat
        return chat

    def find(self, reference: str) -> Chat | None:
        """Return the chat a `chat_id` names: a number, or @username of a public chat."""
        if reference.startswith("@"):
            public = (chat for chat in self._chats.values() if chat.type is not ChatType.PRIVATE)
            name = reference[1:].lower()
            return next((chat for chat in public if (chat.username or "").lower() == name), None)
        try:
            return self._chats.get(int(reference))
        except ValueError:
            return None

    def named(self, reference: str) -> Chat:
        """Return the chat a call names.

        Raises:
            RefusedError: none is named, or there is none.
        """
        if not reference:
            raise bad_request("chat_id is empty")
        chat = self.find(reference)
        if chat is None:
            raise bad_request("chat not found")
        return chat
