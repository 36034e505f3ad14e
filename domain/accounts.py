"""Whose money a trade is made with, and in which mode."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

OPERATOR: Final = "operator"
"""Name of the operator's own live account, whose key is in the settings."""


class ExecutionMode(StrEnum):
    """What a press on *execute* leads to."""

    OFF = "off"
    PAPER = "paper"
    LIVE = "live"


class PositionMode(StrEnum):
    """How the venue keeps positions: one per pair, or a long beside a short."""

    ONE_WAY = "one-way"
    HEDGE = "hedge"


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account that positions are held in.

    `name` is unique: "operator", "trader:<user id>" for a connected one, "paper:<user id>" on
    paper. `mode` is PAPER or LIVE. `risk_share` in (0, 1] is the part of the operator's risk per
    trade that its owner wants to take, `maximum_positions` how many at once (None: as the
    operator's limit).
    """

    name: str
    mode: ExecutionMode
    user_id: int | None = None
    risk_share: Decimal = Decimal(1)
    maximum_positions: int | None = None
    connected_at: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyPermissions:
    """What the venue lets a key do; None where it does not tell.

    `is_practice`: there is nothing to withdraw, as in demo trading or at a simulated venue.
    """

    can_trade: bool
    can_withdraw: bool | None
    is_practice: bool = False

    @property
    def is_withdrawing_unknown(self) -> bool:
        """Whether the key may be able to take real money away, and nobody can tell."""
        return self.can_withdraw is None and not self.is_practice


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStanding:
    """An account as the venue tells it, in quote currency.

    `equity` is wallet balance plus unrealised profit; `available` margin for new positions.
    """

    equity: Decimal
    available: Decimal
    position_mode: PositionMode


def paper_account(user_id: int) -> Account:
    """The paper account of a trader."""
    return Account(name=f"paper:{user_id}", mode=ExecutionMode.PAPER, user_id=user_id)
