"""Since when the tape is whole: trades that were never received leave a mark."""

from bisect import bisect_left, bisect_right, insort


class Coverage:
    """Breaks of the tape: its begin, holes in the ids, and gaps that were told.

    A hole is dated by the trade after it: only then is it known, and from then on the tape is
    whole again.
    """

    __slots__ = ("_gaps", "_holes", "_sizes", "missing")

    def __init__(self) -> None:
        self._gaps: list[int] = []
        self._holes: list[int] = []
        self._sizes: list[int] = []
        self.missing = 0

    def note_hole(self, exchange_ms: int, missing: int) -> None:
        """A trade, not earlier than the others, came after `missing` ids (0 for the very first)."""
        self._holes.append(exchange_ms)
        self._sizes.append(missing)
        self.missing += missing

    def note_gap(self, exchange_ms: int) -> None:
        """Trades up to an instant may have been lost."""
        insort(self._gaps, exchange_ms)

    def since(self, at_ms: int) -> int | None:
        """Since when the tape was whole, as seen at an instant; None before its begin."""
        holes = bisect_right(self._holes, at_ms)
        if not holes:
            return None
        gaps = bisect_right(self._gaps, at_ms)
        newest = self._holes[holes - 1]
        return max(newest, self._gaps[gaps - 1]) if gaps else newest

    def rewind(self, from_ms: int) -> None:
        """Take off the holes from an instant on; the trades are about to be added again."""
        first = bisect_left(self._holes, from_ms)
        self.missing -= sum(self._sizes[first:])
        del self._holes[first:], self._sizes[first:]

    def forget(self, until_ms: int) -> None:
        """Drop breaks that lie before the newest one up to an instant."""
        holes = max(0, bisect_right(self._holes, until_ms) - 1)
        del self._holes[:holes], self._sizes[:holes]
        del self._gaps[: max(0, bisect_right(self._gaps, until_ms) - 1)]
