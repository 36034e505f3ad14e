"""Use cases by which an operator changes something."""

import hmac
from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from domain.access import Role
from domain.breakers import Latch
from domain.errors import ConflictError, StorageUnavailableError
from domain.trading_state import PauseState
from engine.only_writer import become_only_writer
from engine.ports.clock import Clock
from engine.ports.storage import OutboxState, Storage
from risk.latching import is_held, releasable_from, resumed

_PAIRING_ATTEMPTS = 5
"""Wrong codes after which a user cannot pair until the next start."""


class PauseSignals:
    """Stops new signals; open ones are followed on."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def __call__(self, by: str, reason: str) -> PauseState:
        """The state in force; an earlier pause keeps its author and time."""
        async with self._storage() as unit:
            pause = await unit.state.get_pause()
            if not pause.is_paused:
                pause = PauseState(is_paused=True, since=self._clock.now(), by=by, reason=reason)
                await unit.state.set_pause(pause)
                await unit.commit()
        return pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Resumption:
    """What a resume has brought: the pause in force, and the breakers that hold nevertheless.

    `held` are pairs of a latch and when an admin can release it at the earliest.
    """

    pause: PauseState
    held: tuple[tuple[Latch, datetime], ...]

    @property
    def words(self) -> tuple[str, ...]:
        """For people, what still stops new signals and how it is released. Not escaped."""
        return tuple(
            f"{latch.text}. Resume again from {earliest:%Y-%m-%d %H:%M} UTC on"
            for latch, earliest in self.held
        )


class ResumeSignals:
    """Allows new signals again, but for the breakers whose day is not over yet."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def __call__(self, by: str) -> Resumption:
        """The state in force: a breaker that stays tripped is released only after its UTC day."""
        now = self._clock.now()
        pause = PauseState(is_paused=False, since=now, by=by)
        async with self._storage() as unit:
            # A breaker that trips at this moment must not be taken for the one of yesterday.
            await become_only_writer(unit)
            await unit.state.set_pause(pause)
            latches = [resumed(latch, now) for latch in await unit.state.list_latches()]
            for latch in latches:
                await unit.state.set_latch(latch)
            await unit.commit()
        held = ((latch, releasable_from(latch)) for latch in latches if is_held(latch, now))
        return Resumption(pause=pause, held=tuple(held))


class PairAdmin:
    """Makes the first admin: whoever shows the one-time code printed at start-up."""

    def __init__(self, storage: Storage, clock: Clock, code: str | None) -> None:
        self._storage = storage
        self._clock = clock
        self._code = code
        self._wrong_codes: Counter[int] = Counter()

    async def __call__(self, user_id: int, code: str) -> bool:
        """Whether the user is an admin now.

        The code works once, and only while there is no admin. Who guesses too often is not heard
        any more; others still are.
        """
        if self._code is None or self._wrong_codes[user_id] >= _PAIRING_ATTEMPTS:
            return False
        if not hmac.compare_digest(_as_bytes(code), _as_bytes(self._code)):
            self._wrong_codes[user_id] += 1
            return False
        expected, self._code = self._code, None  # nobody else may use it meanwhile
        try:
            return await self._grant(user_id)
        except StorageUnavailableError:
            self._code = expected
            raise

    async def _grant(self, user_id: int) -> bool:
        async with self._storage() as unit:
            if await unit.users.list_with(Role.ADMIN):
                return False
            await unit.users.grant(user_id, Role.ADMIN, at=self._clock.now(), how="pairing code")
            await unit.commit()
        return True


def _as_bytes(code: str) -> bytes:
    """Whatever was typed, halves of characters that UTF-8 has no bytes for included."""
    return code.encode("utf-8", "surrogatepass")


class ResolveDelivery:
    """An admin says what became of a message whose delivery was in doubt."""

    def __init__(self, storage: Storage, clock: Clock) -> None:
        self._storage = storage
        self._clock = clock

    async def __call__(self, row_id: int, *, arrived: bool) -> None:
        """Send it again, or leave it. Raises `NotFoundError`, or `ConflictError` when settled."""
        async with self._storage() as unit:
            row = await unit.outbox.get(row_id)
            if row.state is not OutboxState.UNKNOWN:
                raise ConflictError(f"message {row_id} is {row.state}, not in doubt any more")
            if arrived:
                await unit.outbox.mark_failed(row_id, "arrived, but its message id is unknown")
            else:
                await unit.outbox.postpone(row_id, self._clock.now())
            await unit.commit()
