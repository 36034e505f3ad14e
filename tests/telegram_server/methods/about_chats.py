"""getChat, getChatMember and getChatAdministrators."""

from typing import Any

from tests.telegram_server.access import require_administrator, require_inside, require_known
from tests.telegram_server.call import Call
from tests.telegram_server.chats import BotStanding, Chat, ChatType
from tests.telegram_server.people import Person
from tests.telegram_server.refusals import bad_request
from tests.telegram_server.world import World

ADMINISTRATOR_RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
    "can_send_welcome_messages",
)
CHANNEL_RIGHTS = ("can_post_messages", "can_edit_messages")
GROUP_RIGHTS = ("can_pin_messages",)
GIFT_KINDS = (
    "unlimited_gifts",
    "limited_gifts",
    "unique_gifts",
    "premium_subscription",
    "gifts_from_channels",
)


def get_chat(world: World, call: Call) -> dict[str, Any]:
    """Tell about a chat the bot has met."""
    chat = world.chat_of(call)
    require_known(chat)
    return chat.as_json() | {
        "accent_color_id": 0,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(GIFT_KINDS, False),
    }


def get_chat_member(world: World, call: Call) -> dict[str, Any]:
    """Tell what somebody is in a chat; reliable only where the bot is administrator."""
    chat = world.chat_of(call)
    require_known(chat)
    person = world.people.get(call.integer("user_id"))
    if person is None:
        raise bad_request("user not found")
    if person.id != world.bot.id:
        require_administrator(chat, "member list is inaccessible")
    return member_json(chat, person, member_status(world, chat, person))


def get_chat_administrators(world: World, call: Call) -> list[dict[str, Any]]:
    """List owner and administrators of a group or channel."""
    chat = world.chat_of(call)
    if chat.type is ChatType.PRIVATE:
        raise bad_request("there are no administrators in the private chat")
    require_inside(chat)
    require_administrator(chat, "member list is inaccessible")
    listed = ((person, member_status(world, chat, person)) for person in world.people.values())
    return [
        member_json(chat, person, status)
        for person, status in listed
        if status in {"creator", "administrator"}
    ]


def member_status(world: World, chat: Chat, person: Person) -> str:
    """Return Telegram's word for what somebody is in a chat."""
    if person.id == world.bot.id:
        return chat.bot_standing.value
    if chat.type is ChatType.PRIVATE:
        return "member" if person.id == chat.id else "left"
    return chat.members.get(person.id, "left")


def member_json(chat: Chat, person: Person, status: str) -> dict[str, Any]:
    """Render a ChatMember."""
    fields: dict[str, Any] = {"user": person.as_json(), "status": status}
    if status == "creator":
        fields |= {"is_anonymous": False}
    if status == BotStanding.ADMINISTRATOR.value:
        fields |= _administrator_fields(chat)
    if status == BotStanding.KICKED.value:
        fields |= {"until_date": 0}
    return fields


def _administrator_fields(chat: Chat) -> dict[str, Any]:
    rights = ADMINISTRATOR_RIGHTS + (
        CHANNEL_RIGHTS if chat.type is ChatType.CHANNEL else GROUP_RIGHTS
    )
    return {"can_be_edited": False, "is_anonymous": False} | dict.fromkeys(rights, True)
