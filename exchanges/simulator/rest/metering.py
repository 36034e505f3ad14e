"""Request limits: what each pool has used in its window of exchange time."""

import math
from dataclasses import dataclass
from typing import Final

from exchanges.simulator.clock import SimulatorClock
from exchanges.simulator.market.bars import MINUTE_MS


@dataclass(frozen=True, slots=True)
class Pool:
    """A limit that some endpoints share. `limit` None means the venue's main weight limit."""

    name: str
    window_ms: int
    limit: int | None = None


REQUEST_WEIGHT: Final = Pool("request weight", MINUTE_MS)
FUTURES_DATA: Final = Pool("futures data", 5 * MINUTE_MS, 1000)
FUNDING: Final = Pool("funding", 5 * MINUTE_MS, 500)


class LimitReachedError(Exception):
    """A pool is used up; `retry_after_seconds` is wall time until its window ends."""

    def __init__(self, pool: Pool, limit: int, retry_after_seconds: int) -> None:
        super().__init__(f"{pool.name}: {limit} per {pool.window_ms // MINUTE_MS} min used up")
        self.limit = limit
        self.retry_after_seconds = retry_after_seconds


class RequestMeter:
    """Counts weight per pool in windows aligned to the minute of exchange time."""

    def __init__(self, clock: SimulatorClock, weight_limit: int) -> None:
        self._clock = clock
        self._weight_limit = weight_limit
        self._used: dict[str, tuple[int, int]] = {}

    def charge(self, pool: Pool, weight: int) -> None:
        """Book a request, or refuse it when it does not fit into the window."""
        now = self._clock.now_ms()
        limit = self._weight_limit if pool.limit is None else pool.limit
        used = self.used(pool) + weight
        if used > limit:
            left_ms = pool.window_ms - now % pool.window_ms
            wall_seconds = left_ms / 1000.0 / self._clock.speed
            raise LimitReachedError(pool, limit, max(1, math.ceil(wall_seconds)))
        self._used[pool.name] = (now // pool.window_ms, used)

    def used(self, pool: Pool = REQUEST_WEIGHT) -> int:
        """What a pool has used in the running window."""
        window, used = self._used.get(pool.name, (0, 0))
        return used if window == self._clock.now_ms() // pool.window_ms else 0
