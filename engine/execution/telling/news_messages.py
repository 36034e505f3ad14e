"""What a trader reads of his trade: a card that is kept up to date, and news that make a sound."""

from collections.abc import Sequence
from typing import Final

from domain.messages import OutgoingMessage
from domain.positions import PositionBooks
from engine.execution.telling.cards import progress_of, trade_card
from engine.execution.telling.offer_cards import card_key
from engine.execution.values import News, NewsKind, TradeCard
from engine.ports.presenting import Presenter

_QUIET: Final = frozenset(
    {
        NewsKind.SENT,
        NewsKind.FILLED,
        NewsKind.PROTECTED,
        NewsKind.TARGETS_SET,
        NewsKind.STOP_MOVED,
    }
)
"""What only the card shows."""

_ONCE: Final = frozenset({NewsKind.CLOSED, NewsKind.REFUSED, NewsKind.MISSED})
"""What can happen to a trade at most once."""


def messages_of(
    presenter: Presenter, was: PositionBooks, books: PositionBooks, news: Sequence[News]
) -> list[OutgoingMessage]:
    """The card in its new state if anything on it has changed, then the news worth a sound."""
    loud = [each for each in news if each.kind not in _QUIET]
    progress = progress_of(books)
    if progress == progress_of(was) and not news:
        return []
    card = trade_card(books.intent, books)
    return [
        _card_edit(presenter, card, progress),
        *(_reply(presenter, card, each, progress) for each in loud),
    ]


def _card_edit(presenter: Presenter, card: TradeCard, progress: int) -> OutgoingMessage:
    key = card_key(card.intent.id)
    return OutgoingMessage(
        key=f"{key}:card:{progress}",
        recipient=str(card.intent.user_id),
        text=presenter.trade_card(card),
        edits=key,
        silent=True,
    )


def _reply(presenter: Presenter, card: TradeCard, news: News, progress: int) -> OutgoingMessage:
    key = card_key(card.intent.id)
    return OutgoingMessage(
        key=f"{key}:{news.kind}:{_number(news, progress)}",
        recipient=str(card.intent.user_id),
        text=presenter.trade_news(card, news),
        replies_to=key,
    )


def _number(news: News, progress: int) -> int:
    """Tells apart what can happen more than once."""
    if news.kind is NewsKind.TARGET_FILLED:
        return news.rung
    return 0 if news.kind in _ONCE else progress
