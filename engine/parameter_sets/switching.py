"""Use cases: keep a parameter set, make one live, go back. It takes effect at the next start."""

from collections.abc import Mapping

from domain.errors import ConfigurationError
from domain.parameter_sets import LiveChange, ParameterSet
from domain.parameters import Parameters
from domain.readiness import CONFLUENCE
from engine.parameter_sets.applying import Values, apply
from engine.parameter_sets.history import live_version, rolled_back
from engine.ports.clock import Clock
from engine.ports.storage import Storage, UnitOfWork
from engine.redo import redo_on_conflict


class ParameterSwitch:
    """Keeps sets and the log of which one is live; `groups` are those of the strategy file."""

    def __init__(
        self,
        *,
        storage: Storage,
        clock: Clock,
        groups: Mapping[str, Parameters],
        playbook: str = CONFLUENCE,
    ) -> None:
        self._storage = storage
        self._clock = clock
        self._groups = groups
        self._playbook = playbook

    async def add(self, values: Values, *, origin: str, note: str = "") -> ParameterSet:
        """Keep a set under the next version; it is not live by that.

        Raises `ConfigurationError` for values that do not fit the strategy file, or none at all.
        """
        if not values:
            raise ConfigurationError("a parameter set has to name at least one number")
        apply(self._groups, values)
        return await redo_on_conflict(lambda: self._add(values, origin, note))

    async def use(self, version: int, by: str) -> ParameterSet:
        """Make a version live. Raises `ConfigurationError` for one that is not, or does not fit."""
        async with self._storage() as unit:
            found = await self._find(unit, version)
            self._check(found)
            await self._change(unit, version, by)
        return found

    async def roll_back(self, by: str) -> int | None:
        """Make live what was before; the version, None for the strategy file alone.

        Raises `ConfigurationError` where there is nothing before, or it does not fit any more.
        """
        async with self._storage() as unit:
            before = rolled_back(await unit.parameter_sets.list_changes(self._playbook))
            if before is not None:
                self._check(await self._find(unit, before))
            await self._change(unit, before, by)
        return before

    async def drop(self, by: str) -> None:
        """Make the strategy file alone live."""
        async with self._storage() as unit:
            await self._change(unit, None, by)

    async def _add(self, values: Values, origin: str, note: str) -> ParameterSet:
        async with self._storage() as unit:
            kept = ParameterSet(
                version=await unit.parameter_sets.next_version(),
                playbook=self._playbook,
                values=dict(values),
                created_at=self._clock.now(),
                origin=origin,
                note=note,
            )
            await unit.parameter_sets.add(kept)
            await unit.commit()
        return kept

    async def _find(self, unit: UnitOfWork, version: int) -> ParameterSet:
        found = await unit.parameter_sets.find(version)
        if found is None or found.playbook != self._playbook:
            raise ConfigurationError(
                f"there is no parameter set {version} of {self._playbook}; "
                "`python -m app parameters list` shows which there are"
            )
        return found

    def _check(self, found: ParameterSet) -> None:
        try:
            apply(self._groups, found.values)
        except ConfigurationError as error:
            raise ConfigurationError(
                f"parameter set {found.version} does not fit this version and strategy file: "
                f"{error}"
            ) from error

    async def _change(self, unit: UnitOfWork, version: int | None, by: str) -> None:
        """Add to the log; what is live already is not said twice."""
        changes = await unit.parameter_sets.list_changes(self._playbook)
        if live_version(changes) != version:
            change = LiveChange(at=self._clock.now(), version=version, by=by)
            await unit.parameter_sets.add_change(self._playbook, change)
            await unit.commit()
