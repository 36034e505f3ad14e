"""What became of each supervised task: crashes since the start, and the newest reason."""

from collections.abc import Callable
from dataclasses import dataclass, field

from engine.monitoring.values import TaskReading

OnCrash = Callable[[str, BaseException], None]
"""Told of each crash with the task's name; must be quick and must not raise."""


@dataclass(slots=True)
class TaskHistory:
    """Counts crashes by task and tells whoever listens."""

    listeners: list[OnCrash] = field(default_factory=list)
    _crashes: dict[str, int] = field(default_factory=dict)
    _errors: dict[str, str] = field(default_factory=dict)

    def crashed(self, name: str, error: BaseException) -> None:
        """Note a crash."""
        self._crashes[name] = self._crashes.get(name, 0) + 1
        self._errors[name] = f"{type(error).__name__}: {error}"
        for listener in self.listeners:
            listener(name, error)

    @property
    def crashes(self) -> int:
        """Crashes of all tasks since the start."""
        return sum(self._crashes.values())

    def readings(self, running: frozenset[str]) -> tuple[TaskReading, ...]:
        """Every task that runs now or has ever crashed, by name."""
        return tuple(
            TaskReading(
                name=name,
                crashes=self._crashes.get(name, 0),
                is_running=name in running,
                last_error=self._errors.get(name),
            )
            for name in sorted(running | self._crashes.keys())
        )
