"""The candles of one streamed pair in all timeframes, and since when they are complete."""

import asyncio
from collections.abc import Mapping
from typing import Final

from domain.candles import CandleSeries
from domain.errors import StaleDataError
from domain.timeframes import Timeframe, from_ms
from exchanges.back_off import BackOff
from exchanges.candle_store import CandleStore
from exchanges.kline_stream import STREAMED_TIMEFRAMES, Values

_BOUNDARY_MS: Final = Timeframe.M15.milliseconds
_REMEMBERED_BOUNDARIES: Final = 16


class PairCandles:
    """Stores of one pair.

    Ready at a 15-minute boundary means that the newest candle due there is in, in every timeframe.
    `lock` is held while REST is asked for this pair; `retry` spaces such attempts when they fail.
    """

    def __init__(self, symbol: str, retry: BackOff) -> None:
        self.symbol = symbol
        self.stores = {timeframe: CandleStore(timeframe) for timeframe in STREAMED_TIMEFRAMES}
        self.lock = asyncio.Lock()
        self.retry = retry
        self.retry_at = 0.0
        self.last_message_at: float | None = None
        self._ready_until_ms = 0
        self._ready_since: dict[int, float] = {}

    def on_kline(
        self, timeframe: Timeframe, index: int, values: Values, is_final: bool, received: float
    ) -> bool:
        """Take a frame in; whether the pair became ready at a further boundary.

        Raises `InvalidDataError` for an impossible candle.
        """
        self.last_message_at = received
        store = self.stores[timeframe]
        if not is_final:
            store.show_forming(index)
            return False
        store.close(index, values)
        return self._look_at_readiness(received)

    def confirm(self, timeframe: Timeframe, series: CandleSeries, received: float) -> bool:
        """Take REST's word; whether the pair became ready at a further boundary.

        Raises `InvalidDataError` when a gap remains.
        """
        self.stores[timeframe].confirm(series)
        return self._look_at_readiness(received)

    def missing(self, at_ms: int) -> list[tuple[Timeframe, int, int]]:
        """What REST has to tell for everything due at an instant: first number, how many."""
        gaps = (
            (timeframe, store.missing(timeframe.last_closed_index(at_ms)))
            for timeframe, store in self.stores.items()
        )
        return [(timeframe, *gap) for timeframe, gap in gaps if gap is not None]

    def is_ready(self, boundary_ms: int) -> bool:
        """Whether every candle due at a 15-minute boundary is in."""
        return all(
            store.holds(timeframe.last_closed_index(boundary_ms))
            for timeframe, store in self.stores.items()
        )

    @property
    def contradictions(self) -> int:
        """Final frames that differed from what was stored."""
        return sum(store.counts["contradictions"] for store in self.stores.values())

    def ready_since(self, boundary_ms: int) -> float | None:
        """Monotonic wall second at which the pair became ready there, if it is remembered."""
        return self._ready_since.get(boundary_ms)

    def series(self, boundary_ms: int) -> Mapping[Timeframe, CandleSeries]:
        """Closed candles up to a boundary; raises `StaleDataError` when one is missing."""
        found = {
            timeframe: store.until(timeframe.last_closed_index(boundary_ms))
            for timeframe, store in self.stores.items()
        }
        absent = [timeframe for timeframe, series in found.items() if series is None]
        if absent:
            raise StaleDataError(
                f"{self.symbol} is not ready at {from_ms(boundary_ms).isoformat()}: "
                f"no {', '.join(absent)} candle"
            )
        return {timeframe: one for timeframe, one in found.items() if one is not None}

    def _look_at_readiness(self, received: float) -> bool:
        before = self._ready_until_ms
        self._ready_until_ms = min(map(_complete_until_ms, self.stores.values()))
        if self._ready_until_ms <= before:
            return False
        self._ready_since[self._ready_until_ms] = received
        if len(self._ready_since) > _REMEMBERED_BOUNDARIES:
            del self._ready_since[min(self._ready_since)]
        return True


def _complete_until_ms(store: CandleStore) -> int:
    """The newest 15-minute boundary at which nothing is missing in a store."""
    if store.last_index is None:
        return 0
    next_close = (store.last_index + 2) * store.timeframe.milliseconds
    return (next_close - 1) // _BOUNDARY_MS * _BOUNDARY_MS
