"""One Quorum per exchange account on this machine, whatever database it works on."""

from contextlib import AsyncExitStack
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Final

from db.instance_lock import FileInstanceLock
from domain.errors import AccessRefusedError, ConfigurationError

_DIGITS: Final = 32
"""Of the hash in a file's name: no two keys share it, and no key can be read from it."""


@dataclass(slots=True, kw_only=True)
class _Held:
    lock: FileInstanceLock
    holders: int = 0


class AccountLocks:
    """Locks by venue and key, as files in a folder that every process of this machine shares.

    Within the process a lock is shared: a new key replaces a broker before the old one is closed.
    The kernel releases locks however the process ends, so a restart finds them free.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._held: dict[Path, _Held] = {}

    async def take(self, account: str, place: str, key: str) -> AsyncExitStack:
        """Hold the lock of a key at a place (venue and address) until the stack is closed.

        Raises `AccessRefusedError`, in words about `account`, where another process holds it.
        """
        path = self._folder / f"quorum-account-{_name_of(place, key)}.lock"
        held = self._held.setdefault(path, _Held(lock=FileInstanceLock(path)))
        held.holders += 1
        stack = AsyncExitStack()
        stack.push_async_callback(self._give_back, path)
        try:
            await _acquire(held.lock, account, path)
        except AccessRefusedError:
            await stack.aclose()
            raise
        return stack

    async def _give_back(self, path: Path) -> None:
        held = self._held[path]
        held.holders -= 1
        if held.holders == 0:
            del self._held[path]
            await held.lock.release()


async def _acquire(lock: FileInstanceLock, account: str, path: Path) -> None:
    try:
        is_ours = await lock.acquire()
    except ConfigurationError as error:
        raise AccessRefusedError(
            f"{account}: nobody can tell whether another Quorum on this machine trades with the "
            f"same key, for the lock file {path} can't be opened. Give this user the right to "
            "write it, or remove it if no other Quorum runs"
        ) from error
    if not is_ours:
        raise AccessRefusedError(
            f"{account}: another Quorum on this machine trades with the same key. Two would undo "
            "each other's orders: stop the other one, or give this one the key of another "
            "account. It goes on by itself once the other has stopped"
        )


def _name_of(place: str, key: str) -> str:
    return sha256(f"{place}\n{key}".encode()).hexdigest()[:_DIGITS]
