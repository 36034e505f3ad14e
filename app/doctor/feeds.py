"""Looks at the providers of outside data: each is asked once."""

import asyncio
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from app.clock import ExchangeClock
from app.doctor.check import CheckResult, Examination, ok, warning
from app.feeds import Watched, open_feeds
from app.settings import Settings
from domain.errors import FeedError
from domain.evidence import LayerName
from domain.feeds import FeedHealth
from engine.ports.feeds import Feed

_ANSWER_SECONDS: Final = 50.0
"""Less than the check has: a provider that hangs must not take the lines of the others with it."""

_ASSETS: Final = frozenset({"BTC", "ETH"})
_MEND: Final = "its layer goes on without it; check the network, its key, FEEDS_URL and FEED_URLS"


async def examine_feeds(settings: Settings, *, kept_in: Path) -> Examination:
    """Ask the providers of the settings about two large coins.

    Answers that make no sense are kept in the folder `kept_in`.
    """
    strategy = settings.strategy
    opened = open_feeds(
        settings.feeds,
        strategy.feeds,
        ExchangeClock(speed=settings.exchange.clock_speed),
        Watched(assets=lambda: _ASSETS, price_of=lambda _: None),
        layers=frozenset(LayerName(name) for name in strategy.confluence.layers),
        kept_in=kept_in,
    )
    try:
        async for line in examine_providers(opened.feeds, opened.unavailable):
            yield line
    finally:
        await opened.close()


async def examine_providers(
    feeds: Sequence[Feed], off: Sequence[FeedHealth], *, seconds: float = _ANSWER_SECONDS
) -> Examination:
    """One line a provider: its answer within so many wall seconds, its failure, or why it is off.

    A provider that fails is a warning: the bot runs without it.
    """
    for line in await asyncio.gather(*(_ask(feed, seconds) for feed in feeds)):
        yield line
    for health in off:
        yield ok(health.provider, f"off: {health.reason}")


async def _ask(feed: Feed, seconds: float) -> CheckResult:
    try:
        async with asyncio.timeout(seconds):
            answer = await feed.fetch()
    except FeedError as error:
        return warning(feed.provider, str(error), _MEND)
    except TimeoutError:
        return warning(feed.provider, f"no answer within {seconds:g} s", _MEND)
    return ok(feed.provider, f"answers, {len(answer.observations)} observations")
