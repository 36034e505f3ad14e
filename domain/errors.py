"""Errors, grouped by what the catcher does about them.

QuorumError
├── ConfigurationError     refuse to start; the text says which key and what is allowed
├── InvalidDataError       foreign data that does not make sense; skip it, count it, keep the rest
├── StaleDataError         data too old or incomplete to decide on; skip this pair this time
├── TemporaryVenueError    the venue did not answer as it should; retry with back-off
│   ├── RateLimitedError   stop every request until `retry_after_seconds` have passed
│   │   └── OrderLimitError  place no orders until then; all else goes on
│   └── OutcomeUnknownError  an order may or may not have been carried out; ask, never guess
├── VenueRefusedError      the venue understood and said no; do not retry
│   ├── OrderRefusedError  it refused an order: `refusal` says what to do about it
│   └── AccessRefusedError the key, its address or its permissions; stop trading, alert
├── IllegalTransitionError a state machine was asked for what is not in its table; a mistake of ours
├── FeedError              a provider of outside data gave no useful answer; go on without it
├── StorageUnavailableError  the database or Redis is away; nothing was kept, try again later
├── NotifyingError         no other channel took a notice; try again a few times, then drop it
├── ConflictError          somebody else changed the same row; redo the unit of work
└── NotFoundError          what was asked for does not exist; tell the asker
"""

from enum import StrEnum


class QuorumError(Exception):
    """Root of every error that Quorum raises on purpose."""


class ConfigurationError(QuorumError):
    """A setting is missing, unknown or out of range."""


class InvalidDataError(QuorumError):
    """Data from outside breaks the rules of its type."""


class StaleDataError(QuorumError):
    """Data is too old or incomplete for a decision."""


class TemporaryVenueError(QuorumError):
    """The venue failed in a way that a later attempt may mend."""


class RateLimitedError(TemporaryVenueError):
    """The venue asks for silence (HTTP 429, 418 or 403)."""

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class OrderLimitError(RateLimitedError):
    """The venue takes no more orders for a while, though other requests may pass."""


class OutcomeUnknownError(TemporaryVenueError):
    """A request that changes something was sent, and nobody knows what came of it.

    Every other `TemporaryVenueError` of such a request says that it was certainly not carried out.
    """


class VenueRefusedError(QuorumError):
    """The venue refused the request for a reason that will not go away."""


class Refusal(StrEnum):
    """Why a venue refused an order, by what is to be done about it."""

    MARGIN = "not enough margin"
    WOULD_TRIGGER = "the stop would trigger at once"
    NOTHING_TO_REDUCE = "there is nothing to reduce"
    WOULD_TAKE = "a post-only order would take"
    DUPLICATE_ID = "an order with this id is open"
    UNKNOWN_ORDER = "the venue does not know the order"
    TOO_SMALL = "below the venue's minimum"
    TOO_LARGE = "above the venue's maximum at this leverage"
    THIN_BOOK = "no price near the mark in a thin book"
    TOO_MANY = "too many open orders"
    WRONG_MODE = "the position side does not fit the account's mode"
    MALFORMED = "price, quantity or type is not what the venue takes"
    OTHER = "another reason"


class OrderRefusedError(VenueRefusedError):
    """The venue refused an order, or the cancelling of one, for good."""

    def __init__(self, message: str, refusal: Refusal) -> None:
        super().__init__(message)
        self.refusal = refusal


class AccessRefusedError(VenueRefusedError):
    """The venue refuses the key, the address it is used from, or what it is used for."""


class IllegalTransitionError(QuorumError):
    """A state machine has no such transition."""


class FeedError(QuorumError):
    """A provider of outside data gave no useful answer."""


class StorageUnavailableError(QuorumError):
    """The database or Redis is away, full or set up wrongly."""


class ConflictError(QuorumError):
    """A concurrent change won."""


class NotFoundError(QuorumError):
    """The thing asked for does not exist."""


class NotifyingError(QuorumError):
    """No way to tell operators, other than Telegram, took a notice."""
