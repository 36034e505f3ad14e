"""The face over aiogram, the library the bot itself uses."""

import io

from aiogram import Bot
from aiogram.types import (
    BotCommand,
    BotCommandScopeChat,
    BotCommandScopeDefault,
    BufferedInputFile,
    CallbackQuery,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaPhoto,
    Message,
    ReplyParameters,
    Update,
)

from tests.telegram_server.clients.face import Buttons, SeenMessage, SeenUpdate


class AiogramClient:
    """Speaks through an `aiogram.Bot` whose parse mode is HTML by default."""

    def __init__(self, bot: Bot) -> None:
        """Use that bot."""
        self.bot = bot

    async def me(self) -> str:
        return (await self.bot.get_me()).username or ""

    async def send(
        self, chat_id: int, text: str, *, buttons: Buttons = (), reply_to: int | None = None
    ) -> SeenMessage:
        reply = ReplyParameters(message_id=reply_to) if reply_to else None
        return seen(
            await self.bot.send_message(
                chat_id, text, reply_markup=_markup(buttons), reply_parameters=reply
            )
        )

    async def send_photo(
        self, chat_id: int, photo: bytes | str, caption: str, *, buttons: Buttons = ()
    ) -> SeenMessage:
        file = BufferedInputFile(photo, "chart.png") if isinstance(photo, bytes) else photo
        return seen(
            await self.bot.send_photo(chat_id, file, caption=caption, reply_markup=_markup(buttons))
        )

    async def edit_text(
        self, chat_id: int, message_id: int, text: str, *, buttons: Buttons = ()
    ) -> SeenMessage:
        return _edited(
            await self.bot.edit_message_text(
                text, chat_id=chat_id, message_id=message_id, reply_markup=_markup(buttons)
            )
        )

    async def edit_caption(self, chat_id: int, message_id: int, caption: str) -> SeenMessage:
        return _edited(
            await self.bot.edit_message_caption(
                chat_id=chat_id, message_id=message_id, caption=caption
            )
        )

    async def edit_media(
        self, chat_id: int, message_id: int, photo: bytes, caption: str
    ) -> SeenMessage:
        media = InputMediaPhoto(media=BufferedInputFile(photo, "chart.png"), caption=caption)
        return _edited(
            await self.bot.edit_message_media(media, chat_id=chat_id, message_id=message_id)
        )

    async def edit_keyboard(self, chat_id: int, message_id: int, buttons: Buttons) -> SeenMessage:
        return _edited(
            await self.bot.edit_message_reply_markup(
                chat_id=chat_id, message_id=message_id, reply_markup=_markup(buttons)
            )
        )

    async def delete(self, chat_id: int, message_id: int) -> bool:
        return await self.bot.delete_message(chat_id, message_id)

    async def pin(self, chat_id: int, message_id: int) -> bool:
        return await self.bot.pin_chat_message(chat_id, message_id)

    async def act(self, chat_id: int) -> bool:
        return await self.bot.send_chat_action(chat_id, "typing")

    async def answer(self, query_id: str, text: str, *, show_alert: bool = False) -> bool:
        return await self.bot.answer_callback_query(query_id, text, show_alert=show_alert)

    async def set_commands(self, commands: dict[str, str], *, chat_id: int | None = None) -> bool:
        listed = [BotCommand(command=name, description=text) for name, text in commands.items()]
        return await self.bot.set_my_commands(listed, scope=_scope(chat_id))

    async def commands(self, *, chat_id: int | None = None) -> dict[str, str]:
        listed = await self.bot.get_my_commands(scope=_scope(chat_id))
        return {entry.command: entry.description for entry in listed}

    async def delete_commands(self, *, chat_id: int | None = None) -> bool:
        return await self.bot.delete_my_commands(scope=_scope(chat_id))

    async def title(self, chat_id: int) -> str:
        return (await self.bot.get_chat(chat_id)).title or ""

    async def member_status(self, chat_id: int, user_id: int) -> str:
        return (await self.bot.get_chat_member(chat_id, user_id)).status

    async def administrators(self, chat_id: int) -> dict[int, str]:
        members = await self.bot.get_chat_administrators(chat_id)
        return {member.user.id: member.status for member in members}

    async def download(self, file_id: str) -> bytes:
        buffer = io.BytesIO()
        await self.bot.download(file_id, destination=buffer)
        return buffer.getvalue()

    async def updates(
        self, *, offset: int = 0, timeout_s: int = 0, kinds: list[str] | None = None
    ) -> list[SeenUpdate]:
        received = await self.bot.get_updates(
            offset=offset, timeout=timeout_s, allowed_updates=kinds
        )
        return [_seen_update(update) for update in received]

    async def set_webhook(self, url: str) -> bool:
        return await self.bot.set_webhook(url)

    async def delete_webhook(self, *, drop_pending: bool = False) -> bool:
        return await self.bot.delete_webhook(drop_pending_updates=drop_pending)

    async def webhook_pending(self) -> tuple[str, int]:
        info = await self.bot.get_webhook_info()
        return info.url, info.pending_update_count


def _markup(buttons: Buttons) -> InlineKeyboardMarkup | None:
    rows = [
        [InlineKeyboardButton(text=label, callback_data=data) for label, data in row]
        for row in buttons
    ]
    return InlineKeyboardMarkup(inline_keyboard=rows) if rows else None


def _scope(chat_id: int | None) -> BotCommandScopeChat | BotCommandScopeDefault:
    return BotCommandScopeChat(chat_id=chat_id) if chat_id else BotCommandScopeDefault()


def _edited(message: Message | bool) -> SeenMessage:
    assert isinstance(message, Message)
    return seen(message)


def seen(message: Message) -> SeenMessage:
    """Say in plain words what aiogram decoded."""
    text = message.text or message.caption or ""
    marks = message.entities or message.caption_entities or []
    rows = message.reply_markup.inline_keyboard if message.reply_markup else []
    largest = message.photo[-1] if message.photo else None
    return SeenMessage(
        id=message.message_id,
        chat_id=message.chat.id,
        chat_type=message.chat.type,
        author_id=message.from_user.id if message.from_user else None,
        sender_chat_id=message.sender_chat.id if message.sender_chat else None,
        text=text,
        bold=tuple(mark.extract_from(text) for mark in marks if mark.type == "bold"),
        labels=tuple(tuple(button.text for button in row) for row in rows),
        photo_size=(largest.width, largest.height) if largest else None,
        file_id=largest.file_id if largest else None,
        reply_to=message.reply_to_message.message_id if message.reply_to_message else None,
        is_edited=message.edit_date is not None,
    )


def _seen_update(update: Update) -> SeenUpdate:
    if update.callback_query is not None:
        return _seen_press(update.update_id, update.callback_query)
    message = update.message or update.channel_post
    change = update.my_chat_member
    return SeenUpdate(
        id=update.update_id,
        kind=update.event_type,
        message=seen(message) if message else None,
        user_id=change.from_user.id if change else None,
    )


def _seen_press(update_id: int, query: CallbackQuery) -> SeenUpdate:
    visible = query.message if isinstance(query.message, Message) else None
    hidden = query.message if query.message and visible is None else None
    return SeenUpdate(
        id=update_id,
        kind="callback_query",
        message=seen(visible) if visible else None,
        user_id=query.from_user.id,
        query_id=query.id,
        data=query.data,
        chat_instance=query.chat_instance,
        inaccessible_id=hidden.message_id if hidden else None,
    )
