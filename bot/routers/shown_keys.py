"""Keys that were shown by another way than a new /connect: erased, told, and never used."""

import logging

from aiogram import Router
from aiogram.types import Message

from bot.presenters.connecting import KEY_MESSAGE_DELETED, KEY_MESSAGE_REMAINS, KEY_NOT_USED

_log = logging.getLogger(__name__)


async def tell_of_shown_key(message: Message, *, is_erased: bool) -> None:
    """What became of the message, and how a key is handed over."""
    said = KEY_MESSAGE_DELETED if is_erased else KEY_MESSAGE_REMAINS
    await message.answer(f"{said}\n{KEY_NOT_USED}")


async def note_shown_key(message: Message, *, is_erased: bool) -> None:
    """In a channel nobody is answered: an answer would tell all its readers what was there."""
    _log.warning("key in a channel chat=%s is_erased=%s", message.chat.id, is_erased)


def shows_key(_message: Message, *, is_erased: bool | None) -> bool:
    """Filter: the message held a key."""
    return is_erased is not None


def build_shown_keys_router() -> Router:
    """Edited messages, and posts in channels: nothing else is done with them."""
    router = Router(name="shown keys")
    router.edited_message.register(tell_of_shown_key, shows_key)
    router.channel_post.register(note_shown_key, shows_key)
    router.edited_channel_post.register(note_shown_key, shows_key)
    return router
