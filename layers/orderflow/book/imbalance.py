"""Bids against asks: how heavy each side is, and how fast that changes."""

from collections import deque
from itertools import accumulate
from operator import mul
from typing import Final

from domain.order_book import Imbalance
from layers.orderflow.book.snapshot import SideLevels, Snapshot

COUNTS: Final = (1, 5, 10, 20)
_VELOCITY_LEVELS: Final = 10


def imbalances(book: Snapshot) -> tuple[Imbalance, ...]:
    """The imbalance over the best 1, 5, 10 and 20 levels, over fewer where fewer are known.

    Both sides count as many levels: one that is told shorter is not the lighter one.
    """
    known = min(len(book.bids.levels), len(book.asks.levels))
    bid_sizes, bid_values = _running_totals(book.bids)
    ask_sizes, ask_values = _running_totals(book.asks)
    return tuple(
        Imbalance(
            count,
            _balance(bid_sizes[last], ask_sizes[last]),
            _balance(bid_values[last], ask_values[last]),
        )
        for count, last in ((count, min(count, known) - 1) for count in COUNTS)
    )


def micro_price(book: Snapshot) -> float:
    """Best prices weighted with the other side's quantity: where the heavier side pushes to."""
    bid, bid_size = book.bids.levels[0]
    ask, ask_size = book.asks.levels[0]
    return (bid * ask_size + ask * bid_size) / (bid_size + ask_size)


class ImbalanceHistory:
    """The newest size imbalances over ten levels, at least those of the steady time."""

    def __init__(self, readings: int, steady_ms: int) -> None:
        self._readings = readings
        self._steady_ms = steady_ms
        self._seen: deque[tuple[int, float]] = deque()

    def clear(self) -> None:
        """Forget what was seen."""
        self._seen.clear()

    def add(self, book: Snapshot) -> None:
        """Take in the newest book."""
        bids = sum(book.bids.sizes[:_VELOCITY_LEVELS])
        asks = sum(book.asks.sizes[:_VELOCITY_LEVELS])
        seen = self._seen
        seen.append((book.exchange_ms, _balance(bids, asks)))
        begin_ms = book.exchange_ms - self._steady_ms
        # The last one before the steady time still stands at its begin.
        while len(seen) > self._readings + 1 and seen[1][0] <= begin_ms:
            seen.popleft()

    def steady(self, at_ms: int) -> float:
        """Mean over the steady time up to an instant, not before the newest book, of which there
        must be one; each counts as long as it stood."""
        begin_ms, until_ms, area = at_ms - self._steady_ms, at_ms, 0.0
        for since_ms, balance in reversed(self._seen):
            begun_ms = max(since_ms, begin_ms)
            area += balance * (until_ms - begun_ms)
            until_ms = begun_ms
            if since_ms <= begin_ms:
                break
        return area / (at_ms - until_ms) if until_ms < at_ms else self._seen[-1][1]

    @property
    def velocity(self) -> float | None:
        """Change per second since so many readings ago; None while there are too few."""
        if len(self._seen) <= self._readings:
            return None
        (then_ms, then), (now_ms, now) = self._seen[-1 - self._readings], self._seen[-1]
        return (now - then) * 1000.0 / (now_ms - then_ms) if now_ms > then_ms else None


def _running_totals(side: SideLevels) -> tuple[list[float], list[float]]:
    """Quantity and value of the best levels, up to and with each."""
    return list(accumulate(side.sizes)), list(accumulate(map(mul, side.prices, side.sizes)))


def _balance(bids: float, asks: float) -> float:
    return (bids - asks) / (bids + asks)
