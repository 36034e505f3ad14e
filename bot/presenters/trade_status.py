"""Where a trade stands, in one line: the line of its card that changes."""

from collections.abc import Mapping
from typing import Final

from bot.presenters.figures import clock_time, percent, signed_r
from bot.presenters.markup import bold
from bot.presenters.status_header import outcome_sign
from bot.presenters.trade_wording import explained, gained
from domain.intents import IntentState
from domain.positions import CloseReason, PositionBooks, PositionState
from engine.execution.books.accounting import open_quantity
from engine.execution.values import Ledgered, TradeCard

_NEVER_SENT: Final[Mapping[IntentState, str]] = {
    IntentState.DECLINED: f"🚫 {bold('DECLINED')} · nothing was sent",
    IntentState.LAPSED: f"⌛ {bold('NOT CONFIRMED')} in time · nothing was sent",
}
_ENDED_WITHOUT_TRADE: Final[Mapping[IntentState, str]] = {
    IntentState.REFUSED: f"⛔ {bold('REFUSED')}, there is no position",
    IntentState.MISSED: f"⌛ {bold('NOT ENTERED')}, there is no position",
}
_ENDINGS: Final[Mapping[CloseReason, str]] = {
    CloseReason.NOT_ENTERED: "not entered",
    CloseReason.TARGETS: "all targets reached",
    CloseReason.STOPPED: "stop hit",
    CloseReason.BREAKEVEN: "rest closed at break-even",
    CloseReason.TRAILED: "rest closed by the trailing stop",
    CloseReason.MAX_HOLD: "closed at the time limit",
    CloseReason.BY_TRADER: "you closed it",
    CloseReason.BY_HAND: "closed on the exchange, not by me",
    CloseReason.LIQUIDATED: "liquidated by the exchange",
    CloseReason.UNPROTECTED: "its stop could not be placed",
    CloseReason.DATA_LOSS: "no market data came any more",
    CloseReason.DRAWDOWN: "the day had lost too much",
    CloseReason.CLOSE_ALL: "everything was closed",
}


def trade_status(card: TradeCard) -> str:
    """The status of a trade as one line of HTML."""
    state = card.intent.state
    if state is IntentState.OFFERED:
        until = clock_time(card.intent.expires_at)
        return f"❓ {bold('CONFIRM?')} until {bold(until)} · nothing is sent yet"
    if state in _NEVER_SENT:
        return _NEVER_SENT[state]
    if state in _ENDED_WITHOUT_TRADE:
        reason = f" · {explained(card.intent.reason)}" if card.intent.reason else ""
        return f"{_ENDED_WITHOUT_TRADE[state]}{reason}"
    if card.books is None or card.numbers is None:
        return _ENTERING
    return _position_status(card, card.books, card.numbers)


def result_words(card: TradeCard, numbers: Ledgered) -> str:
    """What a trade came to, after fees: "+23.10 USDT (+0.52R)"."""
    return f"{gained(numbers.net, card.intent.instrument)} ({signed_r(numbers.net_r)})"


def ending_words(reason: CloseReason | None) -> str:
    """Why a position ends, in words."""
    return "closed" if reason is None else _ENDINGS[reason]


_ENTERING: Final = f"⏳ {bold('ENTERING')}"


def _position_status(card: TradeCard, books: PositionBooks, numbers: Ledgered) -> str:
    position = books.position
    if position.state is PositionState.CLOSED:
        result = bold(f"CLOSED {result_words(card, numbers)}")
        return f"{outcome_sign(numbers.net)} {result} · {ending_words(position.close_reason)}"
    if position.state is PositionState.CLOSING:
        return f"🏁 {bold('CLOSING')} · {ending_words(position.close_reason)}"
    if not numbers.entered:
        return _ENTERING
    if position.state is PositionState.OPENING:
        wanted = card.intent.quantity
        return f"{_ENTERING} · {percent(numbers.entered / wanted * 100)} filled"
    if open_quantity(books) >= numbers.entered:
        return f"🔵 {bold('OPEN')}"
    left = percent(open_quantity(books) / numbers.entered * 100)
    return f"🔵 {bold('OPEN')} · {left} left"
