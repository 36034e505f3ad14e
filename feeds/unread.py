"""What a provider told and nobody read: until that is history, silence of a coin means nothing."""

from collections.abc import Collection, Iterable


class Unread:
    """Remembers by coin what was cut off or unreadable; all times in exchange milliseconds.

    `span_ms` is how far readings look back: what happened before is missed by nobody.
    """

    def __init__(self, span_ms: int) -> None:
        self._span_ms = span_ms
        self._before_ms: dict[str, int] = {}
        self._looked_for: frozenset[str] | None = None

    def look_for(self, coins: frozenset[str], now_ms: int) -> None:
        """Begin to read what is told of these coins; of the new ones earlier news was dropped.

        The first look reads back far enough, and misses nothing of any.
        """
        if self._looked_for is not None:
            self.note(coins - self._looked_for, now_ms)
        self._looked_for = coins

    def note(self, coins: Iterable[str], before_ms: int) -> None:
        """Not all of what happened to these coins before an instant was read."""
        for coin in coins:
            self._before_ms[coin] = max(before_ms, self._before_ms.get(coin, 0))

    def without(self, coins: Collection[str], now_ms: int) -> frozenset[str]:
        """Those of the coins of which everything was read that a reading of now looks at."""
        latest = now_ms - self._span_ms
        return frozenset(coin for coin in coins if self._before_ms.get(coin, 0) <= latest)
