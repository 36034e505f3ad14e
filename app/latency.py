"""How long a signal takes from its pair's final candle to the message being handed over."""

from collections import deque
from dataclasses import dataclass, field

import numpy as np

_REMEMBERED = 1000
"""Newest signals that percentiles are taken over."""


@dataclass(slots=True)
class LatencyRecorder:
    """Pairs the moment a candle became final with the moment its post was handed over.

    The two ends may be noted in either order; wall seconds throughout.
    """

    milliseconds: deque[float] = field(default_factory=lambda: deque(maxlen=_REMEMBERED))
    _ready: dict[str, float] = field(default_factory=dict)
    _delivered: dict[str, float] = field(default_factory=dict)

    def candle_ready(self, key: str, at: float) -> None:
        """The final candle behind the message `key` was known at a monotonic second."""
        self._ready[key] = at
        self._match(key)

    def delivered(self, key: str, at: float) -> None:
        """The message `key` was handed over at a monotonic second."""
        self._delivered[key] = at
        self._match(key)

    def percentile(self, share: float) -> float | None:
        """Milliseconds under which a share (0 to 1) of all messages lay; None without any."""
        return float(np.quantile(self.milliseconds, share)) if self.milliseconds else None

    def _match(self, key: str) -> None:
        if key in self._ready and key in self._delivered:
            seconds = self._delivered.pop(key) - self._ready.pop(key)
            self.milliseconds.append(seconds * 1000.0)
