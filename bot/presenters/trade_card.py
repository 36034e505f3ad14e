"""One trade for its trader: first the confirmation, then how it goes, always in full."""

from typing import Final

from bot.presenters.markup import bold
from bot.presenters.page import Line, blank, fit
from bot.presenters.trade_checklist import checklist_lines
from bot.presenters.trade_offer import offer_lines, shrink_lines, size_lines
from bot.presenters.trade_status import trade_status
from bot.presenters.trade_wording import BADGES, account_words, trade_title
from domain.intents import IntentState
from engine.execution.values import TradeCard

_CONFIRMED: Final = frozenset({IntentState.CONFIRMED, IntentState.ENTERED})


def render_trade_card(card: TradeCard) -> str:
    """Headline, status, what is in it or what became of it, and whose money it is."""
    return fit(
        [
            Line(bold(f"{trade_title(card.intent)} · {BADGES[card.mode]}")),
            Line(trade_status(card)),
            *_body(card),
            blank(),
            Line(_footer(card)),
        ]
    )


def _body(card: TradeCard) -> list[Line]:
    state = card.intent.state
    if state is IntentState.OFFERED:
        return [blank(), *offer_lines(card)]
    if state not in _CONFIRMED:
        return []
    if card.books is None or card.numbers is None:
        return [blank(), *size_lines(card), *shrink_lines(card.intent)]
    return [blank(), *checklist_lines(card, card.books, card.numbers)]


def _footer(card: TradeCard) -> str:
    return f"#{card.intent.signal_id} · {account_words(card.intent.account)}"
