"""Order-flow imbalance at the best prices, after Cont, Kukanov and Stoikov.

"The Price Impact of Order Book Events", Journal of Financial Econometrics 12 (2014), equation 4.
"""

from collections import deque

from layers.orderflow.book.snapshot import Snapshot


class FlowImbalance:
    """Demand that arrived at the best bid less supply that arrived at the best ask."""

    def __init__(self, window_seconds: float) -> None:
        self._window_ms = round(window_seconds * 1000.0)
        self._since_ms = 0
        self._seen: deque[tuple[int, float, float]] = deque()
        self.last = 0.0
        """Imbalance of the newest update alone, in base units."""

    def start(self, at_ms: int) -> None:
        """Begin anew with the book of an instant."""
        self._since_ms = at_ms
        self._seen.clear()
        self.last = 0.0

    def follow(self, before: Snapshot, book: Snapshot) -> None:
        """Take in the step from one book to the next."""
        at_ms = book.exchange_ms
        bid_size, ask_size = book.bids.sizes[0], book.asks.sizes[0]
        self.last = _arrived_bids(before, book) - _arrived_asks(before, book)
        self._seen.append((at_ms, self.last, (bid_size + ask_size) / 2.0))
        while self._seen[0][0] <= at_ms - self._window_ms:
            self._seen.popleft()

    def over_window(self, at_ms: int) -> float | None:
        """Sum over (at - window, at] in mean best-level sizes; None until it is watched whole."""
        begin_ms = at_ms - self._window_ms
        recent = [step for step in self._seen if step[0] > begin_ms]
        if self._since_ms > begin_ms or not recent:
            return None
        _, flows, sizes = zip(*recent, strict=True)
        imbalance: float = sum(flows) / (sum(sizes) / len(sizes))
        return imbalance


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
