"""A venue that trades for one account, as the engine sees it. Paper and live are told apart by
nobody but whoever opens them.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Protocol

from domain.accounts import Account, AccountStanding, KeyPermissions
from domain.orders import Fill, OrderReport, OrderRequest, VenuePosition


class AnyPair(Enum):
    """Why something may have happened on any pair of an account."""

    STREAM_BEGAN = "the stream has begun anew"
    """Nobody tells what happened before."""
    EVENT = "an event names no pair that is known"
    TIME_PASSED = "time has passed"
    """A clock asks where there is no stream."""


Hint = str | AnyPair
"""The pair on which something happened to an account, or why it may be any of them."""

OnHint = Callable[[Hint], None]


class Broker(Protocol):
    """One account at one venue.

    Reading raises what `MarketFacts` raises, and `AccessRefusedError`. Requests that change
    something raise `OrderRefusedError` when they were refused, `OutcomeUnknownError` when nobody
    knows, `AccessRefusedError`, and any other `TemporaryVenueError` when they were certainly not
    carried out.
    """

    async def read_permissions(self) -> KeyPermissions:
        """What the key may do."""

    async def read_standing(self) -> AccountStanding:
        """Equity, free margin and position mode."""

    async def prepare(self, symbol: str, leverage: int) -> None:
        """Isolated margin at a leverage for a pair; the same again changes nothing."""

    async def place(self, request: OrderRequest) -> OrderReport:
        """Send an order. With a client id that is open already: `OrderRefusedError`."""

    async def cancel(self, request: OrderRequest) -> OrderReport:
        """Cancel an order by its client id; what it says may be that it was filled before.

        Raises `OrderRefusedError` with UNKNOWN_ORDER for one that is not open (any more).
        """

    async def find_order(self, request: OrderRequest) -> OrderReport | None:
        """An order by its client id, open or not, in the book that its kind belongs to.

        None when the venue does not know it (yet: the request may still be under way).
        """

    async def list_open_orders(self, symbol: str | None = None) -> list[OrderReport]:
        """Open orders of both books, conditional ones included, of a pair or of all."""

    async def list_positions(self) -> list[VenuePosition]:
        """Positions that are not flat."""

    async def list_fills(self, symbol: str, since: datetime) -> list[Fill]:
        """Fills of a pair at or after an instant, oldest first, complete."""

    async def run(self, on_hint: OnHint) -> None:
        """Listen to the account until cancelled; hints may come twice, late, or not at all."""

    async def close(self) -> None:
        """Give every connection back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Quote:
    """Best prices of a pair; `age_seconds` of exchange time since the venue said so."""

    bid: Decimal
    ask: Decimal
    age_seconds: float


class Quotes(Protocol):
    """Where the market stands now."""

    def quote(self, symbol: str) -> Quote | None:
        """Newest best prices of a pair; None while there are none."""


OpenBroker = Callable[[Account], Awaitable[Broker]]
"""Opens the broker of an account. Raises `AccessRefusedError` where there is no usable key."""
