"""The time that a backtest's figures are about."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """`start <= t < end`. Raises `ValueError` for one without length."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start >= self.end:
            raise ValueError(f"a period ends after it starts, not from {self.start} to {self.end}")

    @property
    def length_days(self) -> float:
        """Its length; a part of a day counts as a part."""
        return (self.end - self.start) / DAY

    @property
    def days(self) -> int:
        """UTC days that lie in it; a part of a day counts as a whole one."""
        return ((self.end - timedelta.resolution).date() - self.start.date()).days + 1
