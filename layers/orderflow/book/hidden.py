"""Walls whose price has left the known levels: nobody knows whether they still stand."""

from typing import Final

from layers.orderflow.book.tracked_wall import TrackedWall
from layers.orderflow.book.traded import TradedAt

_MOST: Final = 32
"""Walls remembered a side; a price that runs leaves many behind."""


class HiddenWalls:
    """Walls of one side beyond the last known level, in the order in which they were hidden."""

    def __init__(self, sign: int, remembered_seconds: float) -> None:
        self._sign = sign
        self._remembered_ms = round(remembered_seconds * 1000.0)
        self._by_price: dict[float, tuple[TrackedWall, int]] = {}

    def clear(self) -> None:
        """Forget all."""
        self._by_price.clear()

    def hide(self, wall: TrackedWall, at_ms: int) -> None:
        """The wall's price has left the known levels."""
        if len(self._by_price) >= _MOST:
            del self._by_price[next(iter(self._by_price))]
        self._by_price[wall.price] = (wall, at_ms)

    def come_back(self, last_price: float) -> list[TrackedWall]:
        """Take out the walls whose price is among the levels up to the last one again."""
        edge = self._sign * last_price
        back = [price for price in self._by_price if self._sign * price >= edge]
        return [self._by_price.pop(price)[0] for price in back]

    def count_trades(self, traded: TradedAt, until_ms: int) -> None:
        """Add the trades at the walls' prices up to an instant."""
        for wall, _ in self._by_price.values():
            wall.count_trades(traded, until_ms)

    def forget(self, at_ms: int) -> None:
        """Drop walls that were hidden for too long."""
        while self._by_price:
            price, (_, hidden_ms) = next(iter(self._by_price.items()))
            if at_ms - hidden_ms <= self._remembered_ms:
                return
            del self._by_price[price]
