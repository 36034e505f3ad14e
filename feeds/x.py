"""Posts of X about the watched coins, from its recent search (key)."""

import re
from collections.abc import Callable, Iterable, Sequence
from html import unescape
from typing import Any, Final

from pydantic import AwareDatetime, Field

from domain.errors import ConfigurationError, FeedError, InvalidDataError
from domain.feeds import FeedAnswer
from domain.sentiment import Text, TextKind
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from feeds.payload import Payload
from feeds.provider import Provider, ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import Count, sound_rows
from feeds.texts import AUTHOR_LENGTH, dated_texts, plain_text

X_URL: Final = "https://api.x.com"

QUERY_LENGTH: Final = 512
"""Characters of a search that self-serve access allows (X API documentation, search posts)."""

_POSTS: Final = 25
_POSTS_ALLOWED: Final = (10, 100)
_REMARKS: Final = "-is:retweet lang:en"
_SEARCHED_MS: Final = 6 * 86_400_000
"""An id is not asked after for longer: the search goes back seven days and refuses older ones."""

_CASHTAG: Final = re.compile(r"[A-Z]{1,6}")
_HASHTAG: Final = re.compile(r"(?=[0-9]*[A-Z])[A-Z0-9]{1,20}")
_DIGITS: Final = r"^[0-9]{1,19}$"


class XMetrics(Payload, strict=True):
    """Who stood behind a post."""

    like_count: Count = 0
    retweet_count: Count = 0


class XPost(Payload, strict=True):
    """A post (X API v2)."""

    id: str = Field(pattern=_DIGITS)
    text: str = Field(min_length=1)
    author_id: str = ""
    created_at: AwareDatetime = Field(strict=False)
    public_metrics: XMetrics = XMetrics()


class XMeta(Payload, strict=True):
    """What came of a search. Without a result there is no `data` and no `newest_id`."""

    result_count: int = Field(ge=0)
    newest_id: str | None = Field(default=None, pattern=_DIGITS)


class XError(Payload):
    """Why something, or everything, is missing from an answer."""

    title: str = ""
    detail: str = ""


class XSearch(Payload, strict=True):
    """A page of a search, newest first; its posts still to be checked."""

    data: list[dict[str, Any]] = Field(default_factory=list, max_length=100)
    meta: XMeta | None = None
    errors: list[XError] = Field(default_factory=list)


def x_plan(*, bearer_token: str, base_url: str = X_URL) -> ProviderPlan:
    """How X is asked: every quarter of an hour, since every post that it tells is charged."""
    return ProviderPlan(
        name="x",
        base_url=base_url,
        every_seconds=900.0,
        requests_per_minute=4.0,
        headers={"Authorization": f"Bearer {bearer_token}"},
        secrets=(bearer_token,),
    )


class XFeed(ProviderFeed):
    """The newest posts about the coins that `assets` names.

    `posts` (10 to 100) bounds an answer, and so what a day costs. More coins than fit into a search
    are asked for in turn. Raises ConfigurationError for another `posts`.
    """

    def __init__(
        self,
        provider: Provider,
        clock: Clock,
        assets: Callable[[], Iterable[str]],
        *,
        posts: int = _POSTS,
    ) -> None:
        low, high = _POSTS_ALLOWED
        if not low <= posts <= high:
            raise ConfigurationError(f"posts of X per question: {posts}; give {low} to {high}")
        super().__init__(provider)
        self._clock = clock
        self._assets = assets
        self._posts = posts
        self._newest: tuple[str, int] = ("", 0)
        self._next_tag = 0

    async def fetch(self) -> FeedAnswer:
        """Posts since the last answer; raises FeedError, also while no coin is watched."""
        tags = tags_of(sorted(self._assets()))
        if not tags:
            raise FeedError(f"{self.provider}: not asked, since no coin is watched yet")
        asked = self._parameters(self._query(tags))
        try:
            search = await self._provider.get(XSearch, "/2/tweets/search/recent", asked)
        except FeedError:
            # The id may be what X refuses: where posts are rare, the newest can be a week old.
            self._newest = ("", 0)
            raise
        if search.meta is None and search.errors:
            raise self._provider.refused(_complaint(search.errors))
        return self._told(search)

    def _query(self, tags: Sequence[str]) -> str:
        first = self._next_tag % len(tags)
        in_turn = [*tags[first:], *tags[:first]]
        some = in_turn[: how_many_fit(in_turn)]
        self._next_tag = 0 if len(some) == len(tags) else first + len(some)
        return search_query(some)

    def _told(self, search: XSearch) -> FeedAnswer:
        now_ms = to_ms(self._clock.now())
        try:
            newest_id = _newest_id(search)
            posts = sound_rows(self._provider, XPost, search.data)
            texts = dated_texts(texts_of_x(posts, self.provider), now_ms)
        except InvalidDataError as error:
            raise self._provider.reject(search.model_dump_json(), str(error)) from error
        if newest_id:
            self._newest = (newest_id, now_ms)
        return self._provider.answer(texts)

    def _parameters(self, query: str) -> dict[str, str]:
        asked = {
            "query": query,
            "max_results": str(self._posts),
            "tweet.fields": "created_at,public_metrics,author_id,lang",
        }
        newest_id, told_ms = self._newest
        if newest_id and to_ms(self._clock.now()) - told_ms < _SEARCHED_MS:
            asked["since_id"] = newest_id
        return asked


def search_query(tags: Sequence[str]) -> str:
    """A search for posts that hold one of the tags."""
    return f"({' OR '.join(tags)}) {_REMARKS}"


def how_many_fit(tags: Sequence[str]) -> int:
    """How many of the first tags fit into one search."""
    longest_first = range(len(tags), 0, -1)
    return next((count for count in longest_first if _fits(tags[:count])), 0)


def tags_of(assets: Iterable[str]) -> list[str]:
    """What posts call the coins; a name that cannot be searched for is left out.

    A cashtag has one to six letters; a longer ticker, or one with digits, is asked for as hashtag.
    """
    return [tag for tag in map(_tag, assets) if tag]


def texts_of_x(posts: Iterable[XPost], provider: str) -> list[Text]:
    """The text of each post; reach is likes and reposts."""
    return [
        Text(
            provider=provider,
            id=post.id,
            kind=TextKind.POST,
            author=plain_text(post.author_id, length=AUTHOR_LENGTH),
            text=plain_text(unescape(post.text)),
            published_ms=to_ms(post.created_at),
            reach=post.public_metrics.like_count + post.public_metrics.retweet_count,
        )
        for post in posts
    ]


def _newest_id(search: XSearch) -> str:
    """Where to go on from; "" without a result. Raises InvalidDataError for a changed schema."""
    if search.meta is None:
        raise InvalidDataError("neither meta nor errors in the answer")
    if search.meta.result_count and not search.data:
        raise InvalidDataError(f"{search.meta.result_count} posts announced, none there")
    return search.meta.newest_id or ""


def _tag(asset: str) -> str:
    if _CASHTAG.fullmatch(asset):
        return f"${asset}"
    return f"#{asset}" if _HASHTAG.fullmatch(asset) else ""


def _fits(tags: Sequence[str]) -> bool:
    return len(search_query(tags)) <= QUERY_LENGTH


def _complaint(errors: Sequence[XError]) -> str:
    return f"{errors[0].title} {errors[0].detail}"
