"""How a press of a button becomes a callback query."""

import hashlib
from typing import Any

from tests.telegram_server.chats import Chat
from tests.telegram_server.messages import Message
from tests.telegram_server.people import Person
from tests.telegram_server.queries import Press
from tests.telegram_server.world import World


async def press_update(
    world: World, presser: Person, message: Message, data: str, *, is_accessible: bool
) -> Press:
    """Publish a callback query and return the press that waits for its answer.

    A message the bot may not see any more arrives as InaccessibleMessage: chat, id and date 0.
    The query itself carries no date.
    """
    payload: dict[str, Any] = {
        "id": world.queries.next_id(),
        "from": presser.as_json(),
        "message": message.as_json() if is_accessible else _inaccessible(message),
        "chat_instance": _chat_instance(message.chat),
        "data": data,
    }
    update = world.updates.publish("callback_query", payload)
    press = world.queries.open(
        update_id=update.id if update else None,
        presser=presser,
        chat=message.chat,
        message_id=message.id,
        data=data,
    )
    await world.watch.changed()
    return press


def _inaccessible(message: Message) -> dict[str, Any]:
    return {"chat": message.chat.as_json(), "message_id": message.id, "date": 0}


def _chat_instance(chat: Chat) -> str:
    """Return the number that stands for a chat in its queries; the same for the same chat."""
    digest = hashlib.sha256(str(chat.id).encode()).digest()
    return str(int.from_bytes(digest[:8], "big", signed=True))
