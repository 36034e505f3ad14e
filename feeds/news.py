"""Headlines of news sites, from RSS or Atom; the only room of feedparser, which never fetches."""

import asyncio
import calendar
import io
import re
from collections.abc import Mapping
from typing import Any, Final

import feedparser
from pydantic import Field

from domain.errors import InvalidDataError
from domain.feeds import FeedAnswer
from domain.sentiment import Text, TextKind
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from feeds.payload import Payload
from feeds.provider import Provider, ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import UnixSeconds, sound_rows
from feeds.texts import AUTHOR_LENGTH, IDENTITY_LENGTH, dated_texts, plain_text, text_of_markup

NEWS_SITES: Final[Mapping[str, str]] = {
    "news_coindesk": "https://www.coindesk.com/arc/outboundfeeds/rss/",
    "news_cointelegraph": "https://cointelegraph.com/rss",
    "news_decrypt": "https://decrypt.co/feed",
    "news_the_block": "https://www.theblock.co/rss.xml",
}
"""Names of the sites as providers, and the addresses of their feeds."""

_ENTRIES: Final = 100
"""Entries of one document that are read; sites offer 20 to 50."""

_DOCUMENT_LENGTH: Final = 1_000_000
"""Characters of a document; sites send up to 300,000."""

_WHAT_FEEDPARSER_RAISES: Final = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    RecursionError,
    TypeError,
    ValueError,
)
"""Its own parser of broken XML trips over odd references, dates and places."""

_END: Final = re.compile(r"</\s*(rss|feed|rdf:RDF)\s*>", re.IGNORECASE)
_END_WITHIN: Final = 2_000
"""Characters before the end where the root must close: caches append comments."""


def news_plan(name: str, base_url: str, *, user_agent: str) -> ProviderPlan:
    """How a site is asked: every three minutes, which its ETag makes cheap."""
    return ProviderPlan(
        name=name,
        base_url=base_url,
        every_seconds=180.0,
        requests_per_minute=4.0,
        headers={"User-Agent": user_agent, "Accept": "application/rss+xml, application/xml"},
    )


class NewsEntry(Payload, strict=True):
    """What is read of an entry: title and summary as a reader sees them, when it was published."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    summary: str = ""
    author: str = ""
    published: UnixSeconds


class NewsFeed(ProviderFeed):
    """The headlines of one site."""

    def __init__(self, provider: Provider, clock: Clock) -> None:
        super().__init__(provider)
        self._clock = clock

    async def fetch(self) -> FeedAnswer:
        """The newest headlines; raises FeedError.

        Documents are parsed in a thread: a big one takes long enough to be felt elsewhere.
        """
        document = await self._provider.get_text()
        try:
            entries = await asyncio.to_thread(entries_of, document)
            rows = sound_rows(self._provider, NewsEntry, entries)
            texts = [headline(entry, self.provider) for entry in rows]
            return self._provider.answer(dated_texts(texts, to_ms(self._clock.now())))
        except InvalidDataError as error:
            raise self._provider.reject(document, str(error)) from error


def entries_of(document: str) -> list[dict[str, object]]:
    """The fields of `NewsEntry` of each entry of an RSS or Atom document, still to be checked.

    Raises InvalidDataError for what is no feed, is cut short, too long, or declares entities (the
    way to make a small document huge).
    """
    _refuse_unsound(document)
    # Bytes in a stream: feedparser would fetch a text that looks like an address.
    try:
        parsed: Mapping[str, Any] = feedparser.parse(
            io.BytesIO(document.encode("utf-8", "replace")),
            response_headers={"content-type": "application/xml; charset=utf-8"},
            sanitize_html=False,
            resolve_relative_uris=False,
        )
    except _WHAT_FEEDPARSER_RAISES as error:
        raise InvalidDataError(f"the document cannot be read ({type(error).__name__})") from error
    if not parsed.get("version"):
        raise InvalidDataError("the document is neither RSS nor Atom")
    return [_fields(entry) for entry in parsed["entries"][:_ENTRIES]]


def headline(entry: NewsEntry, provider: str) -> Text:
    """The text of an entry: its title, and its summary where there is one."""
    whole = f"{entry.title}. {entry.summary}" if entry.summary else entry.title
    return Text(
        provider=provider,
        id=plain_text(entry.id, length=IDENTITY_LENGTH),
        kind=TextKind.HEADLINE,
        author=plain_text(entry.author, length=AUTHOR_LENGTH),
        text=plain_text(whole),
        published_ms=entry.published * 1000,
    )


def _refuse_unsound(document: str) -> None:
    if len(document) > _DOCUMENT_LENGTH:
        raise InvalidDataError(
            f"{len(document)} characters are no feed: {_DOCUMENT_LENGTH} at most"
        )
    if "<!ENTITY" in document:
        raise InvalidDataError("the document declares entities of its own")
    if not _END.search(document, max(0, len(document) - _END_WITHIN)):
        raise InvalidDataError("the document is no feed or was cut short")


def _fields(entry: Mapping[str, Any]) -> dict[str, object]:
    title = plain_text(text_of_markup(_string(entry, "title")))
    return {
        "id": _string(entry, "id") or _string(entry, "link") or title,
        "title": title,
        "summary": plain_text(text_of_markup(_string(entry, "summary"))),
        "author": _string(entry, "author"),
        "published": _published(entry),
    }


def _string(entry: Mapping[str, Any], field: str) -> str:
    value = entry.get(field)
    return value if isinstance(value, str) else ""


def _published(entry: Mapping[str, Any]) -> int | None:
    """Unix seconds; None for a date that is missing or no day of any calendar."""
    date = entry.get("published_parsed" if "published_parsed" in entry else "updated_parsed")
    try:
        return None if date is None else calendar.timegm(date)
    except (ValueError, OverflowError):
        return None
