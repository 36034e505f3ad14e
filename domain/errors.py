"""Errors, grouped by what the catcher does about them.

QuorumError
├── ConfigurationError     refuse to start; the text says which key and what is allowed
├── InvalidDataError       foreign data that does not make sense; skip it, count it, keep the rest
├── StaleDataError         data too old or incomplete to decide on; skip this pair this time
├── TemporaryVenueError    the venue did not answer as it should; retry with back-off
│   └── RateLimitedError   stop every request until `retry_after_seconds` have passed
├── VenueRefusedError      the venue understood and said no; do not retry
├── FeedError              a provider of outside data gave no useful answer; go on without it
├── StorageUnavailableError  the database or Redis is away; nothing was kept, try again later
├── ConflictError          somebody else changed the same row; redo the unit of work
└── NotFoundError          what was asked for does not exist; tell the asker
"""


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
    """The venue asks for silence (HTTP 429 or 418)."""

    def __init__(self, message: str, retry_after_seconds: float) -> None:
        super().__init__(message)
        self.retry_after_seconds = retry_after_seconds


class VenueRefusedError(QuorumError):
    """The venue refused the request for a reason that will not go away."""


class FeedError(QuorumError):
    """A provider of outside data gave no useful answer."""


class StorageUnavailableError(QuorumError):
    """The database or Redis is away, full or set up wrongly."""


class ConflictError(QuorumError):
    """A concurrent change won."""


class NotFoundError(QuorumError):
    """The thing asked for does not exist."""
