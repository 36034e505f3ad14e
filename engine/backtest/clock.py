"""A clock that stands still until it is set: the time of a backtest."""

from datetime import datetime, timedelta

from domain.timeframes import to_ms
from engine.ports.clock import Clock

_MILLISECONDS = 1000.0


class SteppedClock(Clock):
    """Exchange time and wall seconds are one, and move only forwards, by `set`."""

    def __init__(self, at: datetime) -> None:
        self._now = at

    def now(self) -> datetime:
        """The instant set last."""
        return self._now

    def monotonic(self) -> float:
        """Seconds since the epoch of that instant."""
        return to_ms(self._now) / _MILLISECONDS

    async def sleep(self, exchange_seconds: float) -> None:
        """Set the clock later by so much: nobody has to wait."""
        self.set(self._now + timedelta(seconds=exchange_seconds))

    def set(self, at: datetime) -> None:
        """It is this instant now, or still the present one if that is later."""
        self._now = max(self._now, at)
