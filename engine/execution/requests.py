"""What comes of a trader's wish, for whoever has to answer him."""

from dataclasses import dataclass, field
from decimal import Decimal

from domain.accounts import ExecutionMode, PositionMode
from domain.intents import Intent
from domain.orders import VenuePosition
from engine.readiness.standing import ReadinessStanding


@dataclass(frozen=True, slots=True, kw_only=True)
class Pressed:
    """A press that was taken. `is_repeat`: there was an intent before, nothing new happened.

    `intent` is OFFERED where it has to be confirmed, CONFIRMED or ENTERED otherwise.
    """

    intent: Intent
    is_repeat: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeStanding:
    """In which mode presses are executed, and whether the settings allow live trading at all.

    `readiness` is how the playbook stands with the readiness gate. `halted` says why nothing new is
    executed now, in words; empty when it is. `live_positions` are not closed yet: they are followed
    to their end in the mode they were opened in.
    """

    mode: ExecutionMode
    is_live_allowed: bool
    readiness: ReadinessStanding = field(default_factory=ReadinessStanding)
    halted: tuple[str, ...] = ()
    live_positions: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Closing:
    """What a wish to close led to: pairs being closed, entries and offers called off.

    `direct` are positions closed straight on the venue, without our books; `failures` say in words
    what could not be done.
    """

    closing: tuple[str, ...] = ()
    cancelled: tuple[str, ...] = ()
    direct: tuple[VenuePosition, ...] = ()
    failures: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Connected:
    """A trader's account that was connected, with what it holds."""

    account: str
    equity: Decimal
    is_new: bool
    position_mode: PositionMode = PositionMode.ONE_WAY
