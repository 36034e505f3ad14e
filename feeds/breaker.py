"""Leaves a provider alone for a while after too many failures in a row."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from purgatory import AsyncCircuitBreakerFactory
from purgatory.domain.messages.base import Event
from purgatory.domain.messages.events import ContextChanged
from purgatory.domain.model import CLOSED, OPENED, OpenedState

from domain.errors import FeedError
from feeds.patience import Patience


class RestingError(FeedError):
    """The provider was not asked: it is being left alone."""


class Breaker:
    """Counts failed questions in a row; too many open it for `rest_seconds` of wall time.

    After the rest one question decides: an answer closes it, a failure opens it again.
    """

    def __init__(self, name: str, patience: Patience) -> None:
        self._name = name
        self._state: str = CLOSED
        self._patience = patience
        self._factory = AsyncCircuitBreakerFactory(
            default_threshold=patience.failures_before_rest,
            default_ttl=patience.rest_seconds,
            exclude=[asyncio.CancelledError],
        )
        self._factory.add_listener(self._changed)

    @property
    def open(self) -> bool:
        """Whether the provider rests; the first question after the rest may find it closed."""
        return self._state == OPENED

    @asynccontextmanager
    async def guarding(self) -> AsyncIterator[None]:
        """Run a question under the breaker; raises RestingError without asking while open."""
        breaker = await self._factory.get_breaker(self._name)
        try:
            async with breaker:
                yield
        except OpenedState:
            raise RestingError(
                f"{self._name}: left alone for {self._patience.rest_seconds:g} s after "
                f"{self._patience.failures_before_rest} failures in a row; no need to act"
            ) from None

    def _changed(self, _name: str, _what: str, event: Event) -> None:
        if isinstance(event, ContextChanged):
            self._state = event.state
