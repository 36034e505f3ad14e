"""Cumulative volume delta: taker buys less taker sells since a boundary of the clock."""

from typing import Final

from layers.orderflow.tape.columns import Columns

FOUR_HOURS_MS: Final = 4 * 3_600_000
DAY_MS: Final = 24 * 3_600_000


class CumulativeDelta:
    """Sums since the 4-hour boundary and since midnight UTC; a trade on the boundary is after it.

    Kept trades are looked up; of forgotten ones remains the delta before each boundary of the
    last day.
    """

    __slots__ = ("_before", "_forgotten")

    def __init__(self) -> None:
        self._before: dict[int, int] = {}
        self._forgotten = 0

    def since_boundary(self, rows: Columns, at_ms: int, row: int, period_ms: int) -> int:
        """Delta in quantity steps since the last boundary, up to `row`, which is the row at."""
        boundary = at_ms - at_ms % period_ms
        return self._forgotten + rows.delta(row) - self._delta_before(rows, boundary)

    def forget(self, rows: Columns, row: int, until_ms: int) -> None:
        """Prepare for the loss of all rows up to and with `row`, the row at `until_ms`."""
        newest = until_ms + 1 - (until_ms + 1) % FOUR_HOURS_MS
        boundaries = range(newest, until_ms + 1 - DAY_MS, -FOUR_HOURS_MS)
        self._before = {each: self._delta_before(rows, each) for each in boundaries}
        self._forgotten += rows.delta(row)

    def _delta_before(self, rows: Columns, boundary: int) -> int:
        known = self._before.get(boundary)
        if known is not None:
            return known
        return self._forgotten + rows.delta(rows.row_at(boundary - 1))
