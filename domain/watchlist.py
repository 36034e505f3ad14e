"""Pairs on the watchlist, and the changes to it, each with its reason."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class WatchChangeKind(StrEnum):
    """Whether a pair came or went."""

    JOIN = "join"
    LEAVE = "leave"


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchChange:
    """A pair joining or leaving the watchlist; `score` is its opportunity score, if known."""

    symbol: str
    kind: WatchChangeKind
    at: datetime
    score: float | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedPair:
    """A pair on the watchlist: its newest opportunity score in [0, 100] and the scans it failed."""

    symbol: str
    score: float
    failed_scans: int = 0
