"""What stands behind a command about trades, parsed strictly: whatever does not fit is None."""

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from bot.arguments import parse_pair
from domain.accounts import ExecutionMode

_QUOTE: Final = "USDT"
_SHARE: Final = re.compile(r"([0-9]{1,3}(?:[.,][0-9]{1,2})?) ?%?", re.ASCII)
_LIKE_A_SHARE: Final = re.compile(r"[+-]?[0-9.,]+ ?%?", re.ASCII)
_COUNT: Final = re.compile(r"[1-9][0-9]?")
_CREDENTIAL: Final = re.compile(r"[!-~]{8,512}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a trader wants to risk: a share in (0, 1] of the operator's risk per trade, and the
    most positions at once (None: as the operator's limit).
    """

    risk_share: Decimal
    maximum_positions: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Credentials:
    """An exchange's key. Never shown, not even by accident."""

    key: str
    secret: str

    def __repr__(self) -> str:
        """Without the key."""
        return "Credentials(***)"


def parse_symbol(text: str | None) -> str | None:
    """The venue's id of a pair: "BTC", "btcusdt" and "BTC/USDT" as "BTCUSDT"."""
    pair = parse_pair(text)
    if pair is None:
        return None
    symbol = pair.upper().replace("/", "").replace("-", "")
    return symbol if symbol.endswith(_QUOTE) else symbol + _QUOTE


def looks_like_share(text: str) -> bool:
    """Whether somebody means a percentage, be it a wrong one: "35%", "35", "150", "-3,5 %"."""
    return _LIKE_A_SHARE.fullmatch(text.strip()) is not None


def parse_share(text: str) -> Decimal | None:
    """A percentage from 1 to 100 as a share in (0, 1]: "35%", "35", "12.5", "12,5 %"."""
    found = _SHARE.fullmatch(text.strip())
    if found is None:
        return None
    percent = Decimal(found[1].replace(",", "."))
    return percent / 100 if 1 <= percent <= 100 else None


def parse_limits(text: str | None) -> Limits | None:
    """ "50% 3": half the operator's risk, three positions at most; the second is free."""
    share_text, _, count_text = (text or "").strip().partition(" ")
    share, count = parse_share(share_text), count_text.strip()
    if share is None or (count and not _COUNT.fullmatch(count)):
        return None
    return Limits(risk_share=share, maximum_positions=int(count) if count else None)


def parse_mode(text: str | None) -> ExecutionMode | None:
    """ "off", "paper" or "live"."""
    word = (text or "").strip().lower()
    return ExecutionMode(word) if word in set(ExecutionMode) else None


def parse_credentials(text: str | None) -> Credentials | None:
    """Key and secret, separated by blanks or a line break."""
    words = (text or "").split()
    if len(words) != 2 or not all(_CREDENTIAL.fullmatch(word) for word in words):
        return None
    return Credentials(key=words[0], secret=words[1])
