"""What the bot says about trades besides their cards: answers to presses, and refusals."""

from collections.abc import Mapping
from typing import Final

from bot.presenters.figures import clock_time
from bot.presenters.markup import bold
from bot.presenters.trade_wording import in_base, share_words, trade_reference
from domain.intents import Intent, IntentState

TRADERS_ONLY: Final = (
    "🔒 Trading is for traders whom the operator of this bot has named. Signals are for everybody."
)
TRADE_IN_PRIVATE: Final = "🔒 Commands about your trades work in a private chat with me only."
CHECKING: Final = "⚡ Checking. See our private chat."
CONFIRMING: Final = "⏳ Checked once more, then sent. The card tells how it goes."
PRESS_TOO_OLD: Final = (
    "⌛ Your press reached me too late, so I did nothing. Press again if you still want it."
)
NO_OFFER: Final = "No trade waits for your confirmation."
BAD_PERCENTAGE: Final = "That is no percentage I can use: 1 to 100, for example 35% or 12.5"

_REPEATED: Final[Mapping[IntentState, str]] = {
    IntentState.OFFERED: "waits for your confirmation in its card above",
    IntentState.CONFIRMED: "is being entered, its card above tells how it goes",
    IntentState.ENTERED: "was executed already, its card above tells how it goes",
}


def repeated(intent: Intent) -> str:
    """The answer to a second press on *execute*."""
    words = _REPEATED.get(intent.state, "was settled already")
    return f"☝️ {trade_reference(intent)} {words}. Nothing new was done."


def resized(intent: Intent) -> str:
    """The answer to a choice of size."""
    size = bold(in_base(intent.quantity, intent.instrument))
    share = share_words(intent.share)
    return f"📐 {trade_reference(intent)}: {size}, {share}. Nothing is sent yet."


def declined(intent: Intent) -> str:
    """The answer to *decline*."""
    return f"🚫 {trade_reference(intent)}: declined, nothing was sent."


def share_question(intent: Intent) -> str:
    """Asks for a percentage of the full size."""
    return (
        f"✏️ {trade_reference(intent)}: which part of the full size? Write a percentage from 1 to"
        f" 100, for example 35%. Until {clock_time(intent.expires_at)}."
    )


def not_newest(newest: Intent) -> str:
    """A percentage counts for the newest offer, and the button was under another one."""
    offer = trade_reference(newest)
    return f"A percentage counts for your newest offer, {offer}. Settle that one first."
