"""What the delivery worker needs from whoever carries messages, and how carrying can fail.

DeliveryError
├── RetryLaterError      not accepted; the carrier says how long to wait
├── NotConnectedError    never left this machine; safe to repeat
├── OutcomeUnknownError  handed over, but no answer: it may have arrived
├── MarkupRefusedError   not accepted; the text's markup cannot be parsed
└── UndeliverableError   not accepted, and never will be
"""

from typing import Protocol

from domain.errors import QuorumError
from domain.messages import OutgoingMessage


class DeliveryError(QuorumError):
    """A message was not, or not surely, delivered."""


class RetryLaterError(DeliveryError):
    """The carrier asks for a pause in this chat."""

    def __init__(self, message: str, seconds: float) -> None:
        super().__init__(message)
        self.seconds = seconds


class NotConnectedError(DeliveryError):
    """There was no connection, so nothing was sent."""


class OutcomeUnknownError(DeliveryError):
    """The request went out and no usable answer came back."""


class MarkupRefusedError(DeliveryError):
    """The carrier cannot read the markup of the text."""


class UndeliverableError(DeliveryError):
    """The carrier refused for a reason that will not go away by itself."""


class Messenger(Protocol):
    """Carries messages. Every method raises `DeliveryError`."""

    async def send(self, message: OutgoingMessage, *, reply_to: int | None) -> int:
        """Send a new message, as a reply if told so; the carrier's number for it."""

    async def edit(self, message: OutgoingMessage, message_id: int) -> None:
        """Replace text and buttons of an earlier message. Repeating it does no harm."""

    async def check(self) -> None:
        """Ask for nothing but an answer."""
