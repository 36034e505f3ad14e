"""What stands behind a command, parsed strictly: whatever does not fit is None."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from engine.reports import Period
from engine.statistics.values import Dimension

_SIGNAL: Final = re.compile(r"#?([1-9][0-9]{0,8})")
_PAIR: Final = re.compile(r"[A-Za-z0-9]{1,20}(?:[/-][A-Za-z0-9]{1,6})?")
_DEEP_LINK: Final = re.compile(r"(why|chart|exec)[_-]([1-9][0-9]{0,8})")
_DAYS: Final = re.compile(r"[1-9][0-9]{0,3}")
_MOST_DAYS: Final = 3650
_NAMED_DAYS: Final[Mapping[str, int | None]] = {"day": 1, "week": 7, "month": 30, "all": None}


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookback:
    """How many days back from now, None for all time."""

    days: int | None


ALL_TIME: Final = Lookback(days=None)


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


def parse_lookback(text: str | None, *, default: Lookback) -> Lookback | None:
    """ "day", "week", "month", "all" or a number of days; the default where nothing is said."""
    word = (text or "").strip().lower()
    if not word:
        return default
    if word in _NAMED_DAYS:
        return Lookback(days=_NAMED_DAYS[word])
    days = parse_days(word)
    return None if days is None else Lookback(days=days)


def parse_statistics(
    text: str | None, *, default: Lookback
) -> tuple[Dimension | None, Lookback] | None:
    """ "pair week": what to tell apart by, None for nothing, and how far back; either is free."""
    first, _, rest = (text or "").strip().lower().partition(" ")
    dimension = Dimension(first) if first in set(Dimension) else None
    lookback = parse_lookback(text if dimension is None else rest, default=default)
    return None if lookback is None else (dimension, lookback)


def parse_period(text: str | None) -> Period | None:
    """ "day", "week" or "month"; a day where nothing is said."""
    word = (text or "").strip().lower()
    if not word:
        return Period.DAY
    return Period(word) if word in set(Period) else None


def parse_deep_link(text: str | None) -> tuple[str, int] | None:
    """The payload of a start link: "why_12" as ("why", 12)."""
    found = _DEEP_LINK.fullmatch(text or "")
    return (found[1], int(found[2])) if found else None


def chart_link(username: str, signal_id: int) -> str:
    """The link that opens a private chat with the bot and asks for a chart there."""
    return f"https://t.me/{username}?start=chart_{signal_id}"


def execution_link(username: str, signal_id: int) -> str:
    """The link that opens a private chat with the bot and asks to execute a signal there."""
    return f"https://t.me/{username}?start=exec-{signal_id}"
