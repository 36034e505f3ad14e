"""What a trader asked for on one signal: written down before anything is sent."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Final

from domain.instruments import Instrument
from domain.plans import TradePlan
from domain.transitions import Transitions

_EPOCH: Final = datetime(2026, 1, 1, tzinfo=UTC)


def number_at(at: datetime, next_number: int) -> int:
    """Number of an intent made at `at`: `next_number`, or the seconds since 2026 if they are more.

    Orders are named after it, and a venue keeps names that the database may not know: it may have
    been restored from a backup. Counted on from there, a new order would have the name of one that
    is still open. Nine digits, which is what a name has room for, last until 2057.
    """
    return max(next_number, int((at - _EPOCH).total_seconds()))


class IntentState(StrEnum):
    """Where an intent stands."""

    OFFERED = "offered"
    """The confirmation is shown, nothing is sent."""
    CONFIRMED = "confirmed"
    """The trader said yes: its position is opening."""
    ENTERED = "entered"
    """There is, or was, a position."""
    DECLINED = "declined"
    LAPSED = "lapsed"
    """Nobody confirmed while the entry window was open."""
    REFUSED = "refused"
    """Checks at confirmation, or the venue, said no."""
    MISSED = "missed"
    """The entry was not filled in time, or cancelled before it was."""


class IntentEvent(StrEnum):
    """What moves an intent on."""

    CONFIRM = "confirm"
    DECLINE = "decline"
    LAPSE = "lapse"
    REFUSE = "refuse"
    ENTER = "enter"
    MISS = "miss"


INTENT_TRANSITIONS: Final = Transitions[IntentState, IntentEvent](
    "intent",
    {
        IntentState.OFFERED: {
            IntentEvent.CONFIRM: IntentState.CONFIRMED,
            IntentEvent.DECLINE: IntentState.DECLINED,
            IntentEvent.LAPSE: IntentState.LAPSED,
            IntentEvent.REFUSE: IntentState.REFUSED,
        },
        IntentState.CONFIRMED: {
            IntentEvent.ENTER: IntentState.ENTERED,
            IntentEvent.REFUSE: IntentState.REFUSED,
            IntentEvent.MISS: IntentState.MISSED,
        },
    },
)


class EntryStyle(StrEnum):
    """How a position is entered."""

    MARKET = "market"
    LIMIT = "limit"
    POST_ONLY = "post-only"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intent:
    """One trader's wish to take one signal with one account.

    At most one intent per signal and account is OFFERED, CONFIRMED or ENTERED: that guards against
    double presses. `user_id` is who pressed and where progress is told. `plan` is the signal's plan
    sized for this account in full; `share` in (0, 1] of it was chosen, which makes `quantity` (on
    the step grid, base units). `leverage` is whole. `expires_at` ends the entry window. `reason`
    says why it was refused or missed.
    """

    id: int
    signal_id: int
    account: str
    user_id: int
    instrument: Instrument
    plan: TradePlan
    style: EntryStyle
    share: Decimal
    quantity: Decimal
    leverage: int
    state: IntentState
    created_at: datetime
    expires_at: datetime
    reason: str = ""

    def after(self, event: IntentEvent, reason: str = "") -> "Intent":
        """The intent one step on. Raises `IllegalTransitionError`."""
        state = INTENT_TRANSITIONS.after(self.state, event)
        return replace(self, state=state, reason=reason or self.reason)


OPEN_INTENTS: Final = frozenset({IntentState.OFFERED, IntentState.CONFIRMED, IntentState.ENTERED})
"""States of which there is at most one per signal and account."""
