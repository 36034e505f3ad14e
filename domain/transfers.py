"""Transfers on a chain, and which way they went."""

from dataclasses import dataclass
from enum import StrEnum


class TransferKind(StrEnum):
    """Where a transfer went from and to, as far as exchanges are concerned."""

    DEPOSIT = "deposit"
    WITHDRAWAL = "withdrawal"
    BETWEEN_EXCHANGES = "between exchanges"
    BETWEEN_WALLETS = "between wallets"
    MINT = "mint"
    BURN = "burn"


@dataclass(frozen=True, slots=True, kw_only=True)
class Party:
    """Who sent or received. `owner` is a name such as "Binance", empty when nobody knows it."""

    address: str
    owner: str = ""
    is_exchange: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    """Coins that moved. `asset` is canonical (`domain.assets`), `usd` their value at the time.

    `provider` told of it, `happened_ms` is the chain's time. `kind` is MINT or BURN where the coins
    came from or went to the issuer; else it follows from the parties (`kind_between`).
    """

    provider: str
    chain: str
    transaction: str
    asset: str
    amount: float
    usd: float
    sender: Party
    receiver: Party
    kind: TransferKind
    happened_ms: int

    @property
    def key(self) -> str:
        """The same for the same movement, whichever provider tells it."""
        parts = (self.chain, self.transaction, self.asset, self.receiver.address)
        return ":".join(part.lower() for part in parts)


def kind_between(sender: Party, receiver: Party) -> TransferKind:
    """What a movement between two parties is."""
    if sender.is_exchange:
        to_exchange = receiver.is_exchange
        return TransferKind.BETWEEN_EXCHANGES if to_exchange else TransferKind.WITHDRAWAL
    return TransferKind.DEPOSIT if receiver.is_exchange else TransferKind.BETWEEN_WALLETS
