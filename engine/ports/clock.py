"""Time, as the engine sees it."""

from datetime import datetime
from typing import Protocol


class Clock(Protocol):
    """Follows exchange time."""

    def now(self) -> datetime:
        """Exchange time, aware UTC."""

    def monotonic(self) -> float:
        """Wall seconds that never go back: for latencies, time-outs and back-off."""

    async def sleep(self, exchange_seconds: float) -> None:
        """Sleep a span of exchange time (shorter on the wall where the venue's time runs fast)."""
