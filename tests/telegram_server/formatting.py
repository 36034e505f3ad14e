"""Turns `text`, `parse_mode` and `entities` of a call into formatted text within the limits.

The limits count UTF-16 code units after parsing, the strictest reading of the Bot API's
"characters": what passes here passes there.
"""

import unicodedata
from typing import Any

from tests.telegram_server.call import Call
from tests.telegram_server.entities import (
    Entity,
    FormattedText,
    in_listing_order,
    trimmed,
    utf16_length,
)
from tests.telegram_server.html_markup import checked_link, parse_html
from tests.telegram_server.html_tags import ENTITY_TYPES
from tests.telegram_server.nesting import without_code_overlap
from tests.telegram_server.refusals import bad_request

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024
INVISIBLE_CATEGORIES = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
BRAILLE_BLANK = "\u2800"

GIVEN_BY_BOTS = frozenset({*ENTITY_TYPES.values(), "expandable_blockquote"})
# Telegram finds these by itself and ignores them when given.
FOUND_BY_TELEGRAM = frozenset(
    {"mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"}
)


def read_text(call: Call) -> FormattedText:
    """Read the `text` of a message.

    Raises:
        RefusedError: it is absent, or its markup or entities are wrong.
    """
    if not call.text("text"):
        raise bad_request("message text is empty")
    return format_text(
        call.text("text"), call.text("parse_mode"), call.structure("entities", "MessageEntity")
    )


def read_caption(call: Call) -> FormattedText:
    """Read the `caption` of a photo; absent means empty.

    Raises:
        RefusedError: its markup or entities are wrong.
    """
    entities = call.structure("caption_entities", "MessageEntity")
    return format_text(call.text("caption"), call.text("parse_mode"), entities)


def format_text(source: str, parse_mode: str, entities: Any) -> FormattedText:
    """Apply the parse mode or, without one, the explicit entities.

    Raises:
        RefusedError: wrong markup, wrong entities, or a mode other than HTML: Quorum writes HTML
            only, so Markdown is refused as an unknown mode rather than half understood.
    """
    match parse_mode.lower():
        case "html":
            return trimmed(parse_html(source))
        case "" | "none":
            return trimmed(FormattedText(text=source, entities=_explicit(source, entities or [])))
    raise bad_request("unsupported parse_mode")


def require_text(formatted: FormattedText, *, too_long: str) -> None:
    """Refuse a text that shows nothing or is longer than 4096 units."""
    if not _shows_something(formatted.text):
        raise bad_request("text must be non-empty")
    if formatted.length > TEXT_LIMIT:
        raise bad_request(too_long)


def require_caption(formatted: FormattedText, *, too_long: str) -> None:
    """Refuse a caption longer than 1024 units."""
    if formatted.length > CAPTION_LIMIT:
        raise bad_request(too_long)


def _shows_something(text: str) -> bool:
    return any(
        unicodedata.category(character) not in INVISIBLE_CATEGORIES and character != BRAILLE_BLANK
        for character in text
    )


def _explicit(text: str, entities: list[dict[str, Any]]) -> tuple[Entity, ...]:
    """Check entities given by the bot; those Telegram finds itself are ignored, as it does."""
    kept = [_explicit_entity(text, given) for given in entities]
    return in_listing_order(
        without_code_overlap([entity for entity in kept if entity.type in GIVEN_BY_BOTS])
    )


def _explicit_entity(text: str, given: dict[str, Any]) -> Entity:
    kind = given.get("type", "")
    if kind not in GIVEN_BY_BOTS | FOUND_BY_TELEGRAM:
        raise bad_request("can't parse MessageEntity: Unsupported type specified")
    entity = Entity(
        type=kind,
        offset=given["offset"],
        length=given["length"],
        url=_explicit_link(given) if kind == "text_link" else None,
        language=given.get("language"),
        custom_emoji_id=given.get("custom_emoji_id"),
        unix_time=given.get("unix_time"),
        date_time_format=given.get("date_time_format"),
    )
    _require_inside(text, entity)
    return entity


def _explicit_link(given: dict[str, Any]) -> str:
    url = str(given.get("url", ""))
    link = checked_link(url)
    if link is None:
        raise bad_request(f"entity URL '{url}' is invalid: Wrong HTTP URL")
    return link


def _require_inside(text: str, entity: Entity) -> None:
    length = utf16_length(text)
    if entity.offset < 0:
        raise bad_request(f"receive an entity with incorrect offset {entity.offset}")
    if entity.offset >= length:
        raise bad_request(
            f"entity begins after the end of the text at UTF-16 offset {entity.offset}"
        )
    if entity.end > length:
        raise bad_request(
            f"entity beginning at UTF-16 offset {entity.offset} ends after the end of the text"
            f" at UTF-16 offset {entity.end}"
        )
    units = text.encode("utf-16-le")
    for name, place in (("begins", entity.offset), ("ends", entity.end)):
        if _splits_a_pair(units, place):
            raise bad_request(
                f"entity {name} in a middle of a UTF-16 symbol at UTF-16 offset {place}"
            )


def _splits_a_pair(units: bytes, place: int) -> bool:
    """Tell whether the unit at `place` is the second half of a surrogate pair."""
    unit = int.from_bytes(units[2 * place : 2 * place + 2], "little")
    return 0xDC00 <= unit <= 0xDFFF
