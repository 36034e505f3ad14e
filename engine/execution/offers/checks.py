"""Everything that must hold before a signal is executed, asked at once so that all reasons show."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final, Protocol

from domain.accounts import Account
from domain.directions import Direction
from domain.errors import InvalidDataError
from domain.instruments import Instrument, to_decimal
from domain.plans import Denial, Denied, TradePlan
from domain.sentiment import MacroReading
from domain.signals import FollowedSignal, Signal
from engine.execution.accounts.sight import VENUE_SILENT, AccountSight
from engine.execution.accounts.state import read_account_risk
from engine.execution.parameters import ExecutionParameters
from engine.issue import FRESH_STATES
from engine.ports.broker import Quote, Quotes
from engine.ports.storage import UnitOfWork
from engine.risk_state import RiskFacts, collect_risk_state
from risk.accounts.rules import check_account
from risk.accounts.sizing import size_for_account
from risk.accounts.state import AccountRisk
from risk.breakers import check_all_pairs
from risk.gate import RiskParameters
from risk.liquidity import check_liquidity
from risk.state import RiskState

HALTED: Final = "halted"
NO_QUOTE: Final = "no_quote"
NO_TURNOVER: Final = "liquidity_unknown"

UNDECIDED: Final = frozenset({HALTED, NO_QUOTE, NO_TURNOVER, VENUE_SILENT})
"""Rules that deny because something is unknown for now: a moment later they may not."""


class Readiness(Protocol):
    """Whether the desk that carries trades out takes new ones."""

    def halted(self) -> tuple[str, ...]:
        """Why nothing new may be executed at all, in words; empty when it may."""

    def halted_account(self, account: str) -> str | None:
        """Why nothing new may be executed with one account."""

    def refused_pair(self, account: str, symbol: str) -> str | None:
        """Why nothing new may be entered on a pair with an account."""


class ExecutionChecks:
    """Judges a signal for one account, at one instant.

    `turnover` tells that of 5 minutes in quote currency, None where it is unknown; `macro` how the
    markets outside crypto stand, None while nobody tells.
    """

    def __init__(
        self,
        *,
        desk: Readiness,
        quotes: Quotes,
        turnover: Callable[[Instrument], Decimal | None],
        macro: Callable[[], MacroReading | None],
        facts: RiskFacts,
        risk: RiskParameters,
        parameters: ExecutionParameters,
    ) -> None:
        self._desk = desk
        self._quotes = quotes
        self._turnover = turnover
        self._macro = macro
        self._facts = facts
        self._risk = risk
        self._parameters = parameters

    async def __call__(
        self,
        unit: UnitOfWork,
        account: Account,
        signal: Signal,
        sight: AccountSight | Denial,
        now: datetime,
    ) -> TradePlan | Denied:
        """The plan in the account's own size, or every reason why there is none."""
        plan, quote = signal.plan, self._quotes.quote(signal.plan.symbol)
        turnover = self._turnover(signal.instrument)
        denials = (
            *self._check_desk(account.name, plan.symbol),
            *await self._check_breakers(unit, signal, now),
            *check_price(plan, quote, self._parameters, signal.instrument.pair),
            *check_liquidity(turnover),
        )
        risk = await self._read_risk(unit, account, sight, now)
        if isinstance(risk, Denial):
            return Denied(denials=(*denials, risk))
        own = check_account(risk, signal.instrument, self._risk)
        if own or quote is None or turnover is None:
            return Denied(denials=(*denials, *own))
        price = touch(plan.direction, quote)
        sized = size_for_account(
            plan, signal.instrument, risk, self._risk, price=price, turnover=turnover
        )
        if isinstance(sized, Denial):
            return Denied(denials=(*denials, sized))
        return Denied(denials=denials) if denials else sized

    async def _read_risk(
        self, unit: UnitOfWork, account: Account, sight: AccountSight | Denial, now: datetime
    ) -> AccountRisk | Denial:
        if isinstance(sight, Denial):
            return sight
        try:
            return await read_account_risk(unit, account, sight, self._quotes, now)
        except InvalidDataError:
            text = f"your account has no equity to trade with ({sight.standing.equity:f})"
            return Denial(rule="no_equity", text=text)

    def _check_desk(self, account: str, symbol: str) -> tuple[Denial, ...]:
        own = self._desk.halted_account(account)
        pair = self._desk.refused_pair(account, symbol)
        reasons = (*self._desk.halted(), *(() if own is None else (own,)))
        halts = tuple(
            Denial(rule=HALTED, text=f"nothing new is executed now: {reason}") for reason in reasons
        )
        if pair is None or pair in reasons:
            return halts
        return (*halts, Denial(rule="pair_refused", text=f"nothing new on this pair: {pair}"))

    async def _check_breakers(
        self, unit: UnitOfWork, signal: Signal, now: datetime
    ) -> tuple[Denial, ...]:
        state = await collect_risk_state(
            unit, now, now, self._risk, self._macro(), facts=self._facts
        )
        rulings = check_all_pairs(_without(state, signal), self._risk.breakers)
        return tuple(
            Denial(rule=ruling.breaker, text=ruling.text)
            for ruling in rulings
            if ruling.is_blocking
        )


def check_fresh(followed: FollowedSignal, now: datetime) -> tuple[Denial, ...]:
    """Whether the signal can still be entered; if not, nothing else about it matters."""
    state, until = followed.course.state, followed.signal.valid_until
    if state not in FRESH_STATES:
        text = f"signal #{followed.signal.id} is over for new entries: it stands at {state}"
        return (Denial(rule="not_fresh", text=text),)
    if now >= until:
        text = f"signal #{followed.signal.id} could be entered until {until:%H:%M} UTC"
        return (Denial(rule="not_fresh", text=text),)
    return ()


def check_price(
    plan: TradePlan, quote: Quote | None, parameters: ExecutionParameters, pair: str
) -> tuple[Denial, ...]:
    """Whether an entry would cost about what the signal said: better is as wrong as worse.

    A price on the good side of the entry is on its way to the stop.
    """
    if quote is None or quote.age_seconds > parameters.data_loss_seconds:
        age = "no price" if quote is None else f"no price for {quote.age_seconds:.0f} s"
        text = f"there is {age} of {pair}, so nobody knows what an entry would cost"
        return (Denial(rule=NO_QUOTE, text=text),)
    price = touch(plan.direction, quote)
    drift = plan.direction.sign * (price - plan.entry) / plan.stop_distance
    if abs(drift) <= to_decimal(parameters.maximum_drift_r):
        return ()
    return (Denial(rule="drift", text=_drift_words(plan, price, drift, parameters)),)


def touch(direction: Direction, quote: Quote) -> Decimal:
    """The price at which a trade of a direction would be entered at market."""
    return quote.ask if direction is Direction.LONG else quote.bid


def _drift_words(
    plan: TradePlan, price: Decimal, drift: Decimal, parameters: ExecutionParameters
) -> str:
    where = "past the entry" if drift > 0 else "towards the stop"
    return (
        f"the price has moved to {price:f}, {abs(drift):.2f} R {where}; "
        f"at most {parameters.maximum_drift_r:g} R from {plan.entry:f} are allowed"
    )


def _without(state: RiskState, signal: Signal) -> RiskState:
    """The state as it would be without the signal in question: it must not stand in its own way."""
    published = list(state.published_at)
    if signal.published_at in published:
        published.remove(signal.published_at)
    others = tuple(trade for trade in state.trades if trade.symbol != signal.plan.symbol)
    return replace(state, trades=others, published_at=tuple(published))
