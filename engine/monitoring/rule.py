"""What a rule of the judge is made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import timedelta
from typing import TypeAlias

from domain.timeframes import Timeframe
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.values import Finding, HealthReading, Severity

Look: TypeAlias = Callable[[HealthReading, HealthParameters], Iterable[Finding]]
"""Finds what is wrong with one part of a reading."""

CanJudge: TypeAlias = Callable[[str, HealthReading, HealthParameters], bool]
"""Whether nothing found about a subject means that nothing is wrong with it."""


def always(_subject: str, _reading: HealthReading, _parameters: HealthParameters) -> bool:
    """Every reading tells of the subject."""
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule about a subject; findings about one of several things name it: "job scan".

    A rule that is silent because a reading does not tell says so by `can_judge`: what was found
    before is not over by that.
    """

    subject: str
    look: Look
    can_judge: CanJudge = always

    def covers(self, subject: str) -> bool:
        """Whether a finding with this subject can be the rule's own."""
        return subject == self.subject or subject.startswith(f"{self.subject} ")


def critical(subject: str, text: str, mend: str) -> Finding:
    """Something that somebody has to know at once."""
    return Finding(subject=subject, severity=Severity.CRITICAL, text=text, mend=mend)


def warning(subject: str, text: str, mend: str, *, is_certain: bool = False) -> Finding:
    """Something that somebody has to know within minutes."""
    return Finding(
        subject=subject,
        severity=Severity.WARNING,
        text=text,
        mend=mend,
        is_certain=is_certain,
    )


def mention(subject: str, text: str, mend: str) -> Finding:
    """Something for the daily digest."""
    return Finding(subject=subject, severity=Severity.INFO, text=text, mend=mend)


def is_starting(reading: HealthReading, parameters: HealthParameters) -> bool:
    """Whether what has not come yet may still come; the exchange may have been waited for."""
    return begun_seconds(reading) < parameters.start_minutes * 60


def begun_seconds(reading: HealthReading) -> float:
    """Wall seconds since the start, those left out in which it waited in vain for the exchange."""
    return reading.process.uptime_seconds - reading.waited_seconds


def has_started(_subject: str, reading: HealthReading, parameters: HealthParameters) -> bool:
    """Whether what a reading does not show would have come by now."""
    return not is_starting(reading, parameters)


def is_young(reading: HealthReading, parameters: HealthParameters) -> bool:
    """Whether the process is so young that even the exchange need not have answered yet."""
    return reading.process.uptime_seconds < parameters.start_minutes * 60


def is_settling(reading: HealthReading, parameters: HealthParameters) -> bool:
    """Whether the newest close is so young that its candles may still come."""
    since_close = reading.at - Timeframe.M15.previous_boundary(reading.at)
    return since_close < timedelta(seconds=parameters.ready_seconds * reading.speed)
