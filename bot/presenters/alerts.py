"""Alerts to operators: a breaker tripped, a message is in doubt, a message cannot be delivered."""

from bot.presenters.markup import bold, quote, render_plain
from bot.presenters.wording import sentence
from domain.messages import OutgoingMessage

_REASON_UNITS = 300
_EXCERPT_UNITS = 200


def render_breaker_alert(text: str) -> str:
    """A breaker tripped; `text` says which, why and what releases it."""
    return f"🚨 {bold('Breaker')}\n{quote(text, _REASON_UNITS)}"


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
