"""What leaves for people: messages as values, before anyone knows how they are delivered."""

from dataclasses import dataclass
from enum import StrEnum

CHANNEL = "channel"
"""Recipient of public posts. Any other recipient is a numeric chat id as text."""


class Action(StrEnum):
    """What a button under a message asks for."""

    WHY = "why"
    CHART = "chart"
    RESEND = "resend"
    ARRIVED = "arrived"
    EXECUTE = "execute"
    CONFIRM = "confirm"
    HALF = "half"
    FULL = "full"
    CUSTOM = "custom"
    DECLINE = "decline"


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """A button: its label, what it asks, and about what.

    `subject` is a signal's id for WHY, CHART and EXECUTE, an outbox row's id for RESEND and
    ARRIVED, an intent's id for the others.
    """

    label: str
    action: Action
    subject: int


@dataclass(frozen=True, slots=True, kw_only=True)
class OutgoingMessage:
    """A message to be delivered once, or a new full text for one sent earlier.

    `key` is unique over everything ever sent. `edits` names the key of the message whose text this
    one replaces (then it is an edit), `replies_to` the key of the message to reply to. `text` is
    Telegram HTML with everything from outside escaped. `silent` arrives without a sound.
    """

    key: str
    recipient: str
    text: str
    buttons: tuple[Button, ...] = ()
    replies_to: str | None = None
    edits: str | None = None
    silent: bool = False
