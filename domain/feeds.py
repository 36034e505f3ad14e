"""What a provider of outside data answers, and how it is doing."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from domain.onchain import DexActivity, StablecoinSupply
from domain.sentiment import FearGreed, GlobalMarket, MacroQuote, SocialVolume, Text
from domain.transfers import Transfer

Observation: TypeAlias = (
    Transfer
    | StablecoinSupply
    | DexActivity
    | FearGreed
    | Text
    | SocialVolume
    | GlobalMarket
    | MacroQuote
)


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedAnswer:
    """One whole answer of a provider, known at `answered_ms` of exchange time.

    `watched` names the coins (canonical; stablecoins too) whose transfers this provider would have
    told: silence about one of them means that nothing moved. An answer may repeat what an earlier
    one held.
    """

    provider: str
    answered_ms: int
    observations: tuple[Observation, ...]
    watched: frozenset[str] = frozenset()


class FeedState(StrEnum):
    """How a provider is doing."""

    OFF = "off"
    WAITING = "waiting"
    GOOD = "good"
    FAILING = "failing"
    RESTING = "resting"


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedHealth:
    """A provider's state in an operator's terms.

    OFF: `reason` says what is missing (a key). WAITING: not asked yet. RESTING: so many failures in
    a row that it is left alone for a while. `malformed` counts answers that did not parse.
    """

    provider: str
    state: FeedState
    reason: str = ""
    last_good_at: datetime | None = None
    answers: int = 0
    failures: int = 0
    malformed: int = 0
