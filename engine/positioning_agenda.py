"""Which pairs' positioning is due, when the venue cannot be asked about all of them at once."""

from collections.abc import Collection


class PositioningAgenda:
    """Remembers who was asked and told when.

    The venue tells one row a period (ms), so a pair whose newest row is younger has nothing new.
    All instants are exchange ms.
    """

    def __init__(self, period_ms: int) -> None:
        self._period_ms = period_ms
        self._asked_at: dict[str, int] = {}
        self._due_at: dict[str, int] = {}

    def due(self, symbols: Collection[str], now_ms: int) -> list[str]:
        """Those of the streamed pairs that are due, longest not asked first; forgets the others."""
        for gone in self._asked_at.keys() - set(symbols):
            del self._asked_at[gone]
            self._due_at.pop(gone, None)
        waiting = [symbol for symbol in symbols if self._due_at.get(symbol, now_ms) <= now_ms]
        return sorted(waiting, key=lambda symbol: self._asked_at.get(symbol, 0))

    def note_asked(self, symbol: str, now_ms: int) -> None:
        """The pair is being asked: whatever comes of it, others go first next time."""
        self._asked_at[symbol] = now_ms

    def note_told(self, symbol: str, row_ms: int | None, now_ms: int) -> None:
        """The venue answered; its newest row is of `row_ms`, None when it has none."""
        # A row that claims to come from the future must not silence the pair for ever.
        newest = now_ms if row_ms is None else min(row_ms, now_ms)
        self._due_at[symbol] = newest + self._period_ms
