"""The index of fear and greed of alternative.me: one number a day. Keyless.

https://alternative.me/crypto/fear-and-greed-index/, section API; numbers come as strings.
"""

from typing import Any, Final

from pydantic import Field

from domain.feeds import FeedAnswer
from domain.sentiment import FearGreed
from feeds.payload import Payload
from feeds.provider import ProviderPlan
from feeds.provider_feed import ProviderFeed
from feeds.rows import UnixSeconds, sound_rows

FEAR_GREED_URL: Final = "https://api.alternative.me"

_DAYS: Final = "2"
_SECOND_MS: Final = 1000


class FearGreedDay(Payload):
    """The index of a day, and the day's begin."""

    value: int = Field(ge=0, le=100)
    timestamp: UnixSeconds


class FearGreedProblem(Payload):
    """What went wrong, in words; None where nothing did."""

    error: str | None = None


class FearGreedIndex(Payload):
    """The newest days, newest first, still to be checked one by one."""

    data: list[Any] | None = Field(max_length=5_000)
    metadata: FearGreedProblem = FearGreedProblem()


def fear_greed_plan(*, base_url: str = FEAR_GREED_URL) -> ProviderPlan:
    """How alternative.me is asked: every half hour, for a number that changes once a day."""
    return ProviderPlan(
        name="fear_greed", base_url=base_url, every_seconds=1800.0, requests_per_minute=10.0
    )


class FearGreedFeed(ProviderFeed):
    """The index of today and yesterday."""

    async def fetch(self) -> FeedAnswer:
        """Ask for the newest days; raises FeedError."""
        index = await self._provider.get(FearGreedIndex, "/fng/", {"limit": _DAYS})
        if index.metadata.error:
            raise self._provider.refused(index.metadata.error)
        days = sound_rows(self._provider, FearGreedDay, index.data or [])
        if not days:
            raise self._provider.reject(index.model_dump_json(), "no day in it")
        return self._provider.answer(
            FearGreed(value=day.value, published_ms=day.timestamp * _SECOND_MS) for day in days
        )
