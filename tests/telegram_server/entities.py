"""Text with formatting, measured as Telegram measures it: in UTF-16 code units."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

BLANKS = " \n\t\r"


def utf16_length(text: str) -> int:
    """Return the number of UTF-16 code units: two for an emoji beyond U+FFFF, else one."""
    return len(text) + sum(character > "\uffff" for character in text)


@dataclass(frozen=True, slots=True, kw_only=True)
class Entity:
    """One formatted stretch of a text; offset and length in UTF-16 code units."""

    type: str
    offset: int
    length: int
    url: str | None = None
    language: str | None = None
    custom_emoji_id: str | None = None
    unix_time: int | None = None
    date_time_format: str | None = None

    @property
    def end(self) -> int:
        """Return the offset just behind the stretch."""
        return self.offset + self.length

    def as_json(self) -> dict[str, Any]:
        """Render a MessageEntity."""
        fields = {
            "type": self.type,
            "offset": self.offset,
            "length": self.length,
            "url": self.url,
            "language": self.language,
            "custom_emoji_id": self.custom_emoji_id,
            "unix_time": self.unix_time,
            "date_time_format": self.date_time_format,
        }
        return {name: value for name, value in fields.items() if value is not None}


@dataclass(frozen=True, slots=True, kw_only=True)
class FormattedText:
    """A text without markup, and its entities in the order Telegram lists them."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    @property
    def length(self) -> int:
        """Return the length Telegram's limits count."""
        return utf16_length(self.text)

    def covered(self, entity: Entity) -> str:
        """Return the words an entity covers."""
        units = self.text.encode("utf-16-le")
        return units[2 * entity.offset : 2 * entity.end].decode("utf-16-le")

    def of_type(self, kind: str) -> list[str]:
        """Return the words of every entity of one type, in order."""
        return [self.covered(entity) for entity in self.entities if entity.type == kind]


def in_listing_order(entities: Iterable[Entity]) -> tuple[Entity, ...]:
    """Sort by position, the longer stretch first."""
    return tuple(sorted(entities, key=lambda entity: (entity.offset, -entity.length)))


def trimmed(formatted: FormattedText) -> FormattedText:
    """Cut surrounding white space as Telegram does: never in front of the first entity's start."""
    ending = formatted.text.rstrip(BLANKS)
    blanks = len(ending) - len(ending.lstrip(BLANKS))
    first = min((entity.offset for entity in formatted.entities), default=blanks)
    cut = min(blanks, first)
    text = ending[cut:]
    clipped = (_clipped(entity, cut, utf16_length(text)) for entity in formatted.entities)
    return FormattedText(
        text=text, entities=tuple(entity for entity in clipped if entity.length > 0)
    )


def _clipped(entity: Entity, cut: int, end: int) -> Entity:
    """Move an entity with its text, and end it where the text ends."""
    offset = entity.offset - cut
    return replace(entity, offset=offset, length=min(offset + entity.length, end) - offset)
