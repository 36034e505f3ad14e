"""Reads one HTML tag, its attributes and character references, the way Telegram's parser does.

Telegram names the place of an error as a byte offset into the UTF-8 text; so does this reader.
"""

import re
from dataclasses import dataclass

from tests.telegram_server.refusals import RefusedError, bad_request

CHARACTER_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]+)|#([0-9]+)|(lt|gt|amp|quot)(?![a-zA-Z]));?")
NAMED_CHARACTERS = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
TAG_NAME = re.compile(r"[^\s>]*", re.ASCII)
ATTRIBUTE_NAME = re.compile(r"[^\s>=]*", re.ASCII)
NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
WHITE_SPACE = re.compile(r"\s*", re.ASCII)

# The tags Telegram supports, and what each becomes.
ENTITY_TYPES = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "ins": "underline",
    "s": "strikethrough",
    "strike": "strikethrough",
    "del": "strikethrough",
    "tg-spoiler": "spoiler",
    "span": "spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
    "a": "text_link",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class StartTag:
    """An opening tag with its attributes; a valueless `expandable` is an empty string."""

    name: str
    attributes: dict[str, str]


def cannot_parse(problem: str) -> RefusedError:
    """Refuse a text whose markup is wrong."""
    return bad_request(f"can't parse entities: {problem}")


def read_character_reference(source: str, position: int) -> tuple[str, int] | None:
    """Decode the reference at `position`; None when it is none, so that `&` is just a letter.

    Telegram knows `&lt; &gt; &amp; &quot;` and numbers; `&nbsp;` and the rest stay as written.
    """
    match = CHARACTER_REFERENCE.match(source, position)
    if match is None:
        return None
    hexadecimal, decimal, name = match.groups()
    if name:
        return NAMED_CHARACTERS[name], match.end()
    code = int(hexadecimal, 16) if hexadecimal else int(decimal)
    if code == 0 or code >= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
        return None
    return chr(code), match.end()


class TagReader:
    """A cursor over the source that reads whole tags."""

    def __init__(self, source: str) -> None:
        """Start in front of the first character."""
        self.source = source
        self.position = 0
        self._begin = 0

    def read_start_tag(self) -> StartTag:
        """Read the tag that begins at the cursor, up to and with its `>`."""
        self._begin = self.position
        self.position += 1
        name = self._take(TAG_NAME).lower()
        if self._at_end:
            raise self._problem("Unclosed start tag at byte offset {}")
        if name not in ENTITY_TYPES:
            raise self._problem(f'Unsupported start tag "{name}" at byte offset {{}}')
        attributes = self._read_attributes(name)
        self.position += 1
        return StartTag(name=name, attributes=attributes)

    def read_end_tag(self) -> str:
        """Read the closing tag at the cursor, up to and with its `>`; return its name."""
        self._begin = self.position
        self.position += len("</")
        name = self._take(TAG_NAME).lower()
        self._take(WHITE_SPACE)
        if self._at_end or self.source[self.position] != ">":
            raise self._problem("Unclosed end tag at byte offset {}")
        self.position += 1
        return name

    def byte_offset(self, position: int) -> int:
        """Return where a character stands in the UTF-8 text."""
        return len(self.source[:position].encode())

    @property
    def _at_end(self) -> bool:
        return self.position >= len(self.source)

    def _take(self, pattern: re.Pattern[str]) -> str:
        """Read what the pattern matches at the cursor; every pattern here also matches nothing."""
        match = pattern.match(self.source, self.position)
        taken = match.group() if match else ""
        self.position += len(taken)
        return taken

    def _problem(self, sentence: str) -> RefusedError:
        return cannot_parse(sentence.format(self.byte_offset(self._begin)))

    def _read_attributes(self, tag: str) -> dict[str, str]:
        attributes: dict[str, str] = {}
        self._take(WHITE_SPACE)
        while not self._at_end and self.source[self.position] != ">":
            name = self._take(ATTRIBUTE_NAME)
            if not name:
                raise self._problem(f'Empty attribute name in the tag "{tag}" at byte offset {{}}')
            attributes[name] = self._read_value(tag, name)
            self._take(WHITE_SPACE)
        if self._at_end:
            raise self._problem("Unclosed start tag at byte offset {}")
        return attributes

    def _read_value(self, tag: str, name: str) -> str:
        self._take(WHITE_SPACE)
        if not self._at_end and self.source[self.position] != "=":
            if (tag, name) == ("blockquote", "expandable"):
                return ""
            raise self._problem(
                f'Expected equal sign in declaration of an attribute of the tag "{tag}"'
                " at byte offset {}"
            )
        self.position += 1
        self._take(WHITE_SPACE)
        if self._at_end:
            raise self._problem(f'Unclosed start tag "{tag}" at byte offset {{}}')
        if self.source[self.position] in "'\"":
            return self._read_quoted()
        return self._read_name_token()

    def _read_quoted(self) -> str:
        quote = self.source[self.position]
        self.position += 1
        value = []
        while not self._at_end and self.source[self.position] != quote:
            character, self.position = read_character_reference(self.source, self.position) or (
                self.source[self.position],
                self.position + 1,
            )
            value.append(character)
        self.position += 1
        return "".join(value)

    def _read_name_token(self) -> str:
        start = self.position
        token = self._take(NAME_TOKEN).lower()
        if not self._at_end and not re.match(r"[\s>]", self.source[self.position]):
            raise cannot_parse(
                f"Unexpected end of name token at byte offset {self.byte_offset(start)}"
            )
        return token
