"""A storage that adds up how long its units of work take."""

import time
from types import TracebackType
from typing import Any, Self, cast

from engine.ports.storage import Storage, UnitOfWork


class TimedStorage:
    """`seconds` were spent between the begin and the end of `units` units of work."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage
        self.seconds = 0.0
        self.units = 0

    @property
    def storage(self) -> Storage:
        return cast("Storage", self)

    def __call__(self) -> "_TimedUnit":
        return _TimedUnit(self, self._storage())

    def note(self, seconds: float) -> None:
        self.seconds += seconds
        self.units += 1


class _TimedUnit:
    def __init__(self, owner: TimedStorage, unit: UnitOfWork) -> None:
        self._owner = owner
        self._unit = unit
        self._began_at = time.perf_counter()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._unit, name)

    async def __aenter__(self) -> Self:
        await self._unit.__aenter__()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._unit.__aexit__(kind, error, trace)
        self._owner.note(time.perf_counter() - self._began_at)
