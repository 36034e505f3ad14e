"""A provider of outside data that answers as told."""

from dataclasses import dataclass, field

from domain.errors import FeedError
from domain.feeds import FeedAnswer, FeedHealth, FeedState, Observation
from domain.timeframes import to_ms
from engine.ports.clock import Clock
from engine.ports.feeds import Feed


@dataclass(kw_only=True)
class HandProvider(Feed):
    """Tells `observations` while it has no `failure`."""

    clock: Clock
    name: str = "whale_alert"
    seconds: float = 60.0
    observations: tuple[Observation, ...] = ()
    watched: frozenset[str] = frozenset()
    failure: FeedError | None = None
    asked: int = field(default=0, init=False)

    @property
    def provider(self) -> str:
        return self.name

    @property
    def every_seconds(self) -> float:
        return self.seconds

    async def fetch(self) -> FeedAnswer:
        self.asked += 1
        if self.failure is not None:
            raise self.failure
        return FeedAnswer(
            provider=self.name,
            answered_ms=to_ms(self.clock.now()),
            observations=self.observations,
            watched=self.watched,
        )

    def health(self) -> FeedHealth:
        state = FeedState.GOOD if self.failure is None else FeedState.FAILING
        return FeedHealth(provider=self.name, state=state if self.asked else FeedState.WAITING)
