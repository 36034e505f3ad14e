"""Which troubles were told and have not ended: each is told once, and so is its end."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.monitoring.values import Notice, Severity

_MOST: Final = 500
"""Subjects remembered; there are far fewer, but a subject could come from outside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    severity: Severity
    at: float


class Lasting:
    """Remembers what was told. Instants are monotonic wall seconds."""

    def __init__(self, again_seconds: float) -> None:
        self._again_seconds = again_seconds
        self._told: dict[str, _Told] = {}

    def is_news(self, notice: Notice, at: float) -> bool:
        """Whether somebody has to hear of it; it counts as told then.

        A trouble is news when it was not told, got more severe, or was told too long ago; an end is
        news when its trouble was told.
        """
        told = self._told.get(notice.subject)
        if notice.is_resolved:
            self._told.pop(notice.subject, None)
            return told is not None
        if told is not None and not self._is_more(notice, told, at):
            return False
        self._keep(notice.subject, _Told(severity=notice.severity, at=at))
        return True

    def restore(self, subject: str, severity: Severity | None, at: float) -> None:
        """What was told before a restart: a trouble, or None for its end. Later news win."""
        known = self._told.get(subject)
        if known is not None and known.at > at:
            return
        if severity is None:
            self._told.pop(subject, None)
        else:
            self._keep(subject, _Told(severity=severity, at=at))

    def standing(self) -> Mapping[str, Severity]:
        """Every trouble that was told and has not ended, as severe as it was told."""
        return {subject: told.severity for subject, told in self._told.items()}

    def _is_more(self, notice: Notice, told: _Told, at: float) -> bool:
        is_worse = notice.severity.urgency > told.severity.urgency
        return is_worse or at - told.at >= self._again_seconds

    def _keep(self, subject: str, told: _Told) -> None:
        self._told.pop(subject, None)
        self._told[subject] = told
        while len(self._told) > _MOST:
            del self._told[next(iter(self._told))]
