"""What was known of all pairs beside their candles, kept at each close and read by backtests."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Final

from db.binary_codec import BinaryCodec
from domain.market import MarketSnapshot
from domain.timeframes import to_ms
from engine.backtest.observations import Observations
from engine.backtest.values import Observation
from engine.close import CloseRound
from engine.ports.storage import Storage

_OBSERVATION: Final = BinaryCodec(Observation)
_FIRST: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST: Final = datetime(9999, 12, 31, tzinfo=UTC)


class KeepObservations:
    """Stores what every decision of a close could look at, in one transaction of its own.

    Called after signals have gone out: nothing waits for it.
    """

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    async def __call__(self, closed: CloseRound) -> None:
        """Keep a row for each pair that was decided on."""
        rows = [
            (symbol, snapshot.as_of, _OBSERVATION.encode(observation_of(snapshot)))
            for symbol, snapshot in closed.snapshots.items()
        ]
        if not rows:
            return
        async with self._storage() as unit:
            await unit.inputs.add_observations(rows)
            await unit.commit()


class RecordedObservations(Observations):
    """Rows of a span in memory, as they are stored; each is decoded when somebody looks at it."""

    def __init__(self, rows: Mapping[tuple[str, int], bytes]) -> None:
        """`rows` by symbol and boundary in milliseconds."""
        self._rows = rows

    def __len__(self) -> int:
        return len(self._rows)

    def observation(self, symbol: str, as_of: datetime) -> Observation | None:
        """What was known of a pair at a boundary. Raises `InvalidDataError` for a spoilt row."""
        content = self._rows.get((symbol, to_ms(as_of)))
        return None if content is None else _OBSERVATION.decode(content)

    def of(self, symbol: str) -> "RecordedObservations":
        """Those of one pair alone, for a process that scores it."""
        return RecordedObservations(
            {key: row for key, row in self._rows.items() if key[0] == symbol}
        )


async def read_observations(
    storage: Storage, start: datetime | None, end: datetime | None
) -> RecordedObservations:
    """What was recorded with start <= boundary < end; None is as far as there is anything."""
    async with storage() as unit:
        rows = await unit.inputs.list_observations(start or _FIRST, end or _LAST)
    return RecordedObservations(
        {(symbol, to_ms(boundary)): content for symbol, boundary, content in rows}
    )


def observation_of(snapshot: MarketSnapshot) -> Observation:
    """All of a snapshot but candles and memory, which a backtest has of its own.

    A snapshot holds nothing that was published after its boundary, and each part carries the time
    at which it was; so the boundary is when all of it was known. The spread alone is that of the
    newest scan, which may have run in the seconds before the decision.
    """
    return Observation(
        known_at=snapshot.as_of,
        spread_percent=snapshot.spread_percent,
        funding=snapshot.funding,
        order_flow=snapshot.order_flow,
        onchain=snapshot.onchain,
        sentiment=snapshot.sentiment,
    )
