"""An account with round numbers: 10,000 USDT, everything free, nothing open."""

from collections.abc import Sequence
from decimal import Decimal

from domain.accounts import Account, AccountStanding, PositionMode, paper_account
from domain.breakers import Latch
from domain.instruments import Instrument
from domain.plans import Denial, TradePlan
from risk.accounts.sizing import size_for_account
from risk.accounts.state import AccountRisk
from risk.day import DayResult
from risk.gate import RiskParameters
from risk.state import OpenTrade
from tests.builders.signals import CLOSED_AT
from tests.unit.risk.trade_builders import SOL

TURNOVER = Decimal(100_000_000)


def make_standing(equity: str = "10000", available: str | None = None) -> AccountStanding:
    return AccountStanding(
        equity=Decimal(equity),
        available=Decimal(equity if available is None else available),
        position_mode=PositionMode.ONE_WAY,
    )


def make_account(
    standing: AccountStanding | None = None,
    *,
    account: Account | None = None,
    trades: Sequence[OpenTrade] = (),
    latches: Sequence[Latch] = (),
    day: DayResult | None = None,
    pending_margin: str = "0",
    foreign: frozenset[str] = frozenset(),
) -> AccountRisk:
    return AccountRisk.of(
        account or paper_account(7),
        standing or make_standing(),
        now=CLOSED_AT,
        day=day or DayResult(day=CLOSED_AT.date()),
        trades=trades,
        latches=latches,
        pending_margin=Decimal(pending_margin),
        foreign=foreign,
    )


def size(
    plan: TradePlan,
    account: AccountRisk | None = None,
    *,
    price: str = "100",
    turnover: Decimal = TURNOVER,
    instrument: Instrument = SOL,
) -> TradePlan | Denial:
    return size_for_account(
        plan,
        instrument,
        account or make_account(),
        RiskParameters(),
        price=Decimal(price),
        turnover=turnover,
    )
