"""One thing that happened to a trade: a short reply to its card, a loss as plainly as a win."""

from collections.abc import Callable, Mapping
from typing import Final

from bot.presenters.figures import percent, price
from bot.presenters.markup import bold
from bot.presenters.page import Line, fit
from bot.presenters.status_header import outcome_sign
from bot.presenters.trade_status import ending_words, result_words
from bot.presenters.trade_wording import BADGES, explained, in_base, trade_reference
from engine.execution.books.accounting import open_quantity
from engine.execution.values import News, NewsKind, TradeCard


def render_trade_news(card: TradeCard, news: News) -> str:
    """Two or three lines of HTML; the first two tell in a notification what happened."""
    lines = [
        Line(bold(f"{trade_reference(card.intent)} · {BADGES[card.mode]}")),
        Line(_EVENTS[news.kind](card, news)),
    ]
    if news.text and news.kind is not NewsKind.CLOSED:
        lines.append(Line(explained(news.text)))
    return fit(lines)


def _sent(_card: TradeCard, _news: News) -> str:
    return "📨 Sent to the exchange."


def _filled(card: TradeCard, news: News) -> str:
    numbers, pair = card.numbers, card.intent.instrument
    filled = "" if numbers is None else f" {in_base(numbers.entered, pair)}"
    return f"✅ {bold('Filled')}{filled}{_at(card, news)}."


def _protected(card: TradeCard, news: News) -> str:
    return f"✅ {bold('Protected')}: the stop rests on the exchange{_at(card, news)}."


def _targets_set(_card: TradeCard, _news: News) -> str:
    return "🎯 The targets rest on the exchange."


def _target_filled(card: TradeCard, news: News) -> str:
    return f"🎯 {bold(f'TP{news.rung} ✓')}{_at(card, news)}{_so_far(card)}."


def _stop_moved(card: TradeCard, news: News) -> str:
    return f"⛔ The stop was moved{_to(card, news)}."


def _closed(card: TradeCard, news: News) -> str:
    if card.numbers is None or card.books is None:
        return f"🏁 {bold('CLOSED')}{_at(card, news)}."
    result = bold(f"CLOSED {result_words(card, card.numbers)}")
    ending = ending_words(card.books.position.close_reason)
    out = "" if news.price is None else f"\nOut{_at(card, news)}."
    return f"{outcome_sign(card.numbers.net)} {result} · {ending}{out}"


def _refused(card: TradeCard, news: News) -> str:
    reason = "" if news.text else f" · {explained(card.intent.reason)}"
    return f"⛔ {bold('REFUSED')}, there is no position{reason}"


def _missed(_card: TradeCard, _news: News) -> str:
    return f"⌛ {bold('NOT ENTERED')}, there is no position"


def _unprotected(_card: TradeCard, _news: News) -> str:
    return f"🚨 {bold('No stop could be placed')}: closing at market now."


def _changed_by_hand(_card: TradeCard, _news: News) -> str:
    return f"✋ {bold('Changed on the exchange, not by me')}"


_EVENTS: Final[Mapping[NewsKind, Callable[[TradeCard, News], str]]] = {
    NewsKind.SENT: _sent,
    NewsKind.FILLED: _filled,
    NewsKind.PROTECTED: _protected,
    NewsKind.TARGETS_SET: _targets_set,
    NewsKind.TARGET_FILLED: _target_filled,
    NewsKind.STOP_MOVED: _stop_moved,
    NewsKind.CLOSED: _closed,
    NewsKind.REFUSED: _refused,
    NewsKind.MISSED: _missed,
    NewsKind.UNPROTECTED: _unprotected,
    NewsKind.CHANGED_BY_HAND: _changed_by_hand,
}


def _at(card: TradeCard, news: News) -> str:
    return "" if news.price is None else f" at {price(news.price, card.intent.instrument)}"


def _to(card: TradeCard, news: News) -> str:
    return "" if news.price is None else f" to {price(news.price, card.intent.instrument)}"


def _so_far(card: TradeCard) -> str:
    numbers = card.numbers
    if numbers is None or card.books is None or not numbers.entered:
        return ""
    left = percent(open_quantity(card.books) / numbers.entered * 100)
    return f": {bold(result_words(card, numbers))} so far, {left} still open"
