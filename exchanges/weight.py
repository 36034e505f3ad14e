"""One budget of request weight for the whole process, and the silence a venue asks for.

Every REST client shares one `WeightBudget`: a venue counts per address, not per client.
"""

import asyncio
import math
import re
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import datetime
from typing import Final

import structlog

from domain.errors import RateLimitedError
from domain.timeframes import Timeframe, from_ms, to_ms
from engine.ports.clock import Clock

FORBIDDEN: Final = 403
"""The firewall before the venue: too much from one address."""
TOO_MANY_REQUESTS: Final = 429
BANNED: Final = 418
DEFAULT_PAUSE_SECONDS: Final = 60.0
"""Silence after a refusal that names no time: the length of the venue's own window."""

RETRY_AFTER_HEADER: Final = "retry-after"

_USED_WEIGHT_HEADER: Final = "x-mbx-used-weight-1m"
_LIMITS: Final = frozenset({FORBIDDEN, TOO_MANY_REQUESTS, BANNED})
_BAN_UNTIL = re.compile(r"banned until (\d{13})")
_MINUTE: Final = Timeframe.M1
_sent_in: Final[ContextVar[int | None]] = ContextVar("sent_in", default=None)
"""The minute in which this task last sent something."""

log = structlog.get_logger()


class WeightBudget:
    """Lets requests pass while they fit into this minute's share of the venue's weight.

    `weight_per_minute` is the venue's limit (None: only pauses are observed), `share` the part of
    it in (0, 1] that this process allows itself. Minutes are minutes of exchange time, as the venue
    counts them.
    """

    def __init__(
        self, clock: Clock, *, weight_per_minute: int | None = 2400, share: float = 0.8
    ) -> None:
        self._clock = clock
        self._allowed = None if weight_per_minute is None else weight_per_minute * share
        self._minute = 0
        self._used = 0.0
        self._silent_until = 0.0
        self._banned_until: datetime | None = None
        self.refusals = 0

    async def spend(self, weight: float, *, patience_seconds: float = math.inf) -> None:
        """Wait until the venue may be asked something of this weight, and book it.

        Raises `RateLimitedError` at once where the venue wants silence for longer than
        `patience_seconds`.
        """
        while not self._may_spend(weight):
            self._refuse_long_silence(patience_seconds)
            await self._wait()
        self._used += weight
        _sent_in.set(self._minute)

    def observe(self, status: int, headers: Mapping[str, str], body: str) -> None:
        """Learn from any answer of the venue: its own count of weight, and its refusals."""
        lowered = {name.lower(): value for name, value in headers.items()}
        used = lowered.get(_USED_WEIGHT_HEADER, "")
        self._turn_minute()
        # A late answer may tell the count of the minute before.
        if used.isdecimal() and _sent_in.get() in (None, self._minute):
            self._used = max(self._used, float(used))
        if status in _LIMITS:
            self._refused(status, lowered.get(RETRY_AFTER_HEADER, ""), body)

    @property
    def used(self) -> float:
        """Weight used in this minute, as far as is known."""
        self._turn_minute()
        return self._used

    @property
    def allowed(self) -> float:
        """Weight that this process allows itself in a minute; infinite where there is no limit."""
        return math.inf if self._allowed is None else self._allowed

    @property
    def free_share(self) -> float:
        """Part in [0, 1] of the allowed weight that is left in this minute; 0 in a silence."""
        if self._is_silent():
            return 0.0
        return 1.0 if self._allowed is None else max(0.0, 1.0 - self.used / self._allowed)

    @property
    def silent_seconds(self) -> float:
        """Wall seconds for which nothing may be sent any more; 0 while requests may pass."""
        return max(0.0, self._silent_until - self._clock.monotonic())

    def _refused(self, status: int, retry_after: str, body: str) -> None:
        self.refusals += 1
        ban = _BAN_UNTIL.search(body)
        if ban is not None:
            self._banned_until = from_ms(int(ban[1]))
        if retry_after.isdecimal():
            seconds = float(retry_after)
        else:
            seconds = 0.0 if ban is not None else DEFAULT_PAUSE_SECONDS
        self._silent_until = max(self._silent_until, self._clock.monotonic() + seconds)
        log.warning(
            "venue_asks_for_silence",
            status=status,
            wall_seconds=self.silent_seconds,
            banned_until=str(self._banned_until) if ban is not None else None,
        )

    def _may_spend(self, weight: float) -> bool:
        self._turn_minute()
        if self._is_silent():
            return False
        if weight == 0:
            return True
        # A request above the whole share still has to pass once.
        return self._allowed is None or self._used == 0 or self._used + weight <= self._allowed

    def _refuse_long_silence(self, patience_seconds: float) -> None:
        seconds = max(self.silent_seconds, self._banned_seconds())
        if seconds > patience_seconds:
            raise RateLimitedError("not sent: the venue wants silence", seconds)

    def _is_silent(self) -> bool:
        return self.silent_seconds > 0 or self._banned_seconds() > 0

    async def _wait(self) -> None:
        if self.silent_seconds > 0:
            await asyncio.sleep(self.silent_seconds)
        else:
            await self._clock.sleep(self._banned_seconds() or self._seconds_to_next_minute())

    def _banned_seconds(self) -> float:
        """Exchange seconds until a ban ends."""
        if self._banned_until is None:
            return 0.0
        return max(0.0, (self._banned_until - self._clock.now()).total_seconds())

    def _turn_minute(self) -> None:
        minute = _MINUTE.index_of(to_ms(self._clock.now()))
        if minute != self._minute:
            self._minute = minute
            self._used = 0.0

    def _seconds_to_next_minute(self) -> float:
        now = self._clock.now()
        return (_MINUTE.next_boundary(now) - now).total_seconds()
