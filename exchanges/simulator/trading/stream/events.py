"""An account's events as the venue words them."""

from collections.abc import Iterator
from decimal import Decimal
from typing import Any, Final

from exchanges.matching.account import TradingAccount
from exchanges.matching.events import (
    BalanceChanged,
    BalanceReason,
    ConditionalChanged,
    Event,
    OrderChange,
    OrderChanged,
    PositionNow,
)
from exchanges.matching.records import EndReason
from exchanges.simulator.trading.numbers import Numbers
from exchanges.simulator.trading.rest.order_rows import average_text
from exchanges.simulator.trading.rest.words import (
    ALGO_STATES,
    CONDITIONAL_TYPES,
    ORDER_TYPES,
    POSITION_SIDES,
    TIME_IN_FORCE,
    WORKING_TYPES,
    money,
    order_status,
    plain,
    side_word,
)
from exchanges.simulator.trading.trader import Trader

Message = dict[str, Any]

_EXECUTION_TYPES: Final = {
    OrderChange.NEW: "NEW",
    OrderChange.TRADE: "TRADE",
    OrderChange.LIQUIDATED: "CALCULATED",
    OrderChange.CANCELLED: "CANCELED",
    OrderChange.EXPIRED: "EXPIRED",
    OrderChange.SHRUNK: "AMENDMENT",
}
_EXPIRY_REASONS: Final = {
    EndReason.NONE: "0",
    EndReason.REDUCE_ONLY: "4",
    EndReason.LIQUIDATED: "5",
    EndReason.POSITION_CLOSED: "6",
    EndReason.THIN_BOOK: "9",
}
_BALANCE_REASONS: Final = {
    BalanceReason.ORDER: "ORDER",
    BalanceReason.FUNDING: "FUNDING_FEE",
    BalanceReason.LIQUIDATION: "ORDER",
    BalanceReason.DEPOSIT: "DEPOSIT",
}


def messages(trader: Trader, event: Event) -> Iterator[Message]:
    """What the venue sends for an event; nothing for those that others tell already."""
    if isinstance(event, OrderChanged):
        yield _envelope("ORDER_TRADE_UPDATE", event.at_ms, {"o": _order(event, trader.numbers)})
    elif isinstance(event, ConditionalChanged):
        yield _envelope("ALGO_UPDATE", event.at_ms, {"o": _conditional(trader, event)})
    elif isinstance(event, BalanceChanged):
        yield _envelope("ACCOUNT_UPDATE", event.at_ms, {"a": _account(trader.books, event)})


def key_expired(listen_key: str, at_ms: int) -> Message:
    """The last event of a stream whose listen key was not renewed."""
    return {"e": "listenKeyExpired", "E": at_ms, "listenKey": listen_key}


def _envelope(name: str, at_ms: int, content: Message) -> Message:
    return {"e": name, "E": at_ms, "T": at_ms, **content}


def _order(event: OrderChanged, numbers: Numbers) -> Message:
    order, ticket = event.order, event.order.ticket
    return {
        "s": ticket.symbol,
        "c": ticket.client_id,
        "S": side_word(ticket),
        "o": ORDER_TYPES[ticket.kind],
        "f": TIME_IN_FORCE[ticket.kind],
        "q": plain(order.quantity),
        "p": plain(ticket.price),
        "ap": average_text(order),
        "sp": "0",
        "x": _EXECUTION_TYPES[event.change],
        "X": order_status(order),
        "i": numbers.order(order.number),
        "z": plain(order.filled_quantity),
        "T": event.at_ms,
        "b": "0",
        "a": "0",
        "R": ticket.reduce_only,
        "wt": "CONTRACT_PRICE",
        "ot": ORDER_TYPES[ticket.kind],
        "ps": POSITION_SIDES[ticket.position_side],
        "cp": False,
        "pP": False,
        "V": "EXPIRE_MAKER",
        "pm": "NONE",
        "gtd": 0,
        "er": _EXPIRY_REASONS[order.end_reason],
        **_execution(event, numbers),
    }


def _execution(event: OrderChanged, numbers: Numbers) -> Message:
    """What the event's own fill was."""
    fill = event.execution
    if fill is None:
        return {"l": "0", "L": "0", "t": 0, "m": False, "rp": "0"}
    return {
        "l": plain(fill.quantity),
        "L": plain(fill.price),
        "N": fill.currency,
        "n": money(fill.fee),
        "t": numbers.fill(fill.number),
        "m": fill.is_maker,
        "rp": money(fill.realised),
    }


def _conditional(trader: Trader, event: ConditionalChanged) -> Message:
    conditional, ticket = event.conditional, event.conditional.ticket
    number = conditional.engine_number
    engine = None if number is None else trader.books.find_order(ticket.symbol, number=number)
    return {
        "caid": ticket.client_id,
        "aid": trader.numbers.conditional(conditional.number),
        "at": "CONDITIONAL",
        "o": CONDITIONAL_TYPES[ticket.kind],
        "s": ticket.symbol,
        "S": side_word(ticket),
        "ps": POSITION_SIDES[ticket.position_side],
        "f": "GTC",
        "q": plain(ticket.quantity),
        "X": ALGO_STATES[conditional.state],
        "ai": "" if number is None else str(trader.numbers.order(number)),
        "ap": "0.00000" if engine is None else average_text(engine),
        "aq": "0.00000" if engine is None else plain(engine.filled_quantity),
        "act": "0" if engine is None else ORDER_TYPES[engine.ticket.kind],
        "tp": plain(ticket.trigger),
        "p": "0",
        "V": "NONE",
        "wt": WORKING_TYPES[ticket.working],
        "pm": "NONE",
        "cp": ticket.closes_position,
        "pP": False,
        "R": ticket.reduce_only,
        "tt": conditional.triggered_ms or 0,
        "gtd": 0,
        "rm": conditional.reason,
        "ia": False,
    }


def _account(books: TradingAccount, event: BalanceChanged) -> Message:
    bound = sum((position.margin for position in books.positions()), Decimal(0))
    is_trade = event.reason in (BalanceReason.ORDER, BalanceReason.LIQUIDATION)
    balance = {
        "a": "USDT",
        "wb": money(event.wallet),
        "cw": money(event.wallet - bound),
        "bc": money(Decimal(0) if is_trade else event.amount),
    }
    now = event.position
    return {
        "m": _BALANCE_REASONS[event.reason],
        "B": [balance],
        "P": [] if now is None else [_position(books, now)],
    }


def _position(books: TradingAccount, now: PositionNow) -> Message:
    side, held = POSITION_SIDES[now.position_side], now.held
    nowhere = {"s": now.symbol, "mt": "isolated", "ps": side, "ma": "USDT"}
    if held is None:
        return {
            **nowhere,
            "pa": "0",
            "ep": "0",
            "bep": "0",
            "cr": "0",
            "up": "0",
            "iw": "0",
        }
    mark = books.mark(now.symbol) or held.entry_price
    return {
        **nowhere,
        "pa": plain(held.direction.sign * held.quantity),
        "ep": money(held.entry_price),
        "bep": money(held.entry_price),
        "cr": money(held.realised),
        "up": money(held.unrealised(mark)),
        "iw": money(held.margin),
    }
