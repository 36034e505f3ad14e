"""The accounts that trade at the simulated venue."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from domain.accounts import PositionMode


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulatedAccount:
    """An account with its one key.

    `name` is what control paths call it; `wallet` is what it begins with, in USDT. Margin is
    crossed on every pair, as at the venue, until the account sets it to isolated: orders on crossed
    pairs are refused. `can_trade`, `can_withdraw` and `is_bound_to_address` are what the key's
    permissions say; without the first every signed request about futures is refused.
    """

    name: str
    api_key: str
    secret: str
    wallet: Decimal = Decimal(10_000)
    position_mode: PositionMode = PositionMode.ONE_WAY
    leverage: int = 20
    starts_isolated: bool = False
    can_trade: bool = True
    can_withdraw: bool = False
    is_bound_to_address: bool = False


USUAL_ACCOUNT: Final = SimulatedAccount(
    name="usual",
    api_key="simulated-key",
    secret="simulated-secret",  # noqa: S106 - everybody may know it
)
"""The account that every simulated venue has, with a key that everybody may know."""
