"""A small venue to trade at: one symbol, a book around 100, tickets in one line."""

from decimal import Decimal
from typing import Any

from domain.directions import Direction
from domain.instruments import Instrument
from domain.orders import OrderKind, Side
from exchanges.matching.account import TradingAccount
from exchanges.matching.events import (
    BalanceChanged,
    ConditionalChanged,
    Event,
    OrderChange,
    OrderChanged,
)
from exchanges.matching.records import ConditionalState
from exchanges.matching.terms import AccountTerms, Bracket, SymbolTerms
from exchanges.matching.tickets import ConditionalKind, ConditionalTicket, Ticket

SYMBOL = "BTCUSDT"
BUY, SELL = Side.BUY, Side.SELL
LONG, SHORT = Direction.LONG, Direction.SHORT

D = Decimal

NARROW_BOOK = ([(D("99.9"), D(5)), (D("99.8"), D(10))], [(D("100.1"), D(5)), (D("100.2"), D(10))])
"""Bids and asks, half a tick of 0.2 around 100."""

BRACKETS = (
    Bracket(
        cap=D(50_000), maximum_leverage=20, maintenance_rate=D("0.01"), maintenance_amount=D(0)
    ),
    Bracket(
        cap=D(200_000), maximum_leverage=10, maintenance_rate=D("0.02"), maintenance_amount=D(500)
    ),
)


def terms(symbol: str = SYMBOL, **changes: Any) -> SymbolTerms:
    instrument = Instrument(
        symbol=symbol,
        base=symbol.removesuffix("USDT"),
        quote="USDT",
        tick=D("0.1"),
        step=D("0.001"),
        minimum_quantity=D("0.001"),
        minimum_notional=D(5),
        maximum_quantity=D(1000),
    )
    usual: dict[str, Any] = {"instrument": instrument, "brackets": BRACKETS}
    return SymbolTerms(**{**usual, **changes})


def account_terms(**changes: Any) -> AccountTerms:
    usual: dict[str, Any] = {"wallet": D(10_000), "leverage": 10, "starts_isolated": True}
    return AccountTerms(**{**usual, **changes})


def open_account(symbol_terms: SymbolTerms | None = None, **changes: Any) -> TradingAccount:
    """An account that sees the narrow book and no mark price."""
    account = TradingAccount(account_terms(**changes), [symbol_terms or terms()])
    show(account)
    return account


def show(account: TradingAccount, at_ms: int = 0) -> None:
    account.on_book(SYMBOL, *NARROW_BOOK, at_ms)


def market(side: Side, quantity: str, client_id: str = "m", **changes: Any) -> Ticket:
    return Ticket(
        client_id=client_id,
        symbol=SYMBOL,
        side=side,
        kind=OrderKind.MARKET,
        quantity=D(quantity),
        **changes,
    )


def limit(side: Side, quantity: str, price: str, client_id: str = "l", **changes: Any) -> Ticket:
    usual: dict[str, Any] = {"kind": OrderKind.LIMIT}
    return Ticket(
        client_id=client_id,
        symbol=SYMBOL,
        side=side,
        quantity=D(quantity),
        price=D(price),
        **{**usual, **changes},
    )


def stop(
    side: Side, trigger: str, quantity: str | None = None, client_id: str = "s", **changes: Any
) -> ConditionalTicket:
    usual: dict[str, Any] = {
        "kind": ConditionalKind.STOP,
        "reduce_only": quantity is not None,
    }
    return ConditionalTicket(
        client_id=client_id,
        symbol=SYMBOL,
        side=side,
        trigger=D(trigger),
        quantity=None if quantity is None else D(quantity),
        **{**usual, **changes},
    )


def order_changes(events: list[Event]) -> list[tuple[str, OrderChange]]:
    """Client id and change of each order event."""
    return [
        (event.order.ticket.client_id, event.change)
        for event in events
        if isinstance(event, OrderChanged)
    ]


def conditional_states(events: list[Event]) -> list[ConditionalState]:
    return [event.conditional.state for event in events if isinstance(event, ConditionalChanged)]


def balance_changes(events: list[Event]) -> list[BalanceChanged]:
    return [event for event in events if isinstance(event, BalanceChanged)]
