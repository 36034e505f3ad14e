"""Clocks and an event loop for tests, so that nobody has to wait."""

import asyncio
import selectors
from collections.abc import Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from engine.ports.clock import Clock

Result = TypeVar("Result")

AFTERNOON = datetime(2025, 10, 6, 14, 0, tzinfo=UTC)
"""A 15-minute boundary in an hour whose bar is not raised; the builders' closes stand on it."""


class HandClock(Clock):
    """Exchange time and wall seconds move together, and only when told; sleeping tells them."""

    def __init__(self, at: datetime = AFTERNOON) -> None:
        self._now = at
        self._seconds = 1000.0

    def now(self) -> datetime:
        return self._now

    def monotonic(self) -> float:
        return self._seconds

    async def sleep(self, exchange_seconds: float) -> None:
        self.advance(exchange_seconds)
        await asyncio.sleep(0)

    def advance(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._seconds += seconds

    def set(self, at: datetime) -> None:
        self.advance((at - self._now).total_seconds())


class LoopClock(HandClock):
    """Wall seconds are those of the running event loop."""

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()


def run_leaping(work: Coroutine[Any, Any, Result]) -> Result:
    """Run a coroutine in a loop whose time leaps to the next timer as soon as all wait for it.

    A back-off of half a minute takes no time, and the loop's clock shows it all the same.
    """
    with asyncio.Runner(loop_factory=_LeapingLoop) as runner:
        return runner.run(work)


class _LeapingSelector(selectors.SelectSelector):
    def __init__(self) -> None:
        super().__init__()
        self.leapt = 0.0

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            return super().select(None)
        ready = super().select(0)
        if not ready:
            self.leapt += max(0.0, timeout)
        return ready


class _LeapingLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._leaping = _LeapingSelector()
        super().__init__(self._leaping)

    def time(self) -> float:
        return self._leaping.leapt
