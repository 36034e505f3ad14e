"""What a rule of the judge is made of."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.values import Finding, HealthReading, Severity

Look: TypeAlias = Callable[[HealthReading, HealthParameters], Iterable[Finding]]
"""Finds what is wrong with one part of a reading."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """A rule about a subject; findings about one of several things name it: "job scan"."""

    subject: str
    look: Look

    def covers(self, subject: str) -> bool:
        """Whether a finding with this subject can be the rule's own."""
        return subject == self.subject or subject.startswith(f"{self.subject} ")


def critical(subject: str, text: str, mend: str) -> Finding:
    """Something that somebody has to know at once."""
    return Finding(subject=subject, severity=Severity.CRITICAL, text=text, mend=mend)


def warning(subject: str, text: str, mend: str) -> Finding:
    """Something that somebody has to know within minutes."""
    return Finding(subject=subject, severity=Severity.WARNING, text=text, mend=mend)


def mention(subject: str, text: str, mend: str) -> Finding:
    """Something for the daily digest."""
    return Finding(subject=subject, severity=Severity.INFO, text=text, mend=mend)


def is_starting(reading: HealthReading, parameters: HealthParameters) -> bool:
    """Whether what has not come yet may still come."""
    return reading.process.uptime_seconds < parameters.start_minutes * 60
