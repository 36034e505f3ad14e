"""Deletes a message that carries an exchange's key, before anything else is done with it."""

import logging
import re
from collections.abc import Awaitable, Callable
from typing import Any, Final

from aiogram import BaseMiddleware
from aiogram.exceptions import AiogramError
from aiogram.types import Message, TelegramObject

_log = logging.getLogger(__name__)

IS_ERASED: Final = "is_erased"
"""Name of what handlers are told: whether the message is gone; None where it held no key."""

_HANDS_OVER: Final = re.compile(r"\s*/connect(?:@\w+)?\s+\S", re.IGNORECASE)
_LIKE_A_KEY: Final = r"(?=[A-Za-z]*[0-9])(?=[0-9]*[A-Za-z])[A-Za-z0-9]{16,}"
_BARE_KEY: Final = re.compile(rf"\s*{_LIKE_A_KEY}\s+{_LIKE_A_KEY}\s*", re.ASCII)


class ErasingMiddleware(BaseMiddleware):
    """Outermost on messages and posts, new or edited, in any chat and of anybody: neither a crowd
    nor a refusal, nor a database that is away, may keep a key in sight.
    """

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Delete if need be, then go on."""
        data[IS_ERASED] = None
        if isinstance(event, Message) and holds_a_key(event.text or event.caption):
            data[IS_ERASED] = await _erase(event)
        return await handler(event, data)


def holds_a_key(text: str | None) -> bool:
    """Whether somebody shows a key: /connect with anything behind it, or key and secret alone."""
    said = text or ""
    return _HANDS_OVER.match(said) is not None or _BARE_KEY.fullmatch(said) is not None


async def _erase(message: Message) -> bool:
    try:
        await message.delete()
    except AiogramError as error:
        _log.warning("key message not deleted chat=%s: %s", message.chat.id, error)
        return False
    return True
