"""What happens when the bot is let in, promoted, thrown out or blocked."""

from tests.telegram_server.chats import BotStanding, Chat
from tests.telegram_server.methods.about_chats import member_json
from tests.telegram_server.people import Person
from tests.telegram_server.world import World


def change_standing(world: World, chat: Chat, standing: BotStanding, *, by: Person) -> None:
    """Change what the bot is in a chat and tell it by `my_chat_member`."""
    before = member_json(chat, world.bot, chat.bot_standing.value)
    chat.bot_standing = standing
    world.updates.publish(
        "my_chat_member",
        {
            "chat": chat.as_json(),
            "from": by.as_json(),
            "date": world.clock.unix(),
            "old_chat_member": before,
            "new_chat_member": member_json(chat, world.bot, standing.value),
        },
    )
