"""Open interest read against price over the last minutes."""

import math
from typing import NamedTuple

from domain.derivatives import OpenInterestMeaning, OpenInterestReading
from layers.orderflow.derivatives.parameters import OpenInterestShape
from layers.orderflow.derivatives.timeline import Timeline

_MEANINGS = {
    (True, True): OpenInterestMeaning.NEW_LONGS,
    (True, False): OpenInterestMeaning.NEW_SHORTS,
    (False, True): OpenInterestMeaning.SHORT_COVERING,
    (False, False): OpenInterestMeaning.LONG_LIQUIDATION,
}
"""By whether open interest rose and whether price rose."""


class OpenInterestPoint(NamedTuple):
    """Open positions in base units, the price seen with them, and the venue's period."""

    quantity: float
    price: float
    period_ms: int


class OpenInterestHistory:
    """What was observed lately.

    `age_ms` is how old the newest may be at a reading, `longest_span_ms` how far apart the compared
    points may be where observations are missing, `lateness_ms` how late a reading may be asked.

    A venue that tells of the end of each period has none newer until the next one has ended: its
    points may be older by a period.
    """

    def __init__(
        self, shape: OpenInterestShape, *, age_ms: int, longest_span_ms: int, lateness_ms: int
    ) -> None:
        self._shape = shape
        self._age_ms = age_ms
        self._longest_span_ms = longest_span_ms
        self._kept_ms = age_ms + longest_span_ms + lateness_ms
        self._points = Timeline[OpenInterestPoint](self._kept_ms)

    def observe(self, at_ms: int, quantity: float, price: float, period_ms: int = 0) -> bool:
        """Keep a point that is later than the newest; whether it was."""
        self._points.kept_ms = self._kept_ms + period_ms
        return self._points.add(at_ms, OpenInterestPoint(quantity, price, period_ms))

    def newest(self, at_ms: int) -> tuple[int, OpenInterestPoint] | None:
        """Time and point, the newest at an instant; None when it is too old."""
        found = self._points.newest(at_ms, at_ms - self._points.kept_ms)
        if found is None or found[0] < at_ms - self._age_ms - found[1].period_ms:
            return None
        return found

    def reading(self, at_ms: int) -> OpenInterestReading | None:
        """The newest point against one before it; None without both."""
        now = self.newest(at_ms)
        then = None if now is None else self._compared_with(now[0])
        if now is None or then is None or then[1].quantity == 0:
            return None
        (now_ms, current), (then_ms, former) = now, then
        change = 100 * (current.quantity / former.quantity - 1)
        log_price_change = 100 * math.log(current.price / former.price)
        return OpenInterestReading(
            exchange_ms=now_ms,
            quantity=current.quantity,
            change_percent=change,
            price_change_percent=100 * (current.price / former.price - 1),
            span_seconds=(now_ms - then_ms) / 1000,
            meaning=meaning_of(change, log_price_change, self._shape),
        )

    def _compared_with(self, now_ms: int) -> tuple[int, OpenInterestPoint] | None:
        """The newest point a whole span before, or while there is none the oldest that serves."""
        whole, shortest = (
            now_ms - round(span * 60_000) for span in (self._shape.span, self._shape.shortest_span)
        )
        serving = self._points.between(now_ms - self._longest_span_ms, shortest)
        before = [point for point in serving if point[0] <= whole]
        return before[-1] if before else next(iter(serving), None)


def meaning_of(
    change_percent: float, log_price_change: float, shape: OpenInterestShape
) -> OpenInterestMeaning:
    """What a change of open interest means.

    The price change is 100 times its logarithm, so that a mirrored market means the mirror.
    """
    if abs(change_percent) < shape.quiet or abs(log_price_change) < shape.quiet_price:
        return OpenInterestMeaning.QUIET
    return _MEANINGS[change_percent > 0, log_price_change > 0]
