"""Simulated people: they write, press buttons, delete, block; the bot hears of it by updates."""

from typing import Any

from tests.telegram_server.chats import BotStanding, Chat, ChatType
from tests.telegram_server.entities import Entity, FormattedText, utf16_length
from tests.telegram_server.keyboards import Button
from tests.telegram_server.membership import change_standing
from tests.telegram_server.messages import Content, Message
from tests.telegram_server.people import ANONYMOUS_ADMIN, Person
from tests.telegram_server.pressing import press_update
from tests.telegram_server.queries import Press
from tests.telegram_server.world import World


class SimulatedUser:
    """Somebody with a Telegram client."""

    def __init__(self, world: World, person: Person, private_chat: Chat) -> None:
        """Act as `person` in `world`."""
        self._world = world
        self.person = person
        self.chat = private_chat

    @property
    def id(self) -> int:
        """Return the numeric id, which is also that of the private chat."""
        return self.person.id

    async def send(
        self,
        text: str,
        *,
        chat: Chat | None = None,
        reply_to: Message | None = None,
        forwarded_from: Person | None = None,
    ) -> Message:
        """Write a text: to the bot in private, into a group, or as a post of a channel.

        Raises:
            ValueError: in private, before /start or while the bot is blocked: a client offers
                only the Start or Restart button then.
        """
        place = chat or self.chat
        if place.type is ChatType.PRIVATE:
            self._open_conversation(text)
        author = None if place.type is ChatType.CHANNEL else self.person
        origin = self._origin(forwarded_from) if forwarded_from else {}
        return await self._publish(place, author, text, reply_to=reply_to, extra=origin)

    async def send_anonymously(self, text: str, group: Chat) -> Message:
        """Write into a group as one of its anonymous administrators."""
        as_group = {"sender_chat": group.as_json()}
        return await self._publish(group, ANONYMOUS_ADMIN, text, reply_to=None, extra=as_group)

    async def press(
        self,
        chat: Chat,
        message_id: int,
        label_or_data: str,
        *,
        from_old_keyboard: bool = False,
        is_accessible: bool = True,
    ) -> Press:
        """Press a button, found by its label or callback data.

        `from_old_keyboard`: the client still shows an earlier state of the message.
        `is_accessible=False`: Telegram no longer shows the message to the bot; so it is, too, when
        the message was deleted meanwhile.

        Raises:
            ValueError: there is no such button, or it sends nothing to the bot.
        """
        message = _message_in(chat, message_id)
        button = _button_of(message, label_or_data, from_old_keyboard=from_old_keyboard)
        if button.data is None:
            text = f"button {button.label!r} opens {button.url!r} and sends nothing to the bot"
            raise ValueError(text)
        is_visible = is_accessible and not message.is_deleted
        return await press_update(
            self._world, self.person, message, button.data, is_accessible=is_visible
        )

    async def press_forged(self, chat: Chat, message_id: int, data: str) -> Press:
        """Send callback data that no button of the message holds, as a modified client can."""
        message = _message_in(chat, message_id)
        return await press_update(
            self._world, self.person, message, data, is_accessible=not message.is_deleted
        )

    async def press_again(self, press: Press) -> Press:
        """Send a press once more, with new ids, as clients do when no answer came."""
        return await self.press_forged(press.chat, press.message_id, press.data)

    async def edit(self, message: Message, text: str) -> None:
        """Change an own text, or a channel's post; the bot is told as of a new one."""
        message.revisions.append(message.chat.revision(Content(formatted=_typed(text))))
        if _reaches_bot(message.chat, message):
            kind = "channel_post" if message.chat.type is ChatType.CHANNEL else "message"
            self._world.updates.publish(f"edited_{kind}", message.as_json())
        await self._world.watch.changed()

    async def delete(self, message: Message) -> None:
        """Delete a message as an administrator may; bots are not told."""
        message.is_deleted = True
        await self._world.watch.changed()

    async def block(self) -> None:
        """Block the bot."""
        change_standing(self._world, self.chat, BotStanding.KICKED, by=self.person)
        await self._world.watch.changed()

    async def unblock(self) -> None:
        """Let the bot write again."""
        change_standing(self._world, self.chat, BotStanding.MEMBER, by=self.person)
        await self._world.watch.changed()

    def _open_conversation(self, text: str) -> None:
        if self.chat.bot_standing is BotStanding.KICKED:
            message = f"user {self.id} has blocked the bot: unblock() it first"
            raise ValueError(message)
        if self.chat.bot_standing is BotStanding.LEFT and text.split()[0] != "/start":
            message = f"user {self.id} sees only the Start button: send('/start') first"
            raise ValueError(message)
        self.chat.bot_standing = BotStanding.MEMBER

    def _origin(self, original: Person) -> dict[str, Any]:
        sent_at = self._world.clock.unix()
        origin = {"type": "user", "date": sent_at, "sender_user": original.as_json()}
        return {"forward_origin": origin}

    async def _publish(
        self,
        chat: Chat,
        author: Person | None,
        text: str,
        *,
        reply_to: Message | None,
        extra: dict[str, Any],
    ) -> Message:
        """Write the message, and tell the bot unless a group hides it from bots."""
        message = chat.add(
            Content(formatted=_typed(text)),
            author=author,
            by_bot=False,
            reply_to=reply_to,
            extra=extra,
        )
        if author is self.person and chat.type is ChatType.GROUP:
            chat.members.setdefault(self.id, "member")
        if _reaches_bot(chat, message):
            kind = "channel_post" if chat.type is ChatType.CHANNEL else "message"
            self._world.updates.publish(kind, message.as_json())
        await self._world.watch.changed()
        return message


def _typed(text: str) -> FormattedText:
    """Mark a leading command, as Telegram does."""
    if not text.startswith("/"):
        return FormattedText(text=text)
    length = utf16_length(text.split()[0])
    return FormattedText(text=text, entities=(Entity(type="bot_command", offset=0, length=length),))


def _reaches_bot(chat: Chat, message: Message) -> bool:
    """A bot sees everything in private and where it is administrator; else, in groups, commands.

    Group privacy mode also lets replies to the bot through.
    """
    if chat.type is ChatType.PRIVATE or chat.bot_standing is BotStanding.ADMINISTRATOR:
        return True
    is_addressed = message.text.startswith("/") or bool(
        message.reply_to and message.reply_to.by_bot
    )
    return chat.type is ChatType.GROUP and chat.bot_standing is BotStanding.MEMBER and is_addressed


def _message_in(chat: Chat, message_id: int) -> Message:
    for message in chat.transcript:
        if message.id == message_id:
            return message
    text = f"no message #{message_id}: {chat.describe()}"
    raise ValueError(text)


def _button_of(message: Message, label_or_data: str, *, from_old_keyboard: bool) -> Button:
    keyboards = [revision.content.keyboard for revision in message.revisions]
    shown = reversed(keyboards) if from_old_keyboard else keyboards[-1:]
    for keyboard in shown:
        if button := keyboard.find(label_or_data):
            return button
    text = f"no button {label_or_data!r} under {message.describe()}"
    raise ValueError(text)
