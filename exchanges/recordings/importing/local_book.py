"""A book kept locally from a snapshot and changes, as the venue's documentation tells to.

API documentation of USDⓈ-M futures, "How to manage a local order book correctly"; without `pu`, as
on the spot market, the rule of the spot documentation holds.
"""

from collections import deque
from enum import StrEnum
from heapq import nlargest, nsmallest
from typing import Final

import msgspec

Level = tuple[str, str]
"""Price and quantity as the venue wrote them."""

_LONGEST_WAIT: Final = 10_000
"""Changes kept for a snapshot that may still come."""


class Snapshot(msgspec.Struct):
    """The answer of a depth request."""

    last_id: int = msgspec.field(name="lastUpdateId")
    bids: list[Level] = msgspec.field(default_factory=list)
    asks: list[Level] = msgspec.field(default_factory=list)


class Change(msgspec.Struct):
    """A depthUpdate event: quantities that levels have now, zero where one is gone."""

    event_ms: int = msgspec.field(name="E")
    first_id: int = msgspec.field(name="U")
    last_id: int = msgspec.field(name="u")
    bids: list[Level] = msgspec.field(name="b")
    asks: list[Level] = msgspec.field(name="a")
    previous_id: int | None = msgspec.field(name="pu", default=None)
    traded_ms: int | None = msgspec.field(name="T", default=None)

    @property
    def at_ms(self) -> int:
        """When the engine made it: transaction time, else event time."""
        return self.event_ms if self.traded_ms is None else self.traded_ms


class Outcome(StrEnum):
    """What became of a change."""

    APPLIED = "applied"
    WAITING = "waiting for a snapshot"
    OLD = "older than the book"
    BROKEN = "does not follow; the book is unusable until a new snapshot"


class LocalBook:
    """One pair's book. Not usable before its first snapshot, nor from a break to the next:
    `last_id`, the newest change in it, is None meanwhile."""

    def __init__(self) -> None:
        self._bids: dict[float, Level] = {}
        self._asks: dict[float, Level] = {}
        self._waiting: deque[Change] = deque(maxlen=_LONGEST_WAIT)
        self._is_fresh = False
        self.last_id: int | None = None

    def reset(self, snapshot: Snapshot) -> bool:
        """Begin from a snapshot, with the changes since; False when the book is newer already."""
        if self.last_id is not None and snapshot.last_id <= self.last_id:
            return False
        self._bids, self._asks = {}, {}
        _apply(self._bids, snapshot.bids)
        _apply(self._asks, snapshot.asks)
        self.last_id = snapshot.last_id
        self._is_fresh = True
        waiting = list(self._waiting)
        self._waiting.clear()
        for change in waiting:
            self.change(change)
        return True

    def change(self, change: Change) -> Outcome:
        """Take a change in, if it follows."""
        if self.last_id is None:
            self._waiting.append(change)
            return Outcome.WAITING
        if self._is_old(change, self.last_id):
            return Outcome.OLD
        if not self._follows(change, self.last_id):
            self.last_id = None
            self._waiting.append(change)
            return Outcome.BROKEN
        _apply(self._bids, change.bids)
        _apply(self._asks, change.asks)
        self.last_id = change.last_id
        self._is_fresh = False
        return Outcome.APPLIED

    def best(self, levels: int) -> tuple[list[Level], list[Level]]:
        """The best bids and asks, best first."""
        bids = [self._bids[price] for price in nlargest(levels, self._bids)]
        asks = [self._asks[price] for price in nsmallest(levels, self._asks)]
        return bids, asks

    def _is_old(self, change: Change, last_id: int) -> bool:
        if self._is_fresh and change.previous_id is not None:
            return change.last_id < last_id
        return change.last_id <= last_id

    def _follows(self, change: Change, last_id: int) -> bool:
        """Whether nothing lies between the book and a change.

        The first one after a snapshot must span it; later ones name their predecessor.
        """
        before = change.first_id - 1 if change.previous_id is None else change.previous_id
        return before <= last_id if self._is_fresh else before == last_id


def _apply(side: dict[float, Level], levels: list[Level]) -> None:
    for price, quantity in levels:
        if float(quantity):
            side[float(price)] = (price, quantity)
        else:
            side.pop(float(price), None)
