"""Whether a playbook has shown enough to be trusted with money: the readiness gate's verdict."""

from dataclasses import dataclass
from datetime import datetime

CONFLUENCE = "confluence"
"""Name of the first playbook."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessCheck:
    """One figure against its threshold, both as people read them ("win rate", "58.1 %", "> 55 %").

    `value` is None where the figure cannot be computed, which fails.
    """

    metric: str
    value: float | None
    threshold: float
    is_passed: bool
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadinessVerdict:
    """What the gate said of one backtest of a playbook.

    `at` is when it was judged, `start` and `end` bound the candles, `trades` counts the closed
    trades behind it. `strategy` is the fingerprint of every parameter that decides on a trade, and
    `parameter_set` the version they came from, None for the strategy file alone.
    """

    playbook: str
    at: datetime
    start: datetime
    end: datetime
    trades: int
    strategy: str
    checks: tuple[ReadinessCheck, ...]
    parameter_set: int | None = None

    @property
    def is_passed(self) -> bool:
        """Whether every check was passed."""
        return bool(self.checks) and all(check.is_passed for check in self.checks)
