"""Exchange time of the simulated venue: a chosen start that runs at a chosen speed."""

import math
from collections.abc import Callable

from domain.errors import ConfigurationError


class SimulatorClock:
    """Exchange time in Unix milliseconds, `speed` times as fast as the injected wall clock.

    `wall` returns seconds that only ever grow. Time stands at `start_ms` until `start()`, stands
    still between `hold()` and `release()`, and never passes the end given by `end_by()`.
    """

    def __init__(self, start_ms: int, speed: float, wall: Callable[[], float]) -> None:
        if not 0 < speed < math.inf:
            raise ConfigurationError(f"simulator speed is {speed}; it must be above 0 and finite")
        self.start_ms = start_ms
        self.speed = speed
        self._wall = wall
        self._elapsed_ms = 0.0
        self._running_since: float | None = None
        self._started = False
        self._end_ms: int | None = None

    def start(self) -> None:
        """Let time run. Calling it again changes nothing."""
        if not self._started:
            self._started = True
            self.release()

    def end_by(self, end_ms: int) -> None:
        """Never let time pass `end_ms`; the earliest of several ends counts."""
        self._end_ms = end_ms if self._end_ms is None else min(self._end_ms, end_ms)

    def hold(self) -> None:
        """Freeze exchange time."""
        self._elapsed_ms = self._elapsed()
        self._running_since = None

    def release(self) -> None:
        """Let a held clock run on from where it stopped."""
        if self._running_since is None:
            self._running_since = self._wall()

    @property
    def held(self) -> bool:
        """Whether time stands still."""
        return self._running_since is None

    @property
    def ended(self) -> bool:
        """Whether the end given by `end_by()` is reached."""
        return self._end_ms is not None and self.now_ms() >= self._end_ms

    def now_ms(self) -> int:
        """Exchange time."""
        now = self.start_ms + int(self._elapsed())
        return now if self._end_ms is None else min(now, self._end_ms)

    def wall_seconds(self) -> float:
        """The wall clock behind it, for whatever must not be accelerated."""
        return self._wall()

    def _elapsed(self) -> float:
        if self._running_since is None:
            return self._elapsed_ms
        return self._elapsed_ms + (self._wall() - self._running_since) * 1000.0 * self.speed
