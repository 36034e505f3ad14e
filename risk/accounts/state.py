"""One account at one instant, as the rules of risk see it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from decimal import Decimal

from domain.accounts import Account, AccountStanding
from domain.breakers import Latch
from domain.errors import InvalidDataError
from risk.accounts.drawdown import account_prefix, latch_name
from risk.breakers.drawdown import DRAWDOWN
from risk.day import DayResult
from risk.state import OpenTrade, RiskState


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountRisk:
    """What an account has, holds and owes its owner's limits.

    `state` is the account in the terms of the portfolio's rules: its equity, its live positions,
    its day, and its own latch under the name of the ladder. `available` is the margin left for new
    positions, that of entries on their way already taken off, in quote currency. `foreign` are
    symbols of positions on the venue that are not in our books.
    """

    account: Account
    state: RiskState
    available: Decimal
    foreign: frozenset[str] = frozenset()

    @classmethod
    def of(
        cls,
        account: Account,
        standing: AccountStanding,
        *,
        now: datetime,
        day: DayResult,
        trades: Sequence[OpenTrade],
        latches: Sequence[Latch],
        pending_margin: Decimal = Decimal(0),
        foreign: frozenset[str] = frozenset(),
    ) -> "AccountRisk":
        """From what the venue tells and what is stored; latches of others are left out.

        Raises `InvalidDataError` for an equity or a free margin that is not a number, and for an
        equity that is not above 0.
        """
        if not standing.available.is_finite():
            raise InvalidDataError(f"free margin is {standing.available}; risk needs a number")
        own = tuple(
            replace(
                latch,
                breaker=DRAWDOWN,
                text=latch.text.removeprefix(account_prefix(account.name)),
            )
            for latch in latches
            if latch.breaker == latch_name(account.name)
        )
        state = RiskState(
            now=now, equity=standing.equity, day=day, trades=tuple(trades), latches=own
        )
        available = max(Decimal(0), standing.available - pending_margin)
        return cls(account=account, state=state, available=available, foreign=foreign)
