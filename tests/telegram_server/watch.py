"""One condition for the whole server: whoever waits for a change is woken by every change."""

import asyncio
from collections.abc import Callable
from typing import Final, TypeVar

Found = TypeVar("Found")

PATIENCE_SECONDS: Final = 60.0
"""How long a test waits unless it says otherwise: only what never comes takes so long."""


class NothingHappenedError(AssertionError):
    """What a test waited for did not come in time; the text shows what was there instead."""


class Watch:
    """Lets tests and held polls sleep until the server's state is as they want it."""

    def __init__(self) -> None:
        """Start with nobody waiting."""
        self._condition = asyncio.Condition()

    async def changed(self) -> None:
        """Wake everybody who waits, so that they look again."""
        async with self._condition:
            self._condition.notify_all()

    async def wait_until(self, look: Callable[[], Found | None], *, timeout_s: float) -> Found:
        """Return the first truthy value of `look`.

        Raises:
            TimeoutError: `look` stayed falsy for `timeout_s` seconds of real time.
        """
        async with asyncio.timeout(timeout_s), self._condition:
            while not (found := look()):
                await self._condition.wait()
            return found

    async def expect(
        self,
        look: Callable[[], Found | None],
        *,
        timeout_s: float,
        otherwise: Callable[[], str],
    ) -> Found:
        """Return the first truthy value of `look`, as `wait_until` does.

        Raises:
            NothingHappenedError: it stayed falsy; the text is what `otherwise` tells at that time.
        """
        try:
            return await self.wait_until(look, timeout_s=timeout_s)
        except TimeoutError:
            text = f"waited {timeout_s:g} s: {otherwise()}"
        raise NothingHappenedError(text)
