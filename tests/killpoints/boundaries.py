"""Boundaries of the execution line: where a process may die, each with a name of its own."""

import os
import signal
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import NoReturn


class Boundaries:
    """Notes every boundary that is reached, and kills its own process at one of them.

    The same words a second time are another boundary: they get a number.
    """

    def __init__(self, kill_at: str | None) -> None:
        self.reached: list[str] = []
        self._kill_at = kill_at
        self._times: Counter[str] = Counter()

    def pass_by(self, words: str) -> None:
        """Here the process may end."""
        self._times[words] += 1
        times = self._times[words]
        name = words if times == 1 else f"{words} ({times})"
        self.reached.append(name)
        if name == self._kill_at:
            _die()

    @asynccontextmanager
    async def around(self, words: str, before: str, after: str) -> AsyncIterator[None]:
        """One before something is done, one after it was done, whatever came of it."""
        self.pass_by(f"{words}: {before}")
        try:
            yield
        finally:
            self.pass_by(f"{words}: {after}")


def _die() -> NoReturn:
    os.kill(os.getpid(), signal.SIGKILL)
    raise AssertionError("nobody survives SIGKILL")
