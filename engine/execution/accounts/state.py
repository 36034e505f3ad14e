"""An account as the rules of risk see it, from our books and from what the venue tells."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from decimal import Decimal

from domain.accounts import Account
from domain.directions import Direction
from domain.positions import PositionBooks, PositionState
from engine.execution.accounts.sight import AccountSight
from engine.execution.books.accounting import ledger_of, open_quantity
from engine.ports.broker import Quotes
from engine.ports.storage import UnitOfWork
from risk.accounts.day import PositionResult, compute_account_day
from risk.accounts.state import AccountRisk
from risk.day import DayResult
from risk.state import OpenTrade


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountBooks:
    """What an account holds now, and what ended on the UTC day."""

    live: tuple[PositionBooks, ...]
    ended: tuple[PositionBooks, ...]


async def read_books(unit: UnitOfWork, account: str, now: datetime) -> AccountBooks:
    """Live positions of an account, and those that ended since midnight UTC."""
    live = await unit.positions.list_live(account)
    ended = await unit.positions.list_closed_between(
        start_of_day(now), now + timedelta(days=1), account=account
    )
    return AccountBooks(live=tuple(live), ended=tuple(ended))


async def read_account_risk(
    unit: UnitOfWork, account: Account, sight: AccountSight, quotes: Quotes, now: datetime
) -> AccountRisk:
    """The account at an instant. Raises `InvalidDataError` where its equity makes no sense."""
    books = await read_books(unit, account.name, now)
    ours = {each.position.symbol for each in books.live}
    held = {position.symbol for position in sight.positions}
    return AccountRisk.of(
        account,
        sight.standing,
        now=now,
        day=day_of(books, sight.standing.equity, quotes, now),
        trades=[trade_of(each) for each in books.live],
        latches=await unit.state.list_latches(),
        pending_margin=sum((_pending_margin(each) for each in books.live), Decimal(0)),
        foreign=frozenset(held - ours),
    )


def day_of(books: AccountBooks, equity: Decimal, quotes: Quotes, now: datetime) -> DayResult:
    """The UTC day's result so far, in percent of `equity`; without one above 0 a day of nothing."""
    day = now.astimezone(UTC).date()
    if not equity > 0:
        return DayResult(day=day)
    return compute_account_day(
        day,
        equity,
        ended=[result_of(each, None) for each in books.ended],
        live=[result_of(each, quotes) for each in books.live],
    )


def trade_of(books: PositionBooks) -> OpenTrade:
    """What a live position ties up at its current stop; an entry on its way counts in full."""
    intent, position, plan = books.intent, books.position, books.intent.plan
    entry = ledger_of(books).average_entry or plan.notional / plan.quantity
    quantity = _quantity(books)
    distance = position.direction.sign * (entry - position.stop)
    notional = quantity * entry
    return OpenTrade(
        symbol=position.symbol,
        direction=position.direction,
        loss_at_stop=max(Decimal(0), quantity * distance + notional * plan.costs.round_trip),
        notional=notional,
        margin=notional / intent.leverage,
    )


def result_of(books: PositionBooks, quotes: Quotes | None) -> PositionResult:
    """What a position has come to; `quotes` price what is open, without one as at its stop."""
    numbers, pair = ledger_of(books), books.position.instrument.pair
    quantity, is_over = open_quantity(books), books.position.state is PositionState.CLOSED
    if is_over or quantity <= 0 or numbers.average_entry is None:
        return PositionResult(pair=pair, closed=numbers.net)
    price = _closing_price(books, quotes)
    at = books.position.stop if price is None else price
    gain = books.position.direction.sign * (at - numbers.average_entry)
    fee = at * books.position.plan.costs.exit_fee
    return PositionResult(
        pair=pair,
        closed=numbers.net,
        open=quantity * (gain - fee),
        is_priced=price is not None,
    )


def start_of_day(now: datetime) -> datetime:
    """Midnight UTC before an instant."""
    return datetime.combine(now.astimezone(UTC).date(), time(), tzinfo=UTC)


def worst_first(live: Sequence[PositionBooks], quotes: Quotes) -> list[PositionBooks]:
    """Live positions by what they have come to, the largest loss first."""
    return sorted(live, key=lambda books: result_of(books, quotes).total)


def _quantity(books: PositionBooks) -> Decimal:
    """Base units that are open, or may be as soon as the entry is filled."""
    quantity = open_quantity(books)
    if books.position.state is PositionState.OPENING:
        quantity = max(quantity, books.intent.quantity - ledger_of(books).exited)
    return quantity


def _pending_margin(books: PositionBooks) -> Decimal:
    """Margin of an entry on its way: the venue may not have taken it from what is free yet."""
    if books.position.state is not PositionState.OPENING:
        return Decimal(0)
    return trade_of(books).margin


def _closing_price(books: PositionBooks, quotes: Quotes | None) -> Decimal | None:
    quote = None if quotes is None else quotes.quote(books.position.symbol)
    if quote is None:
        return None
    return quote.bid if books.position.direction is Direction.LONG else quote.ask
