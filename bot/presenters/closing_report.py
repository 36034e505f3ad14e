"""What a wish to close led to: what is being closed, what was called off, what failed."""

from collections.abc import Iterable

from bot.presenters.figures import quantity
from bot.presenters.markup import bold, quote
from bot.presenters.page import Line, fit
from bot.presenters.trade_wording import explained
from bot.presenters.wording import heading
from domain.orders import VenuePosition
from engine.execution.requests import Closing

CLOSE_USAGE = "Which one? For example /close BTC. /close_all closes everything."

_SYMBOL_UNITS = 32


def render_closing(closing: Closing, scope: str) -> str:
    """`scope` says whose trades were meant, as HTML; failures are told in full."""
    lines = [
        *_named("🏁 Closing at market", closing.closing),
        *_named("🚫 Called off", closing.cancelled),
        *_direct(closing.direct),
        *(Line(f"❗ {explained(failure)}", spare=1) for failure in closing.failures),
    ]
    if not lines:
        return f"🌙 {bold(scope)}: nothing to close or to call off."
    return fit([Line(bold(scope)), *lines])


def _named(words: str, pairs: Iterable[str]) -> list[Line]:
    return [Line(f"{words}: {quote(pair, _SYMBOL_UNITS)}", spare=2) for pair in pairs]


def _direct(positions: Iterable[VenuePosition]) -> list[Line]:
    return [
        Line(
            f"🆘 Closed straight on the exchange: {heading(each.direction)}"
            f" {quote(each.symbol, _SYMBOL_UNITS)} {quantity(each.quantity)}",
            spare=2,
        )
        for each in positions
    ]
