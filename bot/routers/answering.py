"""A command that is answered with words, and with a picture where there is one."""

import logging

from aiogram.exceptions import TelegramBadRequest
from aiogram.filters import CommandObject
from aiogram.types import BufferedInputFile, Message

from bot.answers import Ask
from bot.pictures import Picture, draw_aside

_log = logging.getLogger(__name__)


class AnswerCommand:
    """The handler of one such command."""

    def __init__(self, ask: Ask) -> None:
        self._ask = ask

    async def reply(self, message: Message, command: CommandObject) -> None:
        """The words first: they are all that matters where no picture can be had."""
        answer = await self._ask(command.args)
        await message.answer(answer.text)
        if answer.picture is not None:
            await _show(message, answer.picture)


async def _show(message: Message, picture: Picture) -> None:
    content = await draw_aside(picture.draw, picture.name)
    if content is None:
        return
    try:
        file = BufferedInputFile(content, f"{picture.name}.png")
        await message.answer_photo(file, caption=picture.caption)
    except TelegramBadRequest as error:
        # Groups may forbid pictures; the words have arrived all the same.
        _log.warning("picture refused chat=%s: %s", message.chat.id, error.message)
