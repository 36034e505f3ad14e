"""Redoes a unit of work that lost a race: two use cases may append to the ledger at once."""

from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Final, TypeVar

from domain.errors import ConflictError

Result = TypeVar("Result")

_ATTEMPTS: Final = 3
"""Asking for the ledger's head locks it, so a conflict takes a second process; it is refused."""


async def redo_on_conflict(work: Callable[[], Awaitable[Result]]) -> Result:
    """Do the work, and again from its start where a concurrent change won.

    Raises the `ConflictError` of the last attempt, and at once whatever else the work raises.
    """
    for _ in range(_ATTEMPTS - 1):
        with suppress(ConflictError):
            return await work()
    return await work()
