"""Trackers that have observed something, for tests."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from domain.derivatives import Liquidation, OpenInterestObservation
from domain.directions import Direction
from domain.timeframes import to_ms
from layers.orderflow.derivatives import DerivativesParameters, DerivativesTracker

NOON = datetime(2026, 3, 4, 12, tzinfo=UTC)
NOON_MS = to_ms(NOON)
MINUTE_MS = 60_000
PARAMETERS = DerivativesParameters()
# Small rises at prices apart, so that one large rise stands out of the mean.
BACKGROUND = [(700 - 10 * n, 1000 + n, 90 * 1.02**n) for n in range(11)]


def tracker(base: str = "BTC", patience: float = 1.0) -> DerivativesTracker:
    return DerivativesTracker(PARAMETERS, base=base, patience=patience)


def ago(minutes: float) -> int:
    """Exchange time before noon."""
    return NOON_MS - round(minutes * MINUTE_MS)


def noon_in(minutes: float) -> datetime:
    return NOON + timedelta(minutes=minutes)


def observed(at_ms: int, quantity: float, period_ms: int = 0) -> OpenInterestObservation:
    return OpenInterestObservation(exchange_ms=at_ms, quantity=quantity, period_ms=period_ms)


def having_seen(
    points: Iterable[tuple[float, float, float]], base: str = "BTC", patience: float = 1.0
) -> DerivativesTracker:
    """A tracker that saw (minutes before noon, open interest, price), in this order."""
    watching = tracker(base, patience)
    for minutes, quantity, price in points:
        watching.observe_open_interest(observed(ago(minutes), quantity), price)
    return watching


def build_up() -> list[tuple[float, float, float]]:
    """A hundred contracts more at a price of 100, over five minutes."""
    return [*BACKGROUND, (405, 1010, 100), (400, 1110, 100)]


def liquidation(
    minutes: float, price: float, quantity: float, liquidated: Direction
) -> Liquidation:
    return Liquidation(ago(minutes), price, quantity, liquidated)
