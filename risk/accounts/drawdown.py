"""The drawdown ladder of one account's day: the same steps as the whole system's, own latches."""

from datetime import datetime
from typing import Final

from domain.breakers import Latch
from risk.breakers.drawdown import CLOSE_ALL_STEP, DRAWDOWN, LATCHING_STEP
from risk.day import DayResult

_PREFIX: Final = f"{DRAWDOWN}:"
_CONSEQUENCES: Final = (
    "take care",
    "no new trades, the worse half is being closed",
    "no new trades, everything is being closed",
    "the day is over: no new trades, everything is being closed",
)
_BLOCKED_ONLY: Final = "no new trades"
"""All that is left to do about a day that is over."""


def latch_name(account: str) -> str:
    """Under which name an account's latch is kept; it is released as every latch is."""
    return f"{_PREFIX}{account}"


def account_latch(
    account: str, step: int, day: DayResult, now: datetime, *, is_over: bool = False
) -> Latch:
    """The latch of a step, 1 to 4, that the certain part of an account's day has reached."""
    consequence = _BLOCKED_ONLY if is_over else _CONSEQUENCES[step - 1]
    text = (
        f"{account_prefix(account)}{day.day} stands at {day.certain_percent:+.2f} % of equity: "
        f"{consequence}"
    )
    return Latch(breaker=latch_name(account), level=step, tripped_at=now, text=text)


def account_prefix(account: str) -> str:
    """How the text of a latch says whose it is; its owner need not be told."""
    return f"account {account}: "


def count_to_close(step: int, *, live: int, closing: int, gone: int) -> int:
    """How many more positions a step wants closed.

    `live` positions are not closed yet, `closing` of them are being closed; `gone` have ended since
    the step was reached. What has gone or is going counts, so asking again asks for nothing twice.
    """
    if step < LATCHING_STEP:
        return 0
    held = live + gone
    wanted = held if step >= CLOSE_ALL_STEP else (held + 1) // 2
    return max(0, min(wanted - gone, live) - closing)
