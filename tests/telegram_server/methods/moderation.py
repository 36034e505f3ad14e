"""deleteMessage, pinChatMessage and unpinChatMessage."""

from tests.telegram_server.access import require_administrator, require_write_access
from tests.telegram_server.call import Call
from tests.telegram_server.chats import Chat, ChatType
from tests.telegram_server.messages import Content, Message
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.world import World

DELETABLE_FOR_S = 48 * 60 * 60
NO_PIN_RIGHT = "not enough rights to manage pinned messages in the chat"


def delete_message(world: World, call: Call) -> bool:
    """Delete a message of at most 48 hours."""
    chat = _open_chat(world, call)
    message = chat.find(call.integer("message_id"))
    if message is None:
        raise bad_request("message to delete not found")
    if world.clock.unix() - message.date > DELETABLE_FOR_S:
        raise bad_request("message can't be deleted for everyone")
    if not message.by_bot:
        require_administrator(chat, "message can't be deleted")
    message.is_deleted = True
    return True


def pin_chat_message(world: World, call: Call) -> bool:
    """Pin a message; the notice of it takes a message id of its own."""
    chat = _open_chat(world, call)
    require_administrator(chat, NO_PIN_RIGHT)
    message = chat.find(call.integer("message_id"))
    if message is None:
        raise bad_request("message to pin not found")
    if not message.is_pinned:
        message.is_pinned = True
        _announce_pin(world, message)
    return True


def unpin_chat_message(world: World, call: Call) -> bool:
    """Unpin the named message, or the newest pinned one."""
    chat = _open_chat(world, call)
    require_administrator(chat, NO_PIN_RIGHT)
    wanted = call.integer("message_id")
    candidates = [message for message in chat.pinned if wanted in (0, message.id)]
    if not candidates:
        raise bad_request("message to unpin not found")
    candidates[-1].is_pinned = False
    return True


def _open_chat(world: World, call: Call) -> Chat:
    chat = world.chat_of(call)
    require_write_access(chat)
    return chat


def _announce_pin(world: World, message: Message) -> None:
    chat = message.chat
    chat.add(
        Content(),
        author=None if chat.type is ChatType.CHANNEL else world.bot,
        by_bot=False,
        extra={"pinned_message": message.as_json(with_reply=False)},
    )
