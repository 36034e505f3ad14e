"""When funding is due, and at which rate: the last one told before its time."""

from collections.abc import Callable, Collection
from datetime import datetime

from domain.derivatives import Funding


class FundingTimes:
    """`told` is the funding to come of a pair, as polled; its time moves on once it has passed."""

    def __init__(self, told: Callable[[str], Funding | None]) -> None:
        self._told = told
        self._next: dict[str, Funding] = {}

    def due(self, symbols: Collection[str], now: datetime) -> list[tuple[str, Funding]]:
        """Fundings of these pairs whose time has come, each once; others are forgotten.

        One whose time passed before the pair mattered is not due: nobody was there to pay it.
        """
        found = []
        for symbol in symbols:
            expected = self._next.pop(symbol, None)
            if expected is not None and expected.next_at <= now:
                found.append((symbol, expected))
        self._next = {
            symbol: funding
            for symbol in symbols
            if (funding := self._told(symbol)) is not None and funding.next_at > now
        }
        return found
