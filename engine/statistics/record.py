"""What the ledger says once it is read: every signal, and its end as it was last stated."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Final

from domain.decisions import Tier
from domain.directions import Direction
from domain.evidence import LayerName
from domain.ledger import GENESIS_HASH
from domain.market_regime import Regime
from domain.signals import SignalState
from engine.statistics.values import TradeResult


@dataclass(frozen=True, slots=True, kw_only=True)
class Publication:
    """What the record says of a signal when it was published; `equity` is what its size refers to.

    `notional` and `equity` are in quote currency.
    """

    signal_id: int
    pair: str
    direction: Direction
    published_at: datetime
    score: Decimal
    tier: Tier
    regime: Regime
    supporting: tuple[LayerName, ...]
    notional: Decimal
    equity: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Ending:
    """How a signal ended, as last stated; `result` is None where it was never entered.

    `stated_in` are the sequence numbers of the outcome and of its corrections, oldest first.
    """

    state: SignalState
    ended_at: datetime
    result: TradeResult | None
    stated_in: tuple[int, ...]

    @property
    def corrections(self) -> int:
        """How often the outcome was restated."""
        return len(self.stated_in) - 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """Signals and their ends by signal id; a signal without an end is live.

    `length` entries were read, the newest of which has `head_hash`.
    """

    publications: Mapping[int, Publication]
    endings: Mapping[int, Ending]
    length: int
    head_hash: str


EMPTY_RECORD: Final = Record(publications={}, endings={}, length=0, head_hash=GENESIS_HASH)
"""The record before its first entry."""
