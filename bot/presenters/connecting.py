"""What is said about a trader's own account: which key to make, what came of it, its limits."""

from typing import Final

from bot.presenters.figures import amount
from bot.presenters.markup import bold, code
from bot.presenters.trade_wording import account_words, explained, share_percent
from domain.accounts import Account
from domain.counting import many
from engine.execution.requests import Connected

CONNECT_HELP: Final = "\n".join(
    (
        f"🔑 {bold('Connect your own account')}",
        "",
        "1 On the exchange make a new API key, for this bot alone.",
        f"2 Allow reading and {bold('futures')} trading.",
        f"3 Leave {bold('withdrawals OFF')}: a key that may withdraw is refused.",
        "4 Restrict it to the IP address of this bot; its operator tells you which.",
        "5 Send it here, in this private chat:",
        code("/connect KEY SECRET"),
        "",
        "I delete that message at once, keep the key encrypted and never show it again.",
        "Your other devices may have seen it for a moment; when in doubt, make a new key.",
        "/disconnect erases it.",
    )
)
"""The answer to /connect alone."""

CONNECT_MALFORMED: Final = (
    f"That was no key and secret. {code('/connect KEY SECRET')}, both in one message, with a blank"
    " between them. /connect alone explains which key to make."
)
CONNECT_IN_PRIVATE: Final = (
    "🔒 Never send a key where others can read it. Delete that key on the exchange, make a new"
    " one, and send /connect to me in private chat."
)
KEY_MESSAGE_DELETED: Final = "🧹 I have deleted your message with the key."
KEY_MESSAGE_REMAINS: Final = (
    f"⚠️ {bold('I could not delete your message with the key.')} Please delete it yourself, now."
)
KEY_NOT_USED: Final = (
    f"I have not used it. {code('/connect KEY SECRET')} connects an account: as a new message of"
    " your own, in private chat with me."
)
CONNECT_FORWARDED: Final = (
    "🔒 Not used: a key that was forwarded has been read elsewhere. Delete it on the exchange, make"
    " a new one, and type /connect here yourself."
)
DISCONNECTED: Final = (
    "🔌 Disconnected. Your key is erased here; delete it on the exchange, too, and nobody can use"
    " it any more.\nIn mode live your presses would be executed on the operator's account from now"
    " on; every offer says whose account it is for."
)
NOT_CONNECTED: Final = "No account of yours is connected. /connect explains how."
LIMITS_USAGE: Final = (
    "How much? /limits 50 takes half of the operator's risk per trade, /limits 50 3 also holds at"
    " most 3 positions at once."
)


def render_connected(connected: Connected) -> str:
    """An account was connected, or its key replaced."""
    what = "Your account is connected" if connected.is_new else "Your key is replaced"
    return (
        f"✅ {bold(what)} · equity {amount(connected.equity)} USDT\n"
        "In mode live your presses are executed there. /limits sets how much you risk."
    )


def render_not_disconnected(reason: str) -> str:
    """A key that is still needed; `reason` says for what."""
    return f"⛔ {bold('Still connected')}: {explained(reason)}"


def render_limits(account: Account) -> str:
    """What a trader's trades are limited to from now on."""
    most = account.maximum_positions
    positions = "as many positions as the operator" if most is None else _at_most(most)
    return (
        f"✅ {bold('Limits set')} for your {account_words(account.name)}\n"
        f"{share_percent(account.risk_share)} of the operator's risk per trade, {positions}."
    )


def _at_most(positions: int) -> str:
    return f"at most {many(positions, 'position')} at once"
