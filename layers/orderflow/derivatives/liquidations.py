"""Executed liquidations of the last minutes."""

from collections import deque

from domain.derivatives import Liquidation
from domain.directions import Direction


class RecentLiquidations:
    """Those of `window_ms` before any instant up to `lateness_ms` before the newest of them."""

    def __init__(self, window_ms: int, lateness_ms: int) -> None:
        self._window_ms = window_ms
        self._kept_ms = window_ms + lateness_ms
        self._newest_ms = 0
        self._liquidations: deque[Liquidation] = deque()

    def __len__(self) -> int:
        return len(self._liquidations)

    def add(self, liquidation: Liquidation) -> None:
        """Take one; they may come out of order."""
        self._newest_ms = max(self._newest_ms, liquidation.exchange_ms)
        self._liquidations.append(liquidation)
        while self._liquidations[0].exchange_ms <= self._newest_ms - self._kept_ms:
            self._liquidations.popleft()

    def notional(self, at_ms: int, liquidated: Direction) -> float:
        """Notional in quote currency that was liquidated of a direction in the window to `at_ms`.

        The window is without its begin and with its end.
        """
        begin_ms = at_ms - self._window_ms
        notionals = (
            each.price * each.quantity
            for each in self._liquidations
            if each.liquidated is liquidated and begin_ms < each.exchange_ms <= at_ms
        )
        return sum(notionals, 0.0)
