"""Alerts to operators: breakers, trading, messages in doubt and messages that cannot arrive."""

from bot.presenters.markup import bold, quote, render_plain
from bot.presenters.wording import sentence
from domain.messages import OutgoingMessage

_REASON_UNITS = 300
_EXCERPT_UNITS = 200
_TRADING_UNITS = 900
"""How to mend it stands at the end, behind what the exchange said."""


def render_breaker_alert(text: str) -> str:
    """A breaker tripped; `text` says which, why and what releases it."""
    return f"🚨 {bold('Breaker')}\n{quote(text, _REASON_UNITS)}"


def render_trading_alert(text: str) -> str:
    """Something about accounts, orders or positions that an operator has to know."""
    return f"🚨 {bold('Trading')}\n{quote(text, _TRADING_UNITS)}"


def doubt_question(message: OutgoingMessage) -> str:
    """Asks whether a message has arrived whose sending was interrupted."""
    return (
        f"❓ {bold('Did this message arrive?')}\n"
        f"The connection broke after it was handed to Telegram: {_excerpt(message)}\n\n"
        "Please look. It is sent again only if you say so; a doubled signal costs money."
    )


def undelivered_alert(message: OutgoingMessage, reason: str) -> str:
    """Tells that a message will never arrive, and why."""
    return (
        f"❗ {bold('Not delivered')} to {sentence(message.recipient)}:"
        f" {quote(reason, _REASON_UNITS)}\n{_excerpt(message)}"
    )


def markup_alert(message: OutgoingMessage, reason: str) -> str:
    """Tells that a message went out as plain text because Telegram refused its markup."""
    return (
        f"❗ {bold('Sent without formatting')}: {quote(reason, _REASON_UNITS)}\n"
        f"{quote(message.key, _EXCERPT_UNITS)}"
    )


def _excerpt(message: OutgoingMessage) -> str:
    return quote(render_plain(message.text), _EXCERPT_UNITS)
