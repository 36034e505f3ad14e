"""The Bot API methods this server knows; every other name is Not Found.

A method is a plain function of the world and the call: what it changes happens at once, so calls
never interleave. Only getUpdates waits.
"""

from collections.abc import Callable, Mapping
from typing import Any

from tests.telegram_server.call import Call
from tests.telegram_server.methods.about_bot import (
    answer_callback_query,
    delete_my_commands,
    get_file,
    get_me,
    get_my_commands,
    set_my_commands,
)
from tests.telegram_server.methods.about_chats import (
    get_chat,
    get_chat_administrators,
    get_chat_member,
)
from tests.telegram_server.methods.editing import (
    edit_message_caption,
    edit_message_media,
    edit_message_reply_markup,
    edit_message_text,
)
from tests.telegram_server.methods.moderation import (
    delete_message,
    pin_chat_message,
    unpin_chat_message,
)
from tests.telegram_server.methods.receiving import (
    delete_webhook,
    get_updates,
    get_webhook_info,
    set_webhook,
)
from tests.telegram_server.methods.sending import send_chat_action, send_message, send_photo
from tests.telegram_server.refusals import NOT_FOUND, RefusedError
from tests.telegram_server.world import World

Method = Callable[[World, Call], Any]

METHODS: Mapping[str, Method] = {
    "getMe": get_me,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "sendMessage": send_message,
    "sendPhoto": send_photo,
    "sendChatAction": send_chat_action,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageMedia": edit_message_media,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "pinChatMessage": pin_chat_message,
    "unpinChatMessage": unpin_chat_message,
    "answerCallbackQuery": answer_callback_query,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "getFile": get_file,
}
HELD_METHOD = "getUpdates"

# Telegram does not mind the case of a method's name.
SPELLINGS = {name.lower(): name for name in (*METHODS, HELD_METHOD)}


async def carry_out(world: World, call: Call) -> Any:
    """Carry a call out and return its result.

    Raises:
        RefusedError: Telegram would refuse it.
    """
    if call.method == HELD_METHOD:
        return await get_updates(world, call)
    method = METHODS.get(call.method)
    if method is None:
        raise RefusedError(NOT_FOUND)
    return method(world, call)
