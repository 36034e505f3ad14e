"""What stands behind a command, parsed strictly: whatever does not fit is None."""

import re
from typing import Final

_SIGNAL: Final = re.compile(r"#?([1-9][0-9]{0,8})")
_PAIR: Final = re.compile(r"[A-Za-z0-9]{1,20}(?:[/-][A-Za-z0-9]{1,6})?")
_DEEP_LINK: Final = re.compile(r"(why|chart)_([1-9][0-9]{0,8})")
_DAYS: Final = re.compile(r"[1-9][0-9]{0,3}")
_MOST_DAYS: Final = 3650


def parse_signal_id(text: str | None) -> int | None:
    """ "12" or "#12"."""
    found = _SIGNAL.fullmatch((text or "").strip())
    return int(found[1]) if found else None


def parse_pair(text: str | None) -> str | None:
    """ "BTC", "BTCUSDT", "BTC/USDT"."""
    found = _PAIR.fullmatch((text or "").strip())
    return found[0] if found else None


def parse_days(text: str | None) -> int | None:
    """A number of days from 1 to 3650."""
    found = _DAYS.fullmatch((text or "").strip())
    return int(found[0]) if found and int(found[0]) <= _MOST_DAYS else None


def parse_deep_link(text: str | None) -> tuple[str, int] | None:
    """The payload of a start link: "why_12" as ("why", 12)."""
    found = _DEEP_LINK.fullmatch(text or "")
    return (found[1], int(found[2])) if found else None


def chart_link(username: str, signal_id: int) -> str:
    """The link that opens a private chat with the bot and asks for a chart there."""
    return f"https://t.me/{username}?start=chart_{signal_id}"
