"""What must not be lost of execution, as the engine sees it: repositories of the same unit of work.

`engine.ports.storage.UnitOfWork` holds them beside the others.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from domain.accounts import Account
from domain.intents import Intent, IntentState
from domain.orders import Fill, Order, OrderState
from domain.positions import Position, PositionBooks, PositionState


class IntentRepository(Protocol):
    """What traders asked for."""

    async def next_id(self) -> int:
        """The id of the next intent: one more than the newest, 1 for the first."""

    async def add(self, intent: Intent) -> None:
        """Keep a new one.

        Raises `ConflictError` when its id is taken or signal and account have an open one.
        """

    async def save(self, intent: Intent, *, was: IntentState) -> None:
        """Replace one. Raises `ConflictError` when it is not in state `was` any more."""

    async def find(self, intent_id: int) -> Intent | None:
        """One intent."""

    async def find_open(self, signal_id: int, account: str) -> Intent | None:
        """The one of a signal and account that is offered, confirmed or entered."""

    async def list_offered(self, user_id: int | None = None) -> list[Intent]:
        """Those that wait for a confirmation, of one trader or of all, oldest first."""


class PositionRepository(Protocol):
    """Positions, their orders and their fills."""

    async def next_id(self) -> int:
        """The id of the next position: one more than the newest, 1 for the first."""

    async def add(self, position: Position) -> None:
        """Keep a new one.

        Raises `ConflictError` when its id is taken or account and symbol have one not closed.
        """

    async def save(self, position: Position, *, was: PositionState) -> None:
        """Replace one. Raises `ConflictError` when it is not in state `was` any more."""

    async def add_orders(self, orders: Sequence[Order]) -> None:
        """Keep new orders. Raises `ConflictError` when a client id is taken."""

    async def save_order(self, order: Order, *, was: OrderState) -> None:
        """Replace one. Raises `ConflictError` when it is not in state `was` any more."""

    async def add_fills(self, position_id: int, fills: Sequence[Fill]) -> None:
        """Keep fills; one whose account, symbol and trade id are known is left as it is."""

    async def find_books(self, position_id: int) -> PositionBooks | None:
        """Everything kept of one position."""

    async def list_live(self, account: str | None = None) -> list[PositionBooks]:
        """Everything kept of positions that are not closed, of an account or all, oldest first."""

    async def list_closed_between(
        self, start: datetime, end: datetime, *, account: str | None = None
    ) -> list[PositionBooks]:
        """Positions with start <= closed_at < end, in order of their end."""

    async def list_accounts_with_live(self) -> list[str]:
        """Accounts with positions that are not closed, by name."""

    async def list_accounts_closing_between(self, start: datetime, end: datetime) -> list[str]:
        """Accounts with positions of which start <= closed_at < end, by name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SealedKey:
    """A trader's exchange key, encrypted: nothing in it can be read without the master key."""

    user_id: int
    sealed: bytes


class AccountRepository(Protocol):
    """Connected accounts of traders, and paper accounts."""

    async def connect(self, account: Account, key: SealedKey) -> None:
        """Keep a trader's account and key, in place of earlier ones."""

    async def find_of(self, user_id: int) -> Account | None:
        """The connected account of a trader."""

    async def list_connected(self) -> list[Account]:
        """All of them, in order of their connection."""

    async def find_key(self, user_id: int) -> SealedKey | None:
        """The key of a trader."""

    async def replace_key(self, key: SealedKey) -> None:
        """The same key, sealed anew (rotation). Raises `NotFoundError`."""

    async def save_limits(self, account: Account) -> None:
        """Change the limits of an account. Raises `NotFoundError`."""

    async def disconnect(self, user_id: int) -> None:
        """Erase account and key of a trader; nothing happens where there are none."""

    async def load_paper(self, account: str) -> bytes | None:
        """The books of a paper account as its broker last left them."""

    async def save_paper(self, account: str, books: bytes) -> None:
        """Replace them."""
