"""Keeps an eye on the running bot: reads, judges, and notes what began and what ended."""

import asyncio
import logging
from collections import Counter
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from engine.monitoring.extremes import Extremes
from engine.monitoring.health_parameters import HealthParameters
from engine.monitoring.judge import can_judge, find_troubles, is_judged, most_severe_first
from engine.monitoring.rule import warning
from engine.monitoring.values import Finding, HealthReading, Notice, Severity
from engine.monitoring.wording import cut, span
from engine.ports.clock import Clock

_log = logging.getLogger(__name__)

_READING: Final = "health reading"
_READING_MEND: Final = (
    "Nobody looks after the bot meanwhile. Look for health not read in the log, and send a bug "
    'report (runbook "Health is not read").'
)


def nothing_told() -> Mapping[str, Severity]:
    """Before a restart nothing was told."""
    return {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Standing:
    """A trouble that was noted, as severe as `told`; `finding` is how it was found last.

    Both `since` and `finding` are None for one that was told before a restart and not seen since.
    """

    told: Severity
    since: datetime | None = None
    finding: Finding | None = None


class WatchHealth:
    """A critical or certain trouble is noted at once, another when readings in a row confirm it.

    The end is noted when readings in a row are without it; one that does not tell counts for
    neither. `told` are subjects that were told before a restart: their end is noted, too. A reading
    that fails changes nothing but that it is itself a trouble.
    """

    def __init__(
        self,
        *,
        read: Callable[[], Awaitable[HealthReading]],
        note: Callable[[Notice], None],
        parameters: HealthParameters,
        clock: Clock,
        told: Callable[[], Mapping[str, Severity]] = nothing_told,
    ) -> None:
        self._read = read
        self._note = note
        self._parameters = parameters
        self._clock = clock
        self._told = told
        self._seen: Counter[str] = Counter()
        self._absent: Counter[str] = Counter()
        self._standing: dict[str, _Standing] = {}
        self.extremes = Extremes()
        self.newest: HealthReading | None = None

    async def __call__(self) -> None:
        """Read once, and note what has begun and ended."""
        try:
            async with asyncio.timeout(self._parameters.reading_seconds):
                reading = await self._read()
        except Exception as error:  # noqa: BLE001 - whatever it is, it is trouble and no crash
            _log.exception("health not read")
            self._take_failure(error)
            return
        self.newest = reading
        self.extremes.take(reading)
        self._take(
            find_troubles(reading, self._parameters),
            lambda subject: can_judge(subject, reading, self._parameters),
        )
        self._take((), lambda subject: subject == _READING)

    @property
    def standing(self) -> tuple[Finding, ...]:
        """Troubles that were noted and have not ended, the most severe first."""
        return most_severe_first(
            one.finding for one in self._standing.values() if one.finding is not None
        )

    def _take_failure(self, error: Exception) -> None:
        reason = cut(f"{type(error).__name__}: {error}")
        failed = warning(
            _READING, f"the state of the bot could not be read: {reason}", _READING_MEND
        )
        self._take((failed,), lambda subject: subject == _READING)

    def _take(self, found: tuple[Finding, ...], is_about: Callable[[str], bool]) -> None:
        """`found` is everything wrong among the subjects that it is about."""
        now = self._clock.now()
        self._adopt()
        subjects = {finding.subject for finding in found}
        for subject in [one for one in self._seen if is_about(one) and one not in subjects]:
            del self._seen[subject]
        for finding in found:
            self._begin(finding, now)
        for subject in [one for one in self._standing if is_about(one) and one not in subjects]:
            self._end(subject, now)

    def _adopt(self) -> None:
        """What was told before a restart stands, until a reading shows that it is over."""
        for subject, severity in self._told().items():
            is_known = is_judged(subject) or subject == _READING
            if is_known and subject not in self._standing:
                self._standing[subject] = _Standing(told=severity)

    def _begin(self, finding: Finding, now: datetime) -> None:
        subject, known = finding.subject, self._standing.get(finding.subject)
        self._seen[subject] += 1
        self._absent.pop(subject, None)
        if not self._is_due(finding, known):
            return
        is_worse = known is None or finding.severity.urgency > known.told.urgency
        self._standing[subject] = _Standing(
            told=finding.severity if known is None or is_worse else known.told,
            since=now if known is None else known.since,
            finding=finding,
        )
        if is_worse:
            self._note(_notice(finding, now))

    def _is_due(self, finding: Finding, known: _Standing | None) -> bool:
        is_confirmed = self._seen[finding.subject] >= self._parameters.confirm_readings
        is_plain = finding.is_certain or finding.severity is Severity.CRITICAL
        return known is not None or is_confirmed or is_plain

    def _end(self, subject: str, now: datetime) -> None:
        self._absent[subject] += 1
        if self._absent[subject] < self._parameters.clear_readings:
            return
        del self._absent[subject]
        self._note(_ending(subject, self._standing.pop(subject), now))


def _notice(finding: Finding, now: datetime) -> Notice:
    return Notice(
        subject=finding.subject,
        severity=finding.severity,
        text=finding.text,
        at=now,
        mend=finding.mend,
    )


def _ending(subject: str, ended: _Standing, now: datetime) -> Notice:
    lasted = "" if ended.since is None else f" after {span((now - ended.since).total_seconds())}"
    was = "" if ended.finding is None else f". It was: {ended.finding.text}"
    return Notice(
        subject=subject,
        severity=ended.told,
        text=f"over{lasted}{was}",
        at=now,
        is_resolved=True,
    )
