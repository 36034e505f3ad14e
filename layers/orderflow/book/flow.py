"""Order-flow imbalance at the best prices, after Cont, Kukanov and Stoikov.

"The Price Impact of Order Book Events", Journal of Financial Econometrics 12 (2014), equation 4.
"""

from collections import deque
from itertools import islice

from layers.orderflow.book.snapshot import Snapshot


class FlowImbalance:
    """Demand that arrived at the best bid less supply that arrived at the best ask."""

    def __init__(self, window_seconds: float) -> None:
        self._window_ms = round(window_seconds * 1000.0)
        self._since_ms = 0
        self._times: deque[int] = deque()
        self._flows: deque[float] = deque()
        self._sizes: deque[float] = deque()
        self.last = 0.0
        """Imbalance of the newest update alone, in base units."""

    def start(self, at_ms: int) -> None:
        """Begin anew with the book of an instant."""
        self._since_ms = at_ms
        for column in (self._times, self._flows, self._sizes):
            column.clear()
        self.last = 0.0

    def follow(self, before: Snapshot, book: Snapshot) -> None:
        """Take in the step from one book to the next."""
        at_ms = book.exchange_ms
        bid_size, ask_size = book.bids.sizes[0], book.asks.sizes[0]
        self.last = _arrived_bids(before, book) - _arrived_asks(before, book)
        self._times.append(at_ms)
        self._flows.append(self.last)
        self._sizes.append((bid_size + ask_size) / 2.0)
        while self._times[0] <= at_ms - self._window_ms:
            for column in (self._times, self._flows, self._sizes):
                column.popleft()

    def over_window(self, at_ms: int) -> float | None:
        """Sum over (at - window, at] in mean best-level sizes; None until it is watched whole."""
        begin_ms = at_ms - self._window_ms
        # Few are older than the window: those that left since the newest update.
        older = next((row for row, time in enumerate(self._times) if time > begin_ms), None)
        if self._since_ms > begin_ms or older is None:
            return None
        flow = sum(islice(self._flows, older, None))
        size = sum(islice(self._sizes, older, None)) / (len(self._sizes) - older)
        return flow / size


def _arrived_bids(before: Snapshot, book: Snapshot) -> float:
    old, new = before.bids.prices[0], book.bids.prices[0]
    arrived = book.bids.sizes[0] if new >= old else 0.0
    left = before.bids.sizes[0] if new <= old else 0.0
    return arrived - left


def _arrived_asks(before: Snapshot, book: Snapshot) -> float:
    old, new = before.asks.prices[0], book.asks.prices[0]
    arrived = book.asks.sizes[0] if new <= old else 0.0
    left = before.asks.sizes[0] if new >= old else 0.0
    return arrived - left
