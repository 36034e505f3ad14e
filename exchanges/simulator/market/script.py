"""What is played on a pair instead of its own market for some minutes: trades, orders, depth.

A script is written before the market opens, by `exchanges.simulator.scenarios`; tape, book, open
interest and liquidations follow it while it lasts.
"""

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from exchanges.simulator.market.bars import MINUTE_MS
from exchanges.simulator.market.trades import MinuteTrades

BID: Final = 1
ASK: Final = -1


@dataclass(frozen=True, kw_only=True)
class RestingOrder:
    """A big order at one price, on top of what else waits there, from one instant to another.

    `side` is `BID` or `ASK`; `price` is in ticks on the pair's level grid, `quantity` in steps.
    `fills` are the trades that eat it: instants and quantities, oldest first.
    """

    side: int
    price: int
    quantity: int
    from_ms: int
    until_ms: int
    fills: tuple[tuple[int, int], ...] = ()

    def left_at(self, at_ms: int) -> int:
        """What of it still waits at an instant, 0 before it came and after it went."""
        if not self.from_ms <= at_ms < self.until_ms:
            return 0
        return self.quantity - self._eaten[bisect_right(self._times, at_ms)]

    @cached_property
    def _times(self) -> list[int]:
        return [at_ms for at_ms, _ in self.fills]

    @cached_property
    def _eaten(self) -> list[int]:
        eaten = np.cumsum([0, *(quantity for _, quantity in self.fills)])
        return [int(one) for one in eaten]


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Script:
    """Consecutive minutes of a pair as they are played.

    `minutes` holds the trades of each; `depth` is how much of its usual quantity the book has, as
    (instant, share) with straight lines between; `open_interest` is what each minute adds to open
    interest, as a fraction of it.
    """

    minutes: Mapping[int, MinuteTrades]
    orders: tuple[RestingOrder, ...]
    depth: tuple[tuple[int, float], ...]
    open_interest: Mapping[int, float]

    def depth_at(self, at_ms: int) -> float:
        """Share of the usual quantities that the book has at an instant."""
        times, shares = zip(*self.depth, strict=True)
        return float(np.interp(at_ms, times, shares))

    @property
    def start_ms(self) -> int:
        """Its first instant."""
        return min(self.minutes) * MINUTE_MS

    @property
    def end_ms(self) -> int:
        """The instant after its last minute."""
        return (max(self.minutes) + 1) * MINUTE_MS
