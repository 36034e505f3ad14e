"""Translates aiogram's exceptions into the outcomes of a delivery, once, at the edge."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from aiogram.exceptions import (
    AiogramError,
    ClientDecodeError,
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
    TelegramNetworkError,
    TelegramNotFound,
    TelegramRetryAfter,
    TelegramServerError,
    TelegramUnauthorizedError,
)
from aiohttp import ClientConnectorError, ClientSSLError, ConnectionTimeoutError

from bot.messenger import (
    DeliveryError,
    MarkupRefusedError,
    NotConnectedError,
    OutcomeUnknownError,
    RetryLaterError,
    UndeliverableError,
)
from bot.presenters.markup import clean
from bot.redaction import redact

_NOT_MODIFIED: Final = "message is not modified"
_TOO_OLD: Final = "query is too old"
_UNREADABLE_MARKUP: Final = "can't parse entities"

_NEVER_CONNECTED: Final = (ClientConnectorError, ClientSSLError, ConnectionTimeoutError)
"""Causes under which no byte of the request has left."""

_REFUSALS: Final = (
    TelegramBadRequest,
    TelegramEntityTooLarge,
    TelegramForbiddenError,
    TelegramMigrateToChat,
)

_TOKEN_REFUSED: Final = (TelegramUnauthorizedError, TelegramNotFound)
"""401, or 404 for a token of the wrong form: an operator can mend it, so nothing is given up."""

_NO_USABLE_ANSWER: Final = (TelegramServerError, ClientDecodeError)

_UNKNOWN_REFUSAL_SECONDS: Final = 30.0
"""Pause after a refusal of a kind that nobody has described: not accepted, so not lost either."""

_WORDS_UNITS: Final = 300


@contextmanager
def translated_errors() -> Iterator[None]:
    """Raise `DeliveryError`s instead of aiogram's exceptions."""
    try:
        yield
    except AiogramError as error:
        raise translate(error) from error


def translate(error: AiogramError) -> DeliveryError:
    """The outcome that an exception of aiogram stands for."""
    words = clean(redact(str(error)), _WORDS_UNITS)
    if isinstance(error, TelegramRetryAfter):
        return RetryLaterError(words, float(error.retry_after))
    if isinstance(error, _REFUSALS):
        return _refusal(words)
    if isinstance(error, _TOKEN_REFUSED):
        return NotConnectedError(f"Telegram refuses the bot token; set a valid one ({words})")
    if isinstance(error, TelegramNetworkError):
        return _connection_failure(error, words)
    if isinstance(error, _NO_USABLE_ANSWER):
        return OutcomeUnknownError(words)
    return RetryLaterError(words, _UNKNOWN_REFUSAL_SECONDS)


def is_not_modified(error: TelegramBadRequest) -> bool:
    """Whether an edit was refused because the message shows that already."""
    return _NOT_MODIFIED in error.message


def is_too_old(error: BaseException) -> bool:
    """Whether a press can no longer be answered: too late, or answered already."""
    return _TOO_OLD in str(error)


def _refusal(words: str) -> DeliveryError:
    if _UNREADABLE_MARKUP in words:
        return MarkupRefusedError(words)
    return UndeliverableError(words)


def _connection_failure(error: TelegramNetworkError, words: str) -> DeliveryError:
    if isinstance(error.__cause__, _NEVER_CONNECTED):
        return NotConnectedError(words)
    return OutcomeUnknownError(words)
