"""sendMessage, sendPhoto and sendChatAction."""

from typing import Any

from tests.telegram_server.access import require_write_access
from tests.telegram_server.call import Call
from tests.telegram_server.chats import Chat, ChatType
from tests.telegram_server.formatting import (
    read_caption,
    read_text,
    require_caption,
    require_text,
)
from tests.telegram_server.keyboards import Keyboard, read_keyboard
from tests.telegram_server.messages import Content, Message
from tests.telegram_server.photos import Photo
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.world import World

CHAT_ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send_message(world: World, call: Call) -> dict[str, Any]:
    """Post a text."""
    formatted = read_text(call)
    keyboard = _read_keyboard(world, call)
    chat = world.writable_chat_of(call)
    reply_to = _replied_to(chat, call)
    require_text(formatted, too_long="message is too long")
    content = Content(
        formatted=formatted,
        keyboard=keyboard,
        link_preview_options=call.structure("link_preview_options", "LinkPreviewOptions"),
    )
    return _post(world, chat, call, content, reply_to)


def send_photo(world: World, call: Call) -> dict[str, Any]:
    """Post a picture, uploaded or known, with a caption."""
    caption = read_caption(call)
    keyboard = _read_keyboard(world, call)
    chat = world.writable_chat_of(call)
    reply_to = _replied_to(chat, call)
    require_caption(caption, too_long="message caption is too long")
    photo = find_photo(world, call, call.text("photo"))
    content = Content(formatted=caption, photo=photo, keyboard=keyboard)
    return _post(world, chat, call, content, reply_to)


def send_chat_action(world: World, call: Call) -> bool:
    """Show what the bot is doing; nothing stays of it."""
    require_write_access(world.chat_of(call))
    if call.text("action") not in CHAT_ACTIONS:
        raise bad_request("wrong parameter action in request")
    return True


def find_photo(world: World, call: Call, reference: str) -> Photo:
    """Return the picture a call uploads, or the stored one it names by file id.

    Raises:
        RefusedError: none is given, it is no picture, the id is unknown, or it is a web address
            (this server has no way out to fetch one).
    """
    uploaded = call.uploaded(reference, "photo")
    if uploaded is not None:
        return world.photos.keep(uploaded)
    if not reference:
        raise bad_request("there is no photo in the request")
    if "://" in reference and not reference.startswith("attach://"):
        raise bad_request("failed to get HTTP URL content")
    photo = world.photos.by_id(reference)
    if photo is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    return photo


def _read_keyboard(world: World, call: Call) -> Keyboard:
    chat = world.chats.find(call.text("chat_id"))
    return read_keyboard(call, inline_only=chat is not None and chat.type is ChatType.CHANNEL)


def _replied_to(chat: Chat, call: Call) -> Message | None:
    """Return the message to reply to; None when there is none and the bot does not insist."""
    wanted = call.structure("reply_parameters", "ReplyParameters")
    if not wanted:
        return None
    if "message_id" not in wanted:
        raise bad_request('can\'t find field "message_id"')
    in_this_chat = str(wanted.get("chat_id", chat.id)) == str(chat.id)
    target = chat.find(int(wanted["message_id"])) if in_this_chat else None
    if target is None and not wanted.get("allow_sending_without_reply"):
        raise bad_request("message to be replied not found")
    return target


def _post(
    world: World, chat: Chat, call: Call, content: Content, reply_to: Message | None
) -> dict[str, Any]:
    message = chat.add(
        content,
        author=None if chat.type is ChatType.CHANNEL else world.bot,
        by_bot=True,
        reply_to=reply_to,
        is_silent=call.flag("disable_notification"),
    )
    return message.as_json()
