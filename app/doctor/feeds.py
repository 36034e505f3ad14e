"""Looks at the providers of outside data: each is asked once."""

import asyncio
from collections.abc import Sequence
from typing import Final

from app.doctor.check import CheckResult, Examination, ok, warning
from domain.errors import FeedError
from domain.feeds import FeedHealth
from engine.ports.feeds import Feed

_MEND: Final = "its layer goes on without it; check the network, its key, FEEDS_URL and FEED_URLS"


async def examine_providers(feeds: Sequence[Feed], off: Sequence[FeedHealth]) -> Examination:
    """One line a provider: its answer, its failure, or why it is off."""
    for line in await asyncio.gather(*(_ask(feed) for feed in feeds)):
        yield line
    for health in off:
        yield ok(health.provider, f"off: {health.reason}")


async def _ask(feed: Feed) -> CheckResult:
    try:
        answer = await feed.fetch()
    except FeedError as error:
        return warning(feed.provider, str(error), _MEND)
    return ok(feed.provider, f"answers, {len(answer.observations)} observations")
