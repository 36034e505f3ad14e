"""Asks something about many pairs at once: bounded, and no failing pair stops the others."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from domain.errors import RateLimitedError, TemporaryVenueError, VenueRefusedError

Ask = Callable[[str], Awaitable[bool]]
"""Asks about a pair and passes on what is told; whether anything was told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PollRound:
    """What a round brought, in pairs.

    `asked` got an answer or failed; of those `answered` were told something. `left_out` were due
    and not asked: no room, or the venue called for silence. `reason` is the text of the failure
    that ended the round, or else of its first failure; empty without one.
    """

    asked: int = 0
    answered: int = 0
    failed: int = 0
    left_out: int = 0
    reason: str = ""


class PairRound:
    """One pass over `symbols` in their order, `ask` running for a few of them at a time.

    Each pair is asked only if `is_wanted` still and while there `is_room`. A call for silence ends
    the round at once, also for the pairs that are being asked.
    """

    def __init__(
        self,
        symbols: Sequence[str],
        ask: Ask,
        *,
        is_wanted: Callable[[str], bool],
        is_room: Callable[[], bool],
    ) -> None:
        self._waiting = deque(symbols)
        self._ask = ask
        self._is_wanted = is_wanted
        self._is_room = is_room
        self._left = len(symbols)  # pairs that nothing is settled about
        self._asked = 0
        self._answered = 0
        self._failed = 0
        self._reason = ""

    async def run(self, *, at_once: int) -> PollRound:
        """Ask all of them; what that brought."""
        try:
            async with asyncio.TaskGroup() as workers:
                for _ in range(min(at_once, len(self._waiting))):
                    workers.create_task(self._work())
        except* RateLimitedError as refusals:
            self._reason = str(refusals.exceptions[0])
        return PollRound(
            asked=self._asked,
            answered=self._answered,
            failed=self._failed,
            left_out=self._left,
            reason=self._reason,
        )

    async def _work(self) -> None:
        while self._waiting and self._is_room():
            symbol = self._waiting.popleft()
            if self._is_wanted(symbol):
                await self._ask_about(symbol)
            else:
                self._left -= 1

    async def _ask_about(self, symbol: str) -> None:
        try:
            is_told = await self._ask(symbol)
        except RateLimitedError:
            self._settle(has_failed=True)
            raise
        except (TemporaryVenueError, VenueRefusedError) as error:
            self._reason = self._reason or str(error)
            self._settle(has_failed=True)
        else:
            self._settle(is_told=is_told)

    def _settle(self, *, is_told: bool = False, has_failed: bool = False) -> None:
        self._left -= 1
        self._asked += 1
        self._answered += is_told
        self._failed += has_failed
