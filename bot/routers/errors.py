"""Errors of handlers: known ones become a sentence, unknown ones a log entry and an apology."""

import logging
from typing import Final

from aiogram import Dispatcher
from aiogram.exceptions import (
    AiogramError,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import ErrorEvent, Update

from bot.refusals import is_expected, words_for

_log = logging.getLogger(__name__)

_NO_USE_ANSWERING: Final = (
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
"""Whoever asked cannot be reached just now; what he asked has no effect, so he can ask again."""

_TOO_OLD: Final = "query is too old"


async def handle_error(event: ErrorEvent) -> bool:
    """Log and, where it makes sense, answer. Nothing of a traceback reaches a chat."""
    error, update = event.exception, event.update
    if isinstance(error, _NO_USE_ANSWERING) or _TOO_OLD in str(error):
        _log.warning("answer not delivered update=%s: %s", update.update_id, error)
        return True
    if not is_expected(error):
        _log.error("handler failed update=%s", update.update_id, exc_info=error)
    try:
        await _answer(update, words_for(error))
    except AiogramError as failure:
        _log.warning("apology not delivered update=%s: %s", update.update_id, failure)
    return True


def register_error_handler(dispatcher: Dispatcher) -> None:
    """For the errors of all routers."""
    dispatcher.errors.register(handle_error)


async def _answer(update: Update, words: str) -> None:
    if update.callback_query is not None:
        await update.callback_query.answer(words, show_alert=True)
    elif update.message is not None:
        await update.message.answer(words)
