"""People who talk to the bot in private."""

from tests.integration.bot.telegram_room import Room
from tests.telegram_server import Message, SimulatedUser


async def said_after(user: SimulatedUser, count: int) -> str:
    """What the bot says next in a private chat that holds so many posts of it."""
    said: Message = await user.chat.wait(lambda posts: posts[count] if posts[count:] else None)
    return said.text


async def ask(user: SimulatedUser, text: str) -> str:
    """The bot's answer to a message in private."""
    before = len(user.chat.posts)
    await user.send(text)
    return await said_after(user, before)


async def started(room: Room, user_id: int) -> SimulatedUser:
    """Somebody who has started the bot, which is listening, and was greeted."""
    user = room.server.user(user_id, "Tom")
    await ask(user, "/start")
    return user
