"""What breakers do, and what of it must survive a restart."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Effect(StrEnum):
    """What a breaker does while it stands, from the mildest to the strongest."""

    NOTIFY = "notify"
    SHRINK = "shrink"
    RAISE_BAR = "raise the bar"
    BLOCK = "block"
    CLOSE_WORST_HALF = "close the worst half"
    CLOSE_ALL = "close all"


@dataclass(frozen=True, slots=True, kw_only=True)
class Latch:
    """A breaker that stays tripped although what tripped it is gone.

    `level` tells how far it went (the step of a ladder, from 1), `tripped_at` when it first did,
    `resumed_at` when an admin resumed after it could be released at the earliest; None before.
    """

    breaker: str
    level: int
    tripped_at: datetime
    text: str
    resumed_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """One breaker as it stands now, for people.

    `effect` and `text` (what tripped it) are None and empty while it is quiet; `release` says what
    releases it. `symbol` is None for a breaker of all pairs.
    """

    breaker: str
    effect: Effect | None
    text: str
    release: str
    symbol: str | None = None
