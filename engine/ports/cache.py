"""What may be lost: a small cache with expiry, and the lock of the single instance."""

from typing import Protocol


class Cache(Protocol):
    """Bytes by key, each with a time to live in wall seconds."""

    async def get(self, key: str) -> bytes | None:
        """The value, None when absent or expired."""

    async def put(self, key: str, value: bytes, *, seconds: float) -> None:
        """Keep a value for a while."""


class InstanceLock(Protocol):
    """Held by the one process that may work on a database."""

    async def acquire(self) -> bool:
        """Take the lock; False when somebody else holds it."""

    async def release(self) -> None:
        """Give it back."""
