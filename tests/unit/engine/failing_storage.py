"""A storage that fails at one chosen step, as when a process is killed or a disc is full."""

import asyncio
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self, cast

from domain.errors import StorageUnavailableError
from engine.ports.storage import Storage, UnitOfWork

_REPOSITORIES = {
    "decisions",
    "signals",
    "ledger",
    "outbox",
    "watchlist",
    "state",
    "users",
    "transfers",
    "sentiment",
    "outcomes",
    "inputs",
    "shadows",
    "intents",
    "positions",
    "accounts",
}


class FailingStorage:
    """Counts the calls of repositories and `commit`; call number `fails_at` (from 0) fails.

    `steps` names the calls that were made. Storage itself (`kept`) is a sound one. With `is_late`
    the call is carried out before it fails, as when the process dies before it hears of it.
    """

    def __init__(
        self,
        kept: Storage,
        fails_at: int | None = None,
        error: Exception | None = None,
        *,
        is_late: bool = False,
    ) -> None:
        self.kept = kept
        self.steps: list[str] = []
        self._fails_at = fails_at
        self._is_late = is_late
        self._error = error or StorageUnavailableError("the disc is full")

    @property
    def storage(self) -> Storage:
        return cast("Storage", self)

    @property
    def has_failed(self) -> bool:
        return self._fails_at is not None and len(self.steps) > self._fails_at

    def __call__(self) -> "_Unit":
        return _Unit(self, self.kept())

    async def step(self, name: str, call: Callable[[], Any]) -> Any:
        number = len(self.steps)
        self.steps.append(name)
        await asyncio.sleep(0)  # as a database does, so that others come in between
        if number != self._fails_at:
            return await call()
        if self._is_late:
            await call()
        raise self._error


class _Unit:
    def __init__(self, owner: FailingStorage, unit: UnitOfWork) -> None:
        self._owner = owner
        self._unit = unit

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._unit, name)
        return _Calls(self._owner, name, found) if name in _REPOSITORIES else found

    async def commit(self) -> None:
        await self._owner.step("commit", self._unit.commit)

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
    def __init__(self, owner: FailingStorage, name: str, repository: object) -> None:
        self._owner = owner
        self._name = name
        self._repository = repository

    def __getattr__(self, method: str) -> Any:
        async def call(*arguments: Any, **named: Any) -> Any:
            inner = getattr(self._repository, method)
            return await self._owner.step(
                f"{self._name}.{method}", lambda: inner(*arguments, **named)
            )

        return call
