"""What a user reads when a use case fails: one sentence per kind of error, no inner detail."""

from typing import Final

from bot.presenters.conversation import (
    ALREADY_SETTLED,
    FAILED,
    KEY_REFUSED,
    NOT_FOUND,
    STORAGE_AWAY,
    TRY_LATER,
)
from domain.errors import (
    AccessRefusedError,
    ConflictError,
    NotFoundError,
    QuorumError,
    StaleDataError,
    StorageUnavailableError,
    TemporaryVenueError,
    VenueRefusedError,
)

_WORDS: Final[tuple[tuple[type[QuorumError], str], ...]] = (
    (NotFoundError, NOT_FOUND),
    (ConflictError, ALREADY_SETTLED),
    (StaleDataError, TRY_LATER),
    (TemporaryVenueError, TRY_LATER),
    (AccessRefusedError, KEY_REFUSED),
    (VenueRefusedError, TRY_LATER),
    (StorageUnavailableError, STORAGE_AWAY),
)
"""The first kind that fits."""


def is_expected(error: BaseException) -> bool:
    """Whether an error belongs to daily life and needs no traceback."""
    if isinstance(error, StorageUnavailableError):
        return False
    return any(isinstance(error, kind) for kind, _ in _WORDS)


def words_for(error: BaseException) -> str:
    """The sentence for an error."""
    return next((words for kind, words in _WORDS if isinstance(error, kind)), FAILED)
