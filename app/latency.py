"""How long it takes from a pair's final candle to its decision, and on to its post."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

import numpy as np

from engine.monitoring.values import LatencyStage, LatencySummary

Value = TypeVar("Value")

Observe = Callable[[LatencyStage, float], None]
"""Told of a stage and the wall seconds it was reached after."""

_REMEMBERED: Final = 40_000
"""Newest cases of a stage that percentiles are taken over: a day of 400 pairs."""

_UNMATCHED: Final = 1_000
"""Posts of which only one end is known; the others are not to come any more."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Handed:
    """When a post left, and when it was accepted: wall seconds of the monotonic clock."""

    over_at: float
    accepted_at: float


class LatencyRecorder:
    """Pairs the moment a candle became final with what it led to; wall seconds throughout.

    The two ends of a post may be noted in either order.
    """

    def __init__(self, observe: Observe | None = None) -> None:
        self._observe = observe
        self._of_run = _nothing_noted()
        self._of_day = _nothing_noted()
        self._ready: dict[str, float] = {}
        self._handed: dict[str, Handed] = {}

    def decided(self, ready_at: float, *, decided_at: float, stored_at: float) -> None:
        """A pair whose final candle was known at `ready_at` was decided on and that was stored."""
        self._note(LatencyStage.DECIDED, decided_at - ready_at)
        self._note(LatencyStage.STORED, stored_at - ready_at)

    def candle_ready(self, key: str, at: float) -> None:
        """The final candle behind the message `key` was known at a monotonic second."""
        _keep(self._ready, key, at)
        self._match(key)

    def delivered(self, key: str, handed: Handed) -> None:
        """The message `key` was handed over, and accepted."""
        _keep(self._handed, key, handed)
        self._match(key)

    def percentile(
        self, share: float, stage: LatencyStage = LatencyStage.HANDED_OVER
    ) -> float | None:
        """Milliseconds under which a share (0 to 1) of all cases of the run lay; None without."""
        noted = self._of_run[stage]
        return float(np.quantile(noted, share)) if noted else None

    def summaries(self) -> tuple[LatencySummary, ...]:
        """Every stage that was reached since the start or the newest `start_over`, in order."""
        return tuple(
            LatencySummary(
                stage=stage,
                count=len(noted),
                p50_milliseconds=float(np.quantile(noted, 0.5)),
                p99_milliseconds=float(np.quantile(noted, 0.99)),
            )
            for stage, noted in self._of_day.items()
            if noted
        )

    def start_over(self) -> None:
        """Forget what summaries are taken over: a new day begins."""
        self._of_day = _nothing_noted()

    def _match(self, key: str) -> None:
        if key in self._ready and key in self._handed:
            handed, ready_at = self._handed.pop(key), self._ready.pop(key)
            self._note(LatencyStage.HANDED_OVER, handed.over_at - ready_at)
            self._note(LatencyStage.ACCEPTED, handed.accepted_at - ready_at)

    def _note(self, stage: LatencyStage, seconds: float) -> None:
        milliseconds = seconds * 1000.0
        for noted in (self._of_run, self._of_day):
            noted[stage].append(milliseconds)
        if self._observe is not None:
            self._observe(stage, seconds)


def _nothing_noted() -> dict[LatencyStage, deque[float]]:
    return {stage: deque(maxlen=_REMEMBERED) for stage in LatencyStage}


def _keep(known: dict[str, Value], key: str, value: Value) -> None:
    known[key] = value
    while len(known) > _UNMATCHED:
        del known[next(iter(known))]
