"""The confirmation of a trade: what is bought, what it binds, what it may cost at worst."""

from collections.abc import Mapping
from typing import Final

from bot.presenters.figures import percent, price, signed_percent
from bot.presenters.markup import bold, code
from bot.presenters.page import Line, blank
from bot.presenters.setup import gain_percent
from bot.presenters.trade_wording import in_base, in_quote, share_words
from bot.presenters.wording import sentence
from domain.directions import Direction
from domain.intents import EntryStyle, Intent
from engine.execution.values import TradeCard

_VERBS: Final[Mapping[Direction, str]] = {Direction.LONG: "Buy", Direction.SHORT: "Sell"}
_STYLES: Final[Mapping[EntryStyle, str]] = {
    EntryStyle.MARKET: "at market, at once",
    EntryStyle.LIMIT: "limit order at this price",
    EntryStyle.POST_ONLY: "post-only at the best price, follows the market",
}


def offer_lines(card: TradeCard) -> list[Line]:
    """Size and money first, then the levels."""
    return [
        *size_lines(card),
        blank(),
        *_level_lines(card.intent),
        *shrink_lines(card.intent),
    ]


def shrink_lines(intent: Intent) -> list[Line]:
    """What made the trade smaller than its owner might expect."""
    return [Line(f"🔽 Smaller: {sentence(words)}", spare=1) for words in intent.plan.shrinks]


def size_lines(card: TradeCard) -> list[Line]:
    """What is bought or sold, the margin it binds, the worst loss and the fees."""
    intent, pair = card.intent, card.intent.instrument
    verb = _VERBS[intent.plan.direction]
    return [
        Line(
            f"📐 {bold(f'{verb} {in_base(intent.quantity, pair)}')}"
            f" = {in_quote(card.notional, pair)} · {share_words(intent.share)}"
        ),
        Line(f"🏦 Margin {in_quote(card.margin, pair)} at {intent.leverage}×, isolated"),
        Line(
            f"🔻 Worst loss {bold(in_quote(card.worst_loss, pair))}{_of_equity(card)}, with costs"
        ),
        Line(f"🧾 Fees about {in_quote(card.fees, pair)}, both ways"),
    ]


def _of_equity(card: TradeCard) -> str:
    if card.equity <= 0:
        return ""
    return f" = {percent(card.worst_loss / card.equity * 100, 2)} of equity"


def _level_lines(intent: Intent) -> list[Line]:
    plan, pair = intent.plan, intent.instrument
    stop = f"⛔ Stop  {code(price(plan.stop, pair))}"
    targets = [
        Line(
            f"🎯 TP{number}  {code(price(target.price, pair))}"
            f" ({signed_percent(gain_percent(plan, target.price))})"
            f" · closes {percent(target.fraction * 100)}"
        )
        for number, target in enumerate(plan.targets, 1)
    ]
    return [
        Line(f"🔹 Entry  {code(price(plan.entry, pair))} · {_STYLES[intent.style]}"),
        Line(f"{stop} ({signed_percent(gain_percent(plan, plan.stop))})"),
        *targets,
    ]
