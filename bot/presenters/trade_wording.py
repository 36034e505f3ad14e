"""Words that all messages about somebody's trade share: whose money, how much, in which coin."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from bot.presenters.figures import amount, percent, quantity
from bot.presenters.markup import quote
from bot.presenters.wording import heading, pair
from domain.accounts import OPERATOR, ExecutionMode
from domain.instruments import Instrument
from domain.intents import Intent

BADGES: Final[Mapping[ExecutionMode, str]] = {
    ExecutionMode.OFF: "💤 OFF",
    ExecutionMode.PAPER: "🧪 PAPER",
    ExecutionMode.LIVE: "💵 LIVE",
}
"""How a mode is marked wherever it is shown."""

_ACCOUNTS: Final[Mapping[str, str]] = {
    OPERATOR: "operator's account",
    "paper": "paper account",
    "trader": "connected account",
}
"""By what stands before the colon of an account's name."""

_ACCOUNT_UNITS: Final = 32
_REASON_UNITS: Final = 600
_COIN_UNITS: Final = 16


def trade_title(intent: Intent) -> str:
    """Direction and pair as HTML: "🟢 LONG BTC/USDT"."""
    return f"{heading(intent.plan.direction)} {pair(intent.instrument)}"


def trade_reference(intent: Intent) -> str:
    """Direction, pair and signal as HTML: "🟢 LONG BTC/USDT #12"."""
    return f"{trade_title(intent)} #{intent.signal_id}"


def account_words(account: str) -> str:
    """An account as its owner knows it, as HTML: "paper account"."""
    return _ACCOUNTS.get(account.partition(":")[0], quote(account, _ACCOUNT_UNITS))


def account_of_whom(account: str) -> str:
    """An account with its owner's user id where it has one, as HTML: "paper account of 4711"."""
    owner = account.partition(":")[2]
    whose = f" of {quote(owner, _ACCOUNT_UNITS)}" if owner else ""
    return f"{account_words(account)}{whose}"


def explained(text: str) -> str:
    """A reason together with how to mend it, as HTML on one line."""
    return quote(text, _REASON_UNITS)


def in_base(value: Decimal, instrument: Instrument) -> str:
    """A quantity with its coin, as HTML: "0.186 BTC"."""
    return f"{quantity(value)} {quote(instrument.base, _COIN_UNITS)}"


def in_quote(value: Decimal, instrument: Instrument) -> str:
    """An amount of money with its coin, as HTML: "11 943.15 USDT"."""
    return f"{amount(value)} {quote(instrument.quote, _COIN_UNITS)}"


def gained(value: Decimal, instrument: Instrument) -> str:
    """A result with its sign and coin, as HTML: "+23.10 USDT"."""
    settled = round(value, 2) + 0
    sign = "+" if settled >= 0 else ""
    return f"{sign}{in_quote(settled, instrument)}"


def share_words(share: Decimal) -> str:
    """Which part of the full size was chosen."""
    return "full size" if share == 1 else f"{share_percent(share)} of the full size"


def share_percent(share: Decimal) -> str:
    """A share as it was typed: "35%", "12.5%"."""
    value = (share * 100).normalize()
    places = 0 if value == value.to_integral_value() else 2
    return percent(value, places)
