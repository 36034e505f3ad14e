"""Waiting for what nothing announces."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

from tests.telegram_server.watch import PATIENCE_SECONDS

Found = TypeVar("Found")

_PAUSE_SECONDS = 0.02


async def until(
    look: Callable[[], Awaitable[Found | None]],
    what: str,
    *,
    seconds: float = PATIENCE_SECONDS,
    pause: float = _PAUSE_SECONDS,
) -> Found:
    """The first truthy value of `look`; fails after so many wall seconds, saying `what` lacked.

    `pause` seconds lie between two looks.
    """
    deadline = asyncio.get_running_loop().time() + seconds
    while not (found := await look()):
        assert asyncio.get_running_loop().time() < deadline, f"waited {seconds:g} s: {what}"
        await asyncio.sleep(pause)
    return found


async def until_seen(
    look: Callable[[], Found | None], what: str, *, seconds: float = PATIENCE_SECONDS
) -> Found:
    """The same for what can be seen without waiting for it."""

    async def glance() -> Found | None:
        return look()

    return await until(glance, what, seconds=seconds)
