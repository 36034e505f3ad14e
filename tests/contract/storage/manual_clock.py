"""A clock that moves only when told."""

from datetime import UTC, datetime, timedelta


class ManualClock:
    def __init__(self) -> None:
        self._seconds = 0.0

    def now(self) -> datetime:
        return datetime(2025, 10, 6, 14, 0, tzinfo=UTC) + timedelta(seconds=self._seconds)

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, exchange_seconds: float) -> None:
        self._seconds += exchange_seconds
