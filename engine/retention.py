"""Use case: delete what is old and needed by nothing else, a little at a time."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from domain.parameters import Parameters, parameter
from engine.ports.clock import Clock
from engine.ports.retention import History, Pruned, RetentionStorage

_FOR_EVER: Final = 36_500


@dataclass(frozen=True, slots=True, kw_only=True)
class RetentionParameters(Parameters):
    """How long rows are kept that would otherwise fill the disk; everything else stays for ever.

    At least as long as something else reads them: 63 days cover the report of the month before,
    366 the longest look back of the verdicts on rules, 9 what a start takes up again.
    """

    decisions_days: int = parameter(
        90,
        doc="how long a decision is kept that became neither a signal nor a shadow; those of "
        "signals stay for ever, those of shadows as long as the shadow",
        unit="days",
        source="own choice: a quarter, 1.4 GB of 40 pairs",
        low=63,
        high=_FOR_EVER,
    )
    shadows_days: int = parameter(
        366,
        doc="how long a shadow is kept after its end",
        unit="days",
        source="the longest look back of /stats rules",
        low=366,
        high=_FOR_EVER,
    )
    observations_days: int = parameter(
        180,
        doc="how long is kept what was known beside candles, where inputs.keep_observations is on",
        unit="days",
        source="own choice: the usual span of a walk-forward, 1.8 GB of 40 pairs",
        low=1,
        high=_FOR_EVER,
    )
    messages_days: int = parameter(
        90,
        doc="how long a message is kept that was sent or given up; posts of signals, cards of "
        "trades and what is in doubt stay for ever",
        unit="days",
        source="own choice: longer than the report of a month, which must not go out twice",
        low=63,
        high=_FOR_EVER,
    )
    watch_changes_days: int = parameter(
        90,
        doc="how long is kept why a pair joined or left the watchlist",
        unit="days",
        source="own choice: as long as decisions",
        low=1,
        high=_FOR_EVER,
    )
    breaker_events_days: int = parameter(
        366,
        doc="how long is kept when a breaker tripped; not while it stands",
        unit="days",
        source="own choice: as long as shadows, which judge breakers",
        low=63,
        high=_FOR_EVER,
    )
    transfers_days: int = parameter(
        90,
        doc="how long a large transfer is kept",
        unit="days",
        source="own choice: ten times what the on-chain layer looks back",
        low=9,
        high=_FOR_EVER,
    )
    sentiment_days: int = parameter(
        366,
        doc="how long a quarter of an hour of sentiment is kept",
        unit="days",
        source="own choice: a year is 9 MB",
        low=9,
        high=_FOR_EVER,
    )
    batch_rows: int = parameter(
        200,
        doc="how many rows are deleted at once: other writers wait that long",
        unit="rows",
        source="measured (docs/data.md): 26 ms; 2,000 rows hold other writers up for 132 ms",
        low=1,
        high=10_000,
    )

    @property
    def keep(self) -> Mapping[History, timedelta]:
        """How long each kind of rows is kept."""
        days = {
            History.DECISIONS: self.decisions_days,
            History.SHADOWS: self.shadows_days,
            History.OBSERVATIONS: self.observations_days,
            History.MESSAGES: self.messages_days,
            History.WATCH_CHANGES: self.watch_changes_days,
            History.BREAKER_EVENTS: self.breaker_events_days,
            History.TRANSFERS: self.transfers_days,
            History.SENTIMENT: self.sentiment_days,
        }
        return {history: timedelta(days=count) for history, count in days.items()}


class PruneHistory:
    """Deletes batch after batch, each in a transaction of its own, with a pause after each.

    Ended at any instant it has done no harm, and the next run goes on. Shadows come before
    decisions: a decision may go only when its shadow has gone.
    """

    def __init__(
        self,
        *,
        storage: RetentionStorage,
        clock: Clock,
        parameters: RetentionParameters,
        pause: Callable[[], Awaitable[None]],
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._parameters = parameters
        self._pause = pause

    async def __call__(self) -> dict[History, int]:
        """Delete all that is due; how many rows of each kind went, kinds without any left out.

        Raises `StorageUnavailableError`.
        """
        now = self._clock.now()
        keep = self._parameters.keep
        pruned = {history: await self._prune(history, now - keep[history]) for history in _ORDER}
        return {history: rows for history, rows in pruned.items() if rows}

    async def _prune(self, history: History, before: datetime) -> int:
        limit = self._parameters.batch_rows
        rows = 0
        batch = Pruned()
        while True:
            async with self._storage() as unit:
                batch = await unit.retention.prune(
                    history, after=batch.until, before=before, limit=limit
                )
                await unit.commit()
            rows += batch.rows
            if batch.rows < limit:
                return rows
            await self._pause()


_ORDER: Final = (History.SHADOWS, *(each for each in History if each is not History.SHADOWS))
