"""What a user reads when a use case fails: one sentence per kind of error, no inner detail."""

from typing import Final

from bot.presenters.conversation import ALREADY_SETTLED, FAILED, NOT_FOUND, TRY_LATER
from domain.errors import (
    ConflictError,
    NotFoundError,
    QuorumError,
    StaleDataError,
    TemporaryVenueError,
    VenueRefusedError,
)

_WORDS: Final[tuple[tuple[type[QuorumError], str], ...]] = (
    (NotFoundError, NOT_FOUND),
    (ConflictError, ALREADY_SETTLED),
    (StaleDataError, TRY_LATER),
    (TemporaryVenueError, TRY_LATER),
    (VenueRefusedError, TRY_LATER),
)


def is_expected(error: BaseException) -> bool:
    """Whether an error belongs to daily life and needs no traceback."""
    return any(isinstance(error, kind) for kind, _ in _WORDS)


def words_for(error: BaseException) -> str:
    """The sentence for an error."""
    return next((words for kind, words in _WORDS if isinstance(error, kind)), FAILED)
