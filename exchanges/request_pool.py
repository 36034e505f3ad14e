"""A pool of requests beside the venue's weight: so many in any span of exchange time."""

from collections import deque

from domain.timeframes import to_ms
from engine.ports.clock import Clock


class RequestPool:
    """Lets requests pass while they fit into this process's share of a pool.

    `requests` is what the venue allows an address in `seconds` of exchange time (None: it sets no
    such limit), `share` the part of it in (0, 1] that this process allows itself. The span slides,
    so the limit holds wherever the venue's own windows begin.
    """

    def __init__(
        self, clock: Clock, *, requests: int | None, share: float, seconds: float = 300.0
    ) -> None:
        self._clock = clock
        self._allowed = None if requests is None else int(requests * share)
        self._span_ms = round(seconds * 1000)
        self._spent: deque[tuple[int, int]] = deque()  # exchange ms, requests; oldest first
        self._used = 0

    @property
    def used(self) -> int:
        """Requests of this process within the span that ends now."""
        begin = to_ms(self._clock.now()) - self._span_ms
        while self._spent and self._spent[0][0] <= begin:
            self._used -= self._spent.popleft()[1]
        return self._used

    def room(self, wanted: int, *, cost: int) -> int:
        """How many of `wanted` calls, of `cost` requests each, may be made now."""
        if self._allowed is None:
            return wanted
        return max(0, min(wanted, (self._allowed - self.used) // cost))

    async def spend(self, requests: int) -> None:
        """Wait until so many requests fit, and book them."""
        if self._allowed is None:
            return
        # More than the whole share at once still has to pass.
        while self.used > 0 and self._used + requests > self._allowed:
            await self._clock.sleep(self._seconds_to_oldest_end())
        self._spent.append((to_ms(self._clock.now()), requests))
        self._used += requests

    def _seconds_to_oldest_end(self) -> float:
        return (self._spent[0][0] + self._span_ms - to_ms(self._clock.now())) / 1000
