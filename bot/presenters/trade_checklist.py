"""What has happened to a trade so far, in plain words and in the order in which it matters."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Final

from bot.presenters.figures import clock_time, price
from bot.presenters.markup import code
from bot.presenters.page import Line
from bot.presenters.trade_status import result_words
from bot.presenters.trade_wording import in_base, in_quote
from domain.instruments import Instrument
from domain.orders import Fill, Order, OrderRole, OrderState
from domain.positions import PositionBooks, PositionState
from engine.execution.books.accounting import booked_fills
from engine.execution.books.order_marks import was_taken_away
from engine.execution.desk.looking import resting_trigger
from engine.execution.values import Ledgered, TradeCard

_NEVER_LIVED: Final = frozenset({OrderState.SENDING, OrderState.REFUSED, OrderState.LOST})
_ON_THE_BOOK: Final = frozenset({OrderState.RESTING, OrderState.CANCELLING})
_OVER: Final = frozenset({PositionState.CLOSING, PositionState.CLOSED})
_EXITS: Final[Mapping[OrderRole, str]] = {
    OrderRole.STOP: "Stop hit:",
    OrderRole.CLOSE: "Closed at market:",
}


def checklist_lines(card: TradeCard, books: PositionBooks, numbers: Ledgered) -> list[Line]:
    """Sent, filled, protected, targets, what was closed, the result."""
    has_ended = books.position.state is PositionState.CLOSED
    lines = [_sent(books), _filled(card, books, numbers)]
    if numbers.entered and not has_ended:
        lines.append(_protected(books))
    lines += _targets(card, books)
    if books.position.state is PositionState.OPEN and books.position.entered_at is not None:
        lines.append(_time_limit(books.position.entered_at + books.position.exits.maximum_hold))
    lines += _exits(card, books)
    lines += _by_hand(card, books)
    if numbers.average_exit is not None:
        lines.append(_result(card, numbers, has_ended=has_ended))
    return [Line(line) for line in lines]


def _sent(books: PositionBooks) -> str:
    entries = [order for order in books.orders if order.role is OrderRole.ENTRY]
    if any(order.state not in _NEVER_LIVED for order in entries):
        return "✅ Sent"
    return "⏳ Sending"


def _filled(card: TradeCard, books: PositionBooks, numbers: Ledgered) -> str:
    pair = card.intent.instrument
    if numbers.average_entry is None:
        return "⏳ Not filled yet"
    wanted = card.intent.quantity
    part = "" if numbers.entered >= wanted else f" of {in_base(wanted, pair)}"
    entered_at = books.position.entered_at
    when = f" · {clock_time(entered_at)}" if entered_at else ""
    return (
        f"✅ Filled {in_base(numbers.entered, pair)}{part}"
        f" at {code(price(numbers.average_entry, pair))}{when}"
    )


def _protected(books: PositionBooks) -> str:
    position = books.position
    stops = [order for order in books.orders if order.role is OrderRole.STOP]
    # While a stop is moved two rest: the newer one is what counts.
    trigger = resting_trigger(books)
    if trigger is not None:
        return f"✅ Protected: stop {code(price(trigger, position.instrument))} on the exchange"
    if any(order.state is OrderState.TRIGGERED for order in stops):
        return "⛔ Stop hit, closing"
    if any(order.state is OrderState.SENDING for order in stops):
        return f"⏳ Placing the stop {code(price(position.stop, position.instrument))}"
    if stops and was_taken_away(stops[-1]):
        return (
            "✋ My stop was removed on the exchange: one of yours protects it, or mine comes back"
        )
    return "⚠️ No stop of mine rests on the exchange right now"


def _targets(card: TradeCard, books: PositionBooks) -> list[str]:
    targets = [order for order in books.orders if order.role is OrderRole.TARGET]
    rungs = sorted({order.rung for order in targets})
    return [_target(card, books, [o for o in targets if o.rung == rung]) for rung in rungs]


def _target(card: TradeCard, books: PositionBooks, attempts: list[Order]) -> str:
    pair, order = card.intent.instrument, attempts[-1]
    fills = [fill for attempt in attempts for fill in _fills_of(attempt, books)]
    level = order.request.price
    name = f"TP{order.rung}  {code(price(level, pair))}" if level is not None else f"TP{order.rung}"
    if fills:
        return f"✅ TP{order.rung}  {_closed_words(fills, pair)}"
    if order.state in _ON_THE_BOOK:
        return f"🎯 {name} · closes {in_base(order.request.quantity, pair)}"
    if books.position.state in _OVER:
        return f"⚪ {name} · not reached"
    if was_taken_away(order):
        return f"✋ {name} · removed on the exchange, I leave it so"
    return f"⏳ {name} · being placed"


def _time_limit(at: datetime) -> str:
    return f"⏰ Out at {clock_time(at)} at the latest"


def _exits(card: TradeCard, books: PositionBooks) -> list[str]:
    lines = []
    for role, words in _EXITS.items():
        orders = [order for order in books.orders if order.role is role]
        fills = [fill for order in orders for fill in _fills_of(order, books)]
        if fills:
            lines.append(f"🏁 {words} {_closed_words(fills, card.intent.instrument)}")
    return lines


def _closed_words(fills: list[Fill], pair: Instrument) -> str:
    closed = sum((fill.quantity for fill in fills), Decimal(0))
    average = _average_price(fills)
    return f"{in_base(closed, pair)} at {code(price(average, pair))} · {clock_time(fills[-1].at)}"


def _by_hand(card: TradeCard, books: PositionBooks) -> list[str]:
    """What somebody else than the bot bought or sold of it: the trader, or the exchange itself.

    Only once that is certain: a stop that fires is filled before its new id is known.
    """
    if not books.position.adjusted_quantity:
        return []
    others = [booked for booked in booked_fills(books) if booked.order is None]
    lines = []
    for enters, verb in ((True, "Added"), (False, "Closed")):
        fills = [
            replace(booked.fill, quantity=booked.quantity)
            for booked in others
            if booked.enters is enters
        ]
        if fills:
            words = _closed_words(fills, card.intent.instrument)
            lines.append(f"✋ {verb} on the exchange, not by me: {words}")
    return lines


def _result(card: TradeCard, numbers: Ledgered, *, has_ended: bool) -> str:
    word = "Result" if has_ended else "So far"
    fees = in_quote(numbers.fees, card.intent.instrument)
    return f"💰 {word} {result_words(card, numbers)} after {fees} fees"


def _fills_of(order: Order, books: PositionBooks) -> list[Fill]:
    """The fills that the venue books under an order, oldest first."""
    return [
        booked.fill
        for booked in booked_fills(books)
        if booked.order is not None and booked.order.client_id == order.client_id
    ]


def _average_price(fills: list[Fill]) -> Decimal:
    """What was paid on average, weighted by quantity. Needs at least one fill."""
    quantity = sum((fill.quantity for fill in fills), Decimal(0))
    return sum((fill.price * fill.quantity for fill in fills), Decimal(0)) / quantity
