"""What the portfolio watch says about followed signals: advice, never a step of their course."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from enum import StrEnum


class WatchWarning(StrEnum):
    """What was noticed. A long and a short mirror each other in each of them."""

    TURN = "turn"
    """The pair turns against the trade: a dump under a long, a squeeze above a short."""
    LEADER = "leader"
    """The market leader moves against the trade, and the pair moves with it."""
    HEALTH = "health"
    """The open trades together are in poor health."""
    DRAWDOWN = "drawdown"
    """The day's result has reached a step of the drawdown ladder."""


class AdvisedAction(StrEnum):
    """What the watch would do."""

    CLOSE = "close"
    TIGHTEN = "tighten"
    NO_NEW_TRADES = "no new trades"


@dataclass(frozen=True, slots=True, kw_only=True)
class Advice:
    """One piece of advice.

    `signal_id` is None where it is about the whole portfolio. `reasons` are told to people, the
    strongest first. `stop` is the price that a tightened stop would move to, None otherwise.
    """

    warning: WatchWarning
    action: AdvisedAction
    at: datetime
    reasons: tuple[str, ...]
    signal_id: int | None = None
    stop: Decimal | None = None
