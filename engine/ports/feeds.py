"""Outside data, as the engine sees it: the providers that are asked."""

from typing import Protocol

from domain.feeds import FeedAnswer, FeedHealth


class Feed(Protocol):
    """One provider."""

    @property
    def provider(self) -> str:
        """Its stable name: "whale_alert"."""

    @property
    def every_seconds(self) -> float:
        """Exchange seconds between two questions."""

    async def fetch(self) -> FeedAnswer:
        """Ask once, with retries on what is worth retrying.

        Raises `FeedError` when no useful answer came; its text has no secrets.
        """

    def health(self) -> FeedHealth:
        """How it is doing."""
