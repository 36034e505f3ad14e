"""What research leaves behind in the database: verdicts, parameter sets, inputs of decisions."""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from domain.parameter_sets import LiveChange, ParameterSet
from domain.readiness import ReadinessVerdict


class ReadinessRepository(Protocol):
    """Verdicts of the readiness gate, never changed."""

    async def add(self, verdict: ReadinessVerdict) -> None:
        """Keep a verdict."""

    async def find_latest(self, playbook: str) -> ReadinessVerdict | None:
        """The newest verdict on a playbook."""


class ParameterSetRepository(Protocol):
    """Versioned parameter sets, never changed, and the log of which one was live when."""

    async def add(self, parameter_set: ParameterSet) -> None:
        """Keep a set. Raises `ConflictError` when its version is taken."""

    async def next_version(self) -> int:
        """One more than the newest, 1 for the first."""

    async def find(self, version: int) -> ParameterSet | None:
        """One set."""

    async def list_all(self, playbook: str) -> list[ParameterSet]:
        """All of a playbook, oldest first."""

    async def add_change(self, playbook: str, change: LiveChange) -> None:
        """From now on another set is live. Raises `NotFoundError` for a version that is not."""

    async def list_changes(self, playbook: str) -> list[LiveChange]:
        """Which one was live from when on, oldest first."""


class InputRepository(Protocol):
    """What decisions were made on: kept whole for signals, without candles for all, if wanted."""

    async def add_for_signal(self, signal_id: int, content: bytes) -> None:
        """Keep all that a published signal was decided on, as one opaque text of `app`'s.

        Raises `ConflictError` when that is there already.
        """

    async def find_for_signal(self, signal_id: int) -> bytes | None:
        """What was kept of a signal."""

    async def add_observations(self, rows: Sequence[tuple[str, datetime, bytes]]) -> None:
        """Keep what was known beside candles: symbol, boundary, content; a known one stays."""

    async def list_observations(
        self, start: datetime, end: datetime
    ) -> list[tuple[str, datetime, bytes]]:
        """Rows with start <= boundary < end, by boundary, then symbol."""
