"""What every breaker is: a named rule over an explicit state.

Each states in its one file what trips it, what it does, what releases it and what people read.
"""

from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import ClassVar, Final

from domain.breakers import Effect
from domain.decisions import Decision
from domain.directions import Direction
from domain.market import MarketSnapshot
from risk.state import RiskState

_BLOCKING: Final = frozenset({Effect.BLOCK, Effect.CLOSE_WORST_HALF, Effect.CLOSE_ALL})


class Telling(StrEnum):
    """When admins are told that a breaker tripped."""

    AT_ONCE = "as soon as it trips"
    ON_DENIAL = "once it has denied a trade"
    NEVER = "never: they know, or are told in another way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What a breaker that has tripped does, and why in words.

    `factor` in (0, 1] is what it leaves of the risk, 1 unless its effect is to shrink. `since` is
    when it tripped, or the earliest it can have; None where the state does not tell.
    """

    breaker: str
    effect: Effect
    text: str
    factor: Decimal = Decimal(1)
    since: datetime | None = None

    def __post_init__(self) -> None:
        is_shrunk = self.factor < 1
        if not 0 < self.factor <= 1 or is_shrunk is not (self.effect is Effect.SHRINK):
            raise ValueError(
                f"{self.breaker} leaves {self.factor} of the risk with the effect {self.effect}; "
                "what shrinks leaves between 0 and 1, all else leaves 1"
            )

    @property
    def is_blocking(self) -> bool:
        """Whether no new trade is allowed."""
        return self.effect in _BLOCKING


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A decision on its way through the gate, and the facts it was made on."""

    decision: Decision
    direction: Direction
    snapshot: MarketSnapshot

    @property
    def symbol(self) -> str:
        """The pair in question."""
        return self.decision.symbol


class AllPairsBreaker(ABC):
    """A rule about the account, the day or the whole market: it stops every pair at once."""

    name: ClassVar[str]
    telling: ClassVar[Telling]

    @property
    @abstractmethod
    def release(self) -> str:
        """What releases it, for people."""

    @abstractmethod
    def check(self, state: RiskState) -> Ruling | None:
        """What it does now, or None while it is quiet."""


class PairBreaker(ABC):
    """A rule about one pair, and the trade that is proposed on it."""

    name: ClassVar[str]
    telling: ClassVar[Telling]

    @property
    @abstractmethod
    def release(self) -> str:
        """What releases it, for people."""

    @abstractmethod
    def check(self, candidate: Candidate, state: RiskState) -> Ruling | None:
        """What it does about a candidate now, or None."""

    def tripped(self, state: RiskState) -> Mapping[str, Ruling]:  # noqa: ARG002 - most rules need a candidate
        """By symbol, the pairs of which the state alone tells that the rule has tripped."""
        return {}


Breaker = AllPairsBreaker | PairBreaker
