"""Telegram's HTML parse mode: markup in, plain text and entities out, or Telegram's complaint."""

import re
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlsplit

from tests.telegram_server.entities import Entity, FormattedText, in_listing_order, utf16_length
from tests.telegram_server.html_tags import (
    ENTITY_TYPES,
    StartTag,
    TagReader,
    cannot_parse,
    read_character_reference,
)
from tests.telegram_server.nesting import without_code_overlap

LINK_SCHEMES = frozenset({"http", "https", "tg", "ton", "tonsite"})
DATE_TIME_FORMAT = re.compile(r"r|w?[dD]?[tT]?")


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenTag:
    """A tag that waits for its end, and where its words begin in the plain text."""

    tag: StartTag
    offset: int
    start: int


def parse_html(source: str) -> FormattedText:
    """Parse a text in HTML parse mode.

    Raises:
        RefusedError: "can't parse entities", with Telegram's reason and byte offset.
    """
    return _HtmlParser(source).parse()


class _HtmlParser:
    """Walks the source once, keeping the plain text, the open tags and the finished entities."""

    def __init__(self, source: str) -> None:
        self._reader = TagReader(source)
        self._plain: list[str] = []
        self._length = 0
        self._open: list[OpenTag] = []
        self._entities: list[Entity] = []

    def parse(self) -> FormattedText:
        source = self._reader.source
        while self._reader.position < len(source):
            if source.startswith("</", self._reader.position):
                self._end_tag()
            elif source[self._reader.position] == "<":
                self._start_tag()
            else:
                self._character()
        if self._open:
            name = self._open[-1].tag.name
            raise cannot_parse(f'Can\'t find end tag corresponding to start tag "{name}"')
        return FormattedText(
            text="".join(self._plain),
            entities=in_listing_order(
                _without_inline_language(entity) for entity in without_code_overlap(self._entities)
            ),
        )

    def _character(self) -> None:
        reader = self._reader
        character, reader.position = read_character_reference(reader.source, reader.position) or (
            reader.source[reader.position],
            reader.position + 1,
        )
        self._plain.append(character)
        self._length += utf16_length(character)

    def _start_tag(self) -> None:
        begin = self._reader.position
        tag = self._reader.read_start_tag()
        if tag.name == "span" and tag.attributes.get("class") != "tg-spoiler":
            offset = self._reader.byte_offset(begin)
            raise cannot_parse(f'Tag "span" must have class "tg-spoiler" at byte offset {offset}')
        self._open.append(OpenTag(tag=tag, offset=self._length, start=len(self._plain)))

    def _end_tag(self) -> None:
        offset = self._reader.byte_offset(self._reader.position)
        if not self._open:
            raise cannot_parse(f"Unexpected end tag at byte offset {offset}")
        name = self._reader.read_end_tag()
        opened = self._open.pop()
        expected = opened.tag.name
        if name not in {"", expected}:
            raise cannot_parse(
                f'Unmatched end tag at byte offset {offset}, expected "</{expected}>",'
                f' found "</{name}>"'
            )
        if self._length > opened.offset:
            self._close(opened)

    def _close(self, opened: OpenTag) -> None:
        """Turn a finished tag into an entity."""
        length = self._length - opened.offset
        entity = Entity(type=ENTITY_TYPES[opened.tag.name], offset=opened.offset, length=length)
        if opened.tag.name == "a":
            words = "".join(self._plain[opened.start :])
            link = checked_link(opened.tag.attributes.get("href") or words)
            self._entities += [replace(entity, url=link)] if link else []
        elif opened.tag.name == "pre":
            self._entities.append(self._preformatted(entity))
        else:
            self._entities.append(replace(entity, **_details(opened.tag)))

    def _preformatted(self, entity: Entity) -> Entity:
        """Take over the language of a `<code class="language-...">` that fills the block."""
        inner = self._entities[-1] if self._entities else None
        if (
            inner
            and inner.type == "code"
            and (inner.offset, inner.end)
            == (
                entity.offset,
                entity.end,
            )
        ):
            return replace(entity, language=self._entities.pop().language)
        return entity


def _details(tag: StartTag) -> dict[str, Any]:
    """Read what a tag says beyond its name."""
    match tag.name:
        case "blockquote" if "expandable" in tag.attributes:
            return {"type": "expandable_blockquote"}
        case "code" if tag.attributes.get("class", "").startswith("language-"):
            return {"language": tag.attributes["class"].removeprefix("language-")}
        case "tg-emoji":
            return {"custom_emoji_id": _custom_emoji(tag)}
        case "tg-time":
            return _date_time(tag)
    return {}


def _custom_emoji(tag: StartTag) -> str:
    identifier = tag.attributes.get("emoji-id", "")
    if not identifier.isdecimal() or not 0 < int(identifier) < 2**63:
        raise cannot_parse("Invalid custom emoji identifier specified")
    return identifier


def _date_time(tag: StartTag) -> dict[str, Any]:
    unix, wanted = tag.attributes.get("unix", ""), tag.attributes.get("format", "")
    if not unix.isdecimal() or int(unix) == 0:
        raise cannot_parse("Invalid date specified")
    if not DATE_TIME_FORMAT.fullmatch(wanted):
        raise cannot_parse("Invalid date format used")
    return {"unix_time": int(unix), "date_time_format": wanted}


def checked_link(url: str) -> str | None:
    """Return a link as Telegram stores it, or None when it would drop it and keep the words."""
    try:
        parts = urlsplit(url if "://" in url else f"http://{url}")
    except ValueError:
        return None
    if parts.scheme not in LINK_SCHEMES or " " in url:
        return None
    if parts.scheme in {"http", "https"}:
        return _web_link(parts.geturl()) if "." in parts.netloc.strip(".") else None
    return parts.geturl()


def _web_link(url: str) -> str:
    """Add the slash that a bare host lacks."""
    parts = urlsplit(url)
    return url if parts.path else parts._replace(path="/").geturl()


def _without_inline_language(entity: Entity) -> Entity:
    """Only a block shows a language; on inline code it is ignored."""
    return replace(entity, language=None) if entity.type == "code" else entity
