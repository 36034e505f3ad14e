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
    """The imbalance over the best 1, 5, 10 and 20 levels, over fewer where fewer are known."""
    bid_sizes, bid_values = _running_totals(book.bids)
    ask_sizes, ask_values = _running_totals(book.asks)
    return tuple(
        Imbalance(
            count,
            _balance(_through(bid_sizes, count), _through(ask_sizes, count)),
            _balance(_through(bid_values, count), _through(ask_values, count)),
        )
        for count in COUNTS
    )


def micro_price(book: Snapshot) -> float:
    """Best prices weighted with the other side's quantity: where the heavier side pushes to."""
    bid, bid_size = book.bids.levels[0]
    ask, ask_size = book.asks.levels[0]
    return (bid * ask_size + ask * bid_size) / (bid_size + ask_size)


class ImbalanceHistory:
    """The newest size imbalances over ten levels."""

    def __init__(self, readings: int) -> None:
        self._seen: deque[tuple[int, float]] = deque(maxlen=readings + 1)

    def clear(self) -> None:
        """Forget what was seen."""
        self._seen.clear()

    def add(self, book: Snapshot) -> None:
        """Take in the newest book."""
        bids = sum(book.bids.sizes[:_VELOCITY_LEVELS])
        asks = sum(book.asks.sizes[:_VELOCITY_LEVELS])
        self._seen.append((book.exchange_ms, _balance(bids, asks)))

    @property
    def velocity(self) -> float | None:
        """Change per second since the oldest reading kept; None while there are too few."""
        if len(self._seen) != self._seen.maxlen:
            return None
        (then_ms, then), (now_ms, now) = self._seen[0], self._seen[-1]
        return (now - then) * 1000.0 / (now_ms - then_ms) if now_ms > then_ms else None


def _running_totals(side: SideLevels) -> tuple[list[float], list[float]]:
    """Quantity and value of the best levels, up to and with each."""
    return list(accumulate(side.sizes)), list(accumulate(map(mul, side.prices, side.sizes)))


def _through(totals: list[float], count: int) -> float:
    return totals[count - 1] if count <= len(totals) else totals[-1]


def _balance(bids: float, asks: float) -> float:
    return (bids - asks) / (bids + asks)
