"""Verdicts, parameter sets and inputs of decisions in memory."""

from collections.abc import Sequence
from datetime import datetime

from domain.parameter_sets import LiveChange, ParameterSet
from domain.readiness import ReadinessVerdict
from tests.fakes.storage_transaction import MemoryTransaction, to_utc


class InMemoryReadiness:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, verdict: ReadinessVerdict) -> None:
        to_utc(verdict.at)
        (await self._transaction.writable()).verdicts.append(verdict)

    async def find_latest(self, playbook: str) -> ReadinessVerdict | None:
        verdicts = [each for each in self._transaction.seen.verdicts if each.playbook == playbook]
        return max(reversed(verdicts), key=lambda each: each.at, default=None)


class InMemoryParameterSets:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add(self, parameter_set: ParameterSet) -> None:
        to_utc(parameter_set.created_at)
        kept = await self._transaction.writable()
        if parameter_set.version in kept.parameter_sets:
            raise self._transaction.refuse(f"version {parameter_set.version} is there already")
        kept.parameter_sets[parameter_set.version] = parameter_set

    async def next_version(self) -> int:
        return max(self._transaction.seen.parameter_sets, default=0) + 1

    async def find(self, version: int) -> ParameterSet | None:
        return self._transaction.seen.parameter_sets.get(version)

    async def list_all(self, playbook: str) -> list[ParameterSet]:
        kept = self._transaction.seen.parameter_sets
        return [kept[version] for version in sorted(kept) if kept[version].playbook == playbook]

    async def add_change(self, playbook: str, change: LiveChange) -> None:
        to_utc(change.at)
        kept = await self._transaction.writable()
        if change.version is not None and change.version not in kept.parameter_sets:
            raise self._transaction.miss(f"there is no version {change.version}")
        kept.live_changes.append((playbook, change))

    async def list_changes(self, playbook: str) -> list[LiveChange]:
        changes = self._transaction.seen.live_changes
        return [change for owner, change in changes if owner == playbook]


class InMemoryInputs:
    def __init__(self, transaction: MemoryTransaction) -> None:
        self._transaction = transaction

    async def add_for_signal(self, signal_id: int, content: bytes) -> None:
        kept = await self._transaction.writable()
        if signal_id in kept.inputs:
            raise self._transaction.refuse(f"the inputs of signal {signal_id} are there already")
        kept.inputs[signal_id] = content

    async def find_for_signal(self, signal_id: int) -> bytes | None:
        return self._transaction.seen.inputs.get(signal_id)

    async def add_observations(self, rows: Sequence[tuple[str, datetime, bytes]]) -> None:
        if not rows:
            return
        kept = await self._transaction.writable()
        for symbol, boundary, content in rows:
            kept.observations.setdefault((to_utc(boundary), symbol), content)

    async def list_observations(
        self, start: datetime, end: datetime
    ) -> list[tuple[str, datetime, bytes]]:
        kept = self._transaction.seen.observations
        return [
            (symbol, boundary, kept[boundary, symbol])
            for boundary, symbol in sorted(kept)
            if start <= boundary < end
        ]
