"""A storage whose commits can be held up, and fail."""

import asyncio

from domain.errors import StorageUnavailableError
from tests.fakes.storage import InMemoryStorage, InMemoryUnitOfWork
from tests.fakes.storage_transaction import MemoryTransaction


class UnsteadyStorage(InMemoryStorage):
    """In memory; `gate` holds commits up while it is not set, `fails` lets them fail after it."""

    def __init__(self) -> None:
        super().__init__()
        self.gate = asyncio.Event()
        self.gate.set()
        self.fails = False
        self.held_up = asyncio.Event()

    def __call__(self) -> InMemoryUnitOfWork:
        return _UnsteadyUnit(MemoryTransaction(self._shared), self)

    async def until_waiting(self) -> None:
        """Until somebody is held up."""
        async with asyncio.timeout(5):
            await self.held_up.wait()


class _UnsteadyUnit(InMemoryUnitOfWork):
    def __init__(self, transaction: MemoryTransaction, storage: UnsteadyStorage) -> None:
        super().__init__(transaction)
        self._storage = storage

    async def commit(self) -> None:
        if not self._storage.gate.is_set():
            self._storage.held_up.set()
        await self._storage.gate.wait()
        if self._storage.fails:
            raise StorageUnavailableError("the database is away")
        await super().commit()
