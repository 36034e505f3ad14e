"""Where hints about an account come from: a user data stream, or a clock where there is none."""

from collections.abc import Callable
from typing import Protocol

from engine.ports.broker import AnyPair, OnHint
from engine.ports.clock import Clock

OnSettings = Callable[[], None]
"""Told that leverage, margin or position mode may have been changed elsewhere."""


class HintSource(Protocol):
    """Gives hints until cancelled."""

    async def run(self, on_hint: OnHint, on_settings: OnSettings) -> None:
        """Hints may come twice, late, or not at all."""


class TimedHints(HintSource):
    """Says every `seconds` of exchange time that it is time to look."""

    def __init__(self, clock: Clock, seconds: float) -> None:
        self._clock = clock
        self._seconds = seconds

    async def run(self, on_hint: OnHint, on_settings: OnSettings) -> None:
        """Hint until cancelled."""
        while True:
            on_settings()
            on_hint(AnyPair.TIME_PASSED)
            await self._clock.sleep(self._seconds)
