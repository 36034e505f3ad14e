"""What every adapter shares of the engine's `Feed`: a name, a pace and a health."""

from domain.feeds import FeedHealth
from feeds.provider import Provider


class ProviderFeed:
    """Base of the adapters; each adds `fetch`."""

    def __init__(self, provider: Provider) -> None:
        self._provider = provider

    @property
    def provider(self) -> str:
        """Its stable name."""
        return self._provider.name

    @property
    def every_seconds(self) -> float:
        """Exchange seconds between two questions."""
        return self._provider.every_seconds

    def health(self) -> FeedHealth:
        """How it is doing."""
        return self._provider.health()
