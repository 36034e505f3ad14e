"""Errors of handlers: known ones become a sentence, unknown ones a log entry and an apology."""

import logging
from typing import Final

from aiogram import Dispatcher
from aiogram.exceptions import (
    AiogramError,
    TelegramBadRequest,
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
from aiogram.types import CallbackQuery, ErrorEvent, Update

from bot.refusals import is_expected, words_for
from bot.telegram_errors import is_too_old

_log = logging.getLogger(__name__)

_NO_USE_ANSWERING: Final = (
    TelegramForbiddenError,
    TelegramNetworkError,
    TelegramRetryAfter,
    TelegramServerError,
)
"""Whoever asked cannot be reached just now; what he asked has no effect, so he can ask again."""


async def handle_error(event: ErrorEvent) -> bool:
    """Log and, where it makes sense, answer. Nothing of a traceback reaches a chat."""
    error, update = event.exception, event.update
    if isinstance(error, _NO_USE_ANSWERING) or is_too_old(error):
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
        await _answer_press(update.callback_query, words)
    elif update.message is not None:
        await update.message.answer(words)


async def _answer_press(query: CallbackQuery, words: str) -> None:
    try:
        await query.answer(words, show_alert=True)
    except TelegramBadRequest as error:
        if not is_too_old(error) or query.bot is None:
            raise
        # It was answered before its handler failed: what is left to say goes to private chat.
        await query.bot.send_message(query.from_user.id, words)
