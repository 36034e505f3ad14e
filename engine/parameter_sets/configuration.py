"""Use case: which parameters are in force, and where they come from."""

from collections.abc import Sequence
from dataclasses import dataclass

from domain.parameter_sets import LiveChange, ParameterSet
from domain.readiness import CONFLUENCE
from engine.parameter_sets.history import live_version
from engine.ports.storage import Storage


@dataclass(frozen=True, slots=True, kw_only=True)
class LiveSet:
    """A set that is live, and the change that made it so."""

    parameter_set: ParameterSet
    change: LiveChange


@dataclass(frozen=True, slots=True, kw_only=True)
class OverlaidValue:
    """A number that a set lays over the one of the strategy file."""

    name: str
    value: float
    in_file: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RunningParameters:
    """What a process was started with.

    `live` is None for the strategy file alone. `changed` are parameters of the strategy file that
    are not at their default and not overlaid, each as "name = value".
    """

    live: LiveSet | None = None
    overlaid: Sequence[OverlaidValue] = ()
    changed: Sequence[str] = ()

    @property
    def version(self) -> int | None:
        """The version that is laid over the strategy file."""
        return None if self.live is None else self.live.parameter_set.version


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigurationReport:
    """What is in force, and what takes its place at the next start (`is_pending`)."""

    running: RunningParameters
    next_version: int | None
    is_pending: bool


class ReadConfiguration:
    """What this process runs on, against what is live by the log of now."""

    def __init__(
        self, *, storage: Storage, running: RunningParameters, playbook: str = CONFLUENCE
    ) -> None:
        self._storage = storage
        self._running = running
        self._playbook = playbook

    async def __call__(self) -> ConfigurationReport:
        """As it is now."""
        async with self._storage() as unit:
            version = live_version(await unit.parameter_sets.list_changes(self._playbook))
        return ConfigurationReport(
            running=self._running,
            next_version=version,
            is_pending=version != self._running.version,
        )
