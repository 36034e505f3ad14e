"""What the bot may do where: every call that touches a chat passes one of these gates."""

from tests.telegram_server.chats import BotStanding, Chat, ChatType
from tests.telegram_server.refusals import bad_request, forbidden

KNOWS_PRIVATE = frozenset({BotStanding.MEMBER, BotStanding.KICKED})
INSIDE = frozenset({BotStanding.MEMBER, BotStanding.ADMINISTRATOR})


def require_write_access(chat: Chat) -> None:
    """Refuse where the bot may not write.

    Raises:
        RefusedError: 403 when it is outside, 400 when it is inside without the right.
    """
    if chat.type is ChatType.PRIVATE:
        _require_open_conversation(chat)
        return
    require_inside(chat)
    if chat.type is ChatType.CHANNEL and chat.bot_standing is not BotStanding.ADMINISTRATOR:
        raise bad_request("need administrator rights in the channel chat")


def require_inside(chat: Chat) -> None:
    """Refuse a group or channel the bot is not in."""
    if chat.bot_standing is BotStanding.KICKED:
        raise forbidden(f"bot was kicked from the {chat.type.value} chat")
    if chat.bot_standing not in INSIDE:
        raise forbidden(f"bot is not a member of the {chat.type.value} chat")


def require_known(chat: Chat) -> None:
    """Refuse to tell of a chat the bot has never met: a user who never pressed Start."""
    if chat.type is ChatType.PRIVATE and chat.bot_standing not in KNOWS_PRIVATE:
        raise bad_request("chat not found")
    if chat.type is not ChatType.PRIVATE:
        require_inside(chat)


def require_administrator(chat: Chat, refusal: str) -> None:
    """Refuse, in the given words, what only an administrator of a group or channel may do."""
    needs_rights = chat.type is not ChatType.PRIVATE
    if needs_rights and chat.bot_standing is not BotStanding.ADMINISTRATOR:
        raise bad_request(refusal)


def _require_open_conversation(chat: Chat) -> None:
    if chat.bot_standing is BotStanding.LEFT:
        raise forbidden("bot can't initiate conversation with a user")
    if chat.bot_standing is BotStanding.KICKED:
        raise forbidden("bot was blocked by the user")
