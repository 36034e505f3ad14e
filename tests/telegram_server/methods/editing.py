"""The four edit methods. Each replaces the keyboard: none given means none afterwards."""

from dataclasses import replace
from typing import Any

from tests.telegram_server.call import Call
from tests.telegram_server.formatting import (
    format_text,
    read_caption,
    read_text,
    require_caption,
    require_text,
)
from tests.telegram_server.keyboards import read_keyboard
from tests.telegram_server.messages import Content, Message
from tests.telegram_server.methods.sending import find_photo
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.world import World

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same"
    " as a current content and reply markup of the message"
)


def edit_message_text(world: World, call: Call) -> dict[str, Any]:
    """Replace the text of a text post."""
    formatted = read_text(call)
    keyboard = read_keyboard(call, inline_only=True)
    message = _own_message(world, call)
    if message.photo is not None:
        raise bad_request("there is no text in the message to edit")
    require_text(formatted, too_long="MESSAGE_TOO_LONG")
    return _revise(message, replace(message.content, formatted=formatted, keyboard=keyboard))


def edit_message_caption(world: World, call: Call) -> dict[str, Any]:
    """Replace the caption of a photo post; an empty one removes it."""
    caption = read_caption(call)
    keyboard = read_keyboard(call, inline_only=True)
    message = _own_message(world, call)
    if message.photo is None:
        raise bad_request("there is no caption in the message to edit")
    require_caption(caption, too_long="MEDIA_CAPTION_TOO_LONG")
    return _revise(message, replace(message.content, formatted=caption, keyboard=keyboard))


def edit_message_media(world: World, call: Call) -> dict[str, Any]:
    """Replace picture and caption; a text post becomes a photo post."""
    media = call.structure("media", "InputMedia")
    if not isinstance(media, dict) or "media" not in media:
        raise bad_request("can't parse InputMedia: media not found")
    if media.get("type") != "photo":
        raise bad_request("can't parse InputMedia: this server keeps photos only")
    caption = format_text(
        media.get("caption") or "", media.get("parse_mode") or "", media.get("caption_entities")
    )
    keyboard = read_keyboard(call, inline_only=True)
    message = _own_message(world, call)
    require_caption(caption, too_long="message caption is too long")
    photo = find_photo(world, call, str(media["media"]))
    return _revise(message, Content(formatted=caption, photo=photo, keyboard=keyboard))


def edit_message_reply_markup(world: World, call: Call) -> dict[str, Any]:
    """Replace the keyboard only."""
    keyboard = read_keyboard(call, inline_only=True)
    message = _own_message(world, call)
    return _revise(message, replace(message.content, keyboard=keyboard))


def _own_message(world: World, call: Call) -> Message:
    """Return the bot's message the call names.

    Raises:
        RefusedError: there is none, or somebody else wrote it.
    """
    chat = world.writable_chat_of(call)
    message = chat.find(call.integer("message_id"))
    if message is None:
        raise bad_request("message to edit not found")
    if not message.by_bot:
        raise bad_request("message can't be edited")
    return message


def _revise(message: Message, content: Content) -> dict[str, Any]:
    """Give the message its new content, unless nothing would change."""
    if content == message.content:
        raise bad_request(NOT_MODIFIED)
    message.revisions.append(message.chat.revision(content))
    return message.as_json()
