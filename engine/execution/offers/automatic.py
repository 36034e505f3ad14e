"""Executes each new signal for one trader as if he had pressed and confirmed."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from domain.errors import QuorumError
from domain.plans import Denied
from domain.signals import FollowedSignal
from engine.execution.requests import Pressed

_log = logging.getLogger(__name__)

_MOST_WAITING: Final = 100
"""Signals that wait for an exchange that does not answer: many more than an entry window sees."""

Execute = Callable[[int, int], Awaitable[Pressed | Denied]]
"""Takes a signal's id and a trader's; sends without asking."""

OnOutcome = Callable[[FollowedSignal, Pressed | Denied | QuorumError], Awaitable[None]]
"""Told what became of each signal."""


class ExecuteAutomatically:
    """Takes signals as they are issued, and works them off one after the other.

    The rounds that issue them never wait for an exchange; a signal that is lost here by a restart
    is not executed late.
    """

    def __init__(self, execute: Execute, user_id: int, on_outcome: OnOutcome) -> None:
        self._execute = execute
        self._user_id = user_id
        self._on_outcome = on_outcome
        self._waiting: asyncio.Queue[FollowedSignal] = asyncio.Queue(_MOST_WAITING)

    def take(self, issued: Sequence[FollowedSignal]) -> None:
        """Remember signals that were issued just now. Of too many, the oldest are left out."""
        for followed in issued:
            if self._waiting.full():
                left_out = self._waiting.get_nowait()
                _log.error("signal %d was not executed: too many wait", left_out.signal.id)
            self._waiting.put_nowait(followed)

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            followed = await self._waiting.get()
            await self._on_outcome(followed, await self._outcome(followed))

    async def _outcome(self, followed: FollowedSignal) -> Pressed | Denied | QuorumError:
        try:
            return await self._execute(followed.signal.id, self._user_id)
        except QuorumError as error:
            return error
