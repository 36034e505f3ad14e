"""A message, everything it ever showed, and how the Bot API renders it."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from tests.telegram_server.entities import Entity, FormattedText
from tests.telegram_server.keyboards import NO_KEYBOARD, Keyboard
from tests.telegram_server.people import Person
from tests.telegram_server.photos import Photo

if TYPE_CHECKING:
    from tests.telegram_server.chats import Chat


@dataclass(frozen=True, slots=True, kw_only=True)
class Content:
    """What a message shows: a text, or a photo whose text is its caption."""

    formatted: FormattedText = field(default_factory=FormattedText)
    photo: Photo | None = None
    keyboard: Keyboard = NO_KEYBOARD
    link_preview_options: dict[str, Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """One state of a message; `at` is the server's monotonic time, `date` its unix time."""

    content: Content
    at: float
    date: int


@dataclass(slots=True, kw_only=True, eq=False)
class Message:
    """A message as it is now, with every earlier state."""

    chat: "Chat"
    id: int
    author: Person | None
    by_bot: bool
    revisions: list[Revision]
    reply_to: "Message | None" = None
    is_silent: bool = False
    is_pinned: bool = False
    is_deleted: bool = False
    extra: dict[str, Any] = field(default_factory=dict)

    @property
    def content(self) -> Content:
        """Return what the message shows now."""
        return self.revisions[-1].content

    @property
    def date(self) -> int:
        """Return the unix time of sending."""
        return self.revisions[0].date

    @property
    def is_edited(self) -> bool:
        """Tell whether it was ever edited."""
        return len(self.revisions) > 1

    @property
    def text(self) -> str:
        """Return the text or caption, without markup."""
        return self.content.formatted.text

    @property
    def entities(self) -> tuple[Entity, ...]:
        """Return the formatting of the text or caption."""
        return self.content.formatted.entities

    @property
    def keyboard(self) -> Keyboard:
        """Return the inline keyboard; falsy when there is none."""
        return self.content.keyboard

    @property
    def photo(self) -> Photo | None:
        """Return the picture, if it is a photo post."""
        return self.content.photo

    @property
    def history(self) -> list[str]:
        """Return every text it ever showed, the newest last."""
        return [revision.content.formatted.text for revision in self.revisions]

    def as_json(self, *, with_reply: bool = True) -> dict[str, Any]:
        """Render a Message; the replied-to message is rendered without its own reply."""
        rendered = {
            "message_id": self.id,
            "date": self.date,
            "chat": self.chat.as_json(),
            **self._author_json(),
            **_content_json(self.content),
            **self.extra,
        }
        if self.is_edited:
            rendered["edit_date"] = self.revisions[-1].date
        if self.reply_to is not None and with_reply:
            rendered["reply_to_message"] = self.reply_to.as_json(with_reply=False)
        return rendered

    def describe(self) -> str:
        """Return one line for a failing test's report."""
        marks = [
            "deleted" if self.is_deleted else "",
            "pinned" if self.is_pinned else "",
            f"edited {len(self.revisions) - 1}x" if self.is_edited else "",
            "photo" if self.photo else "",
            str(self.keyboard.labels) if self.keyboard else "",
        ]
        writer = "bot" if self.by_bot else self.author.first_name if self.author else "channel"
        return f"#{self.id} {writer}: {self.text!r} {' '.join(mark for mark in marks if mark)}"

    def _author_json(self) -> dict[str, Any]:
        """A channel's posts come from the channel: they name no person."""
        if self.author is None:
            return {"sender_chat": self.chat.as_json()}
        return {"from": self.author.as_json()}


def _content_json(content: Content) -> dict[str, Any]:
    formatted = content.formatted
    words, marks = ("caption", "caption_entities") if content.photo else ("text", "entities")
    fields = {
        "photo": content.photo.as_json() if content.photo else None,
        words: formatted.text,
        marks: [entity.as_json() for entity in formatted.entities],
        "reply_markup": content.keyboard.as_json() if content.keyboard else None,
        "link_preview_options": content.link_preview_options,
    }
    return {name: value for name, value in fields.items() if value}
