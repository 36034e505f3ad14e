"""The scheduled questions to providers of outside data: ask one, log what changes, never fail."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

import structlog

from domain.errors import (
    FeedError,
    InvalidDataError,
    StorageUnavailableError,
    TemporaryVenueError,
    VenueRefusedError,
)
from domain.feeds import FeedHealth
from engine.poll_feeds import PollFeeds
from engine.ports.feeds import Feed

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedRounds:
    """The jobs. `wake` tells the delivery worker that something may be in the outbox.

    `unavailable` are the providers that cannot be asked, with the reason.
    """

    feeds: Sequence[Feed]
    unavailable: Sequence[FeedHealth]
    poll: PollFeeds
    wake: Callable[[], None]
    failing: set[str] = field(default_factory=set)

    async def ask(self, feed: Feed) -> None:
        """One question to one provider; a failure is logged when it begins and when it is over."""
        try:
            has_news = await self.poll(feed)
        except FeedError as error:
            if feed.provider not in self.failing:
                _log.warning("provider does not answer", provider=feed.provider, reason=str(error))
            self.failing.add(feed.provider)
            # Its silence may have ended a danger, which is news.
            self.wake()
            return
        except StorageUnavailableError as error:
            # Transfers wait for the next answer; the first round, which is no job, must go on.
            _log.warning("answer is not kept yet", provider=feed.provider, reason=str(error))
            return
        if feed.provider in self.failing:
            _log.info("provider answers again", provider=feed.provider)
            self.failing.discard(feed.provider)
        if has_news:
            self.wake()

    async def ask_all(self) -> None:
        """Each provider once, one after another: the first round after a start."""
        await self.bitcoin()
        for feed in self.feeds:
            try:
                await self.ask(feed)
            except Exception:  # noqa: BLE001 - as in a job: one provider must not end the others
                _log.exception("provider failed", provider=feed.provider)

    def asking(self, feed: Feed) -> Callable[[], Awaitable[None]]:
        """The job of one provider."""

        async def ask() -> None:
            await self.ask(feed)

        return ask

    async def bitcoin(self) -> None:
        """Bitcoin's candles, for the state of the whole market."""
        try:
            await self.poll.bitcoin()
        except (TemporaryVenueError, VenueRefusedError, InvalidDataError) as error:
            _log.warning("bitcoin's candles are missing", reason=str(error))

    async def keep_sentiment(self) -> None:
        """Write down the quarter of an hour that has just passed."""
        await self.poll.keep_sentiment()

    def health(self) -> list[FeedHealth]:
        """Every provider, those that cannot be asked at the end."""
        return [*(feed.health() for feed in self.feeds), *self.unavailable]
