"""What became of each scheduled job: last runs, lateness, failures, runs left out."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.monitoring.values import JobReading


@dataclass(slots=True, kw_only=True)
class _Job:
    period: timedelta
    last_run_at: datetime | None = None
    last_good_at: datetime | None = None
    lateness_seconds: float = 0.0
    failures: int = 0
    last_error: str | None = None


@dataclass(slots=True)
class JobHistory:
    """Notes runs by job. Instants are exchange time, periods and lateness wall seconds."""

    missed: dict[str, int] = field(default_factory=dict)
    _jobs: dict[str, _Job] = field(default_factory=dict)

    def planned(self, name: str, period: timedelta) -> None:
        """A job was added to the schedule."""
        self._jobs[name] = _Job(period=period)

    def period(self, name: str) -> timedelta:
        """Wall time between two runs of a job."""
        return self._jobs[name].period

    def began(self, name: str, at: datetime, *, lateness_seconds: float) -> None:
        """A run began, so many wall seconds after it was due."""
        self._jobs[name].last_run_at = at
        self._jobs[name].lateness_seconds = lateness_seconds

    def went_well(self, name: str, at: datetime) -> None:
        """A run ended without an error."""
        job = self._jobs[name]
        job.last_good_at, job.failures, job.last_error = at, 0, None

    def failed(self, name: str, reason: str) -> None:
        """A run ended with an error."""
        job = self._jobs[name]
        job.failures += 1
        job.last_error = reason

    def left_out(self, name: str, runs: int) -> int:
        """So many runs never began; how many these are in all."""
        self.missed[name] = self.missed.get(name, 0) + runs
        return self.missed[name]

    def readings(self) -> tuple[JobReading, ...]:
        """Every job, by name."""
        return tuple(self._reading(name, job) for name, job in sorted(self._jobs.items()))

    def _reading(self, name: str, job: _Job) -> JobReading:
        return JobReading(
            name=name,
            period_seconds=job.period.total_seconds(),
            last_run_at=job.last_run_at,
            last_good_at=job.last_good_at,
            lateness_seconds=job.lateness_seconds,
            failures=job.failures,
            missed=self.missed.get(name, 0),
            last_error=job.last_error,
        )
