"""Posts of Reddit, from the JSON that every listing offers without a key."""

import re
from collections.abc import Iterable, Sequence
from html import unescape
from typing import Any, Final, Literal

from pydantic import Field

from domain.errors import ConfigurationError, InvalidDataError
from domain.feeds import FeedAnswer
from domain.sentiment import Text, TextKind
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from feeds.payload import Payload
from feeds.provider import Provider, ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import sound_rows
from feeds.texts import AUTHOR_LENGTH, IDENTITY_LENGTH, dated_texts, plain_text

REDDIT_URL: Final = "https://www.reddit.com"
SUBREDDITS: Final = ("CryptoCurrency", "Bitcoin", "ethereum", "CryptoMarkets")

_NAME: Final = re.compile(r"[A-Za-z0-9_]{2,21}")
_GONE: Final = frozenset({"[deleted]", "[removed]"})


class RedditPost(Payload, strict=True):
    """A post in a listing (Reddit API documentation, "t3")."""

    id: str = Field(min_length=1)
    title: str = Field(min_length=1)
    selftext: str = ""
    author: str = ""
    created_utc: float = Field(ge=1_230_000_000, le=4_102_444_800)
    score: int = Field(default=0, ge=-1_000_000_000, le=1_000_000_000)
    over_18: bool = False
    stickied: bool = False
    removed_by_category: str | None = None


class RedditListed(Payload, strict=True):
    """One thing in a listing, with its data still to be checked."""

    kind: str
    data: dict[str, Any]


class RedditPage(Payload, strict=True):
    """The things of a listing."""

    children: list[RedditListed] = Field(max_length=100)


class RedditListing(Payload, strict=True):
    """A page of a listing, newest first."""

    kind: Literal["Listing"]
    data: RedditPage


def reddit_plan(*, user_agent: str, base_url: str = REDDIT_URL) -> ProviderPlan:
    """How Reddit is asked: every two minutes, under the ten a minute it grants without a key.

    It refuses common user agents: `user_agent` should name the program and who runs it.
    """
    return ProviderPlan(
        name="reddit",
        base_url=base_url,
        every_seconds=120.0,
        requests_per_minute=6.0,
        headers={"User-Agent": user_agent},
    )


class RedditFeed(ProviderFeed):
    """The newest posts of some subreddits, in one question.

    Raises ConfigurationError for a name that no subreddit can have.
    """

    def __init__(
        self, provider: Provider, clock: Clock, subreddits: Sequence[str] = SUBREDDITS
    ) -> None:
        super().__init__(provider)
        self._clock = clock
        self._path = f"/r/{_joined(subreddits)}/new.json"

    async def fetch(self) -> FeedAnswer:
        """The hundred newest posts; raises FeedError."""
        listing = await self._provider.get(
            RedditListing, self._path, {"limit": "100", "raw_json": "1"}
        )
        listed = [one.data for one in listing.data.children if one.kind == "t3"]
        posts = sound_rows(self._provider, RedditPost, listed)
        try:
            texts = dated_texts(texts_of_reddit(posts, self.provider), to_ms(self._clock.now()))
        except InvalidDataError as error:
            raise self._provider.reject(listing.model_dump_json(), str(error)) from error
        return self._provider.answer(texts)


def texts_of_reddit(posts: Iterable[RedditPost], provider: str) -> list[Text]:
    """Title and body of each; without what moderators removed or pinned, and adult content."""
    return [_text(post, provider) for post in posts if _counts(post)]


def _counts(post: RedditPost) -> bool:
    shown = not post.removed_by_category and post.title not in _GONE
    return shown and not post.stickied and not post.over_18


def _text(post: RedditPost, provider: str) -> Text:
    body = "" if post.selftext in _GONE else post.selftext
    return Text(
        provider=provider,
        id=plain_text(post.id, length=IDENTITY_LENGTH),
        kind=TextKind.POST,
        author="" if post.author in _GONE else plain_text(post.author, length=AUTHOR_LENGTH),
        text=plain_text(unescape(f"{post.title}. {body}" if body else post.title)),
        published_ms=round(post.created_utc * 1000),
        reach=max(0, post.score),
    )


def _joined(subreddits: Sequence[str]) -> str:
    wrong = [name for name in subreddits if not _NAME.fullmatch(name)]
    if wrong or not subreddits:
        raise ConfigurationError(
            f"subreddits {list(subreddits)}: give at least one, each of 2 to 21 letters, digits"
            " and underscores, without r/"
        )
    return "+".join(subreddits)
