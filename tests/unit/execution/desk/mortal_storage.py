"""A storage during whose calls the process may be killed, before or after they are carried out."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, cast

from engine.ports.storage import Storage, UnitOfWork


class KilledError(BaseException):
    """The process is gone."""


class MortalStorage:
    """Counts calls of repositories and `commit`; call number `dies_at` (from 0) is the last."""

    def __init__(self, kept: Storage, dies_at: int | None = None, *, is_late: bool = False) -> None:
        self._kept = kept
        self._dies_at = dies_at
        self._is_late = is_late
        self.calls = 0

    @property
    def storage(self) -> Storage:
        return cast("Storage", self)

    def __call__(self) -> "_Unit":
        return _Unit(self, self._kept())

    async def step(self, call: Callable[[], Any]) -> Any:
        number = self.calls
        self.calls += 1
        await asyncio.sleep(0)
        if self._dies_at is None or number < self._dies_at:
            return await call()
        if self._is_late and number == self._dies_at:
            await call()
        raise KilledError


class _Unit:
    def __init__(self, owner: MortalStorage, unit: UnitOfWork) -> None:
        self._owner = owner
        self._unit = unit

    def __getattr__(self, name: str) -> Any:
        return _Calls(self._owner, getattr(self._unit, name))

    async def commit(self) -> None:
        await self._owner.step(self._unit.commit)

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


class _Calls:
    def __init__(self, owner: MortalStorage, repository: object) -> None:
        self._owner = owner
        self._repository = repository

    def __getattr__(self, method: str) -> Any:
        async def call(*arguments: Any, **named: Any) -> Any:
            inner = getattr(self._repository, method)
            return await self._owner.step(lambda: inner(*arguments, **named))

        return call
