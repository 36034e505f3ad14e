"""Draws charts off the event loop and sends them to one person's private chat."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from aiogram import Bot
from aiogram.enums import ChatAction
from aiogram.exceptions import TelegramBadRequest, TelegramForbiddenError
from aiogram.types import BufferedInputFile

from bot.charts import draw_chart
from bot.presenters.chart_caption import chart_caption
from bot.presenters.conversation import CHART_FAILED
from engine.reports import ChartData

_log = logging.getLogger(__name__)

_DRAWING_SECONDS: Final = 2.0


class ChartDesk:
    """Sends charts; the same chart to the same person only once at a time."""

    def __init__(self, chart_data: Callable[[int], Awaitable[ChartData]]) -> None:
        self._chart_data = chart_data
        self._under_way: set[tuple[int, int]] = set()

    def is_under_way(self, user_id: int, signal_id: int) -> bool:
        """Whether this person is about to get this chart."""
        return (user_id, signal_id) in self._under_way

    async def can_reach(self, bot: Bot, user_id: int) -> bool:
        """Whether the bot may write to somebody: not before he has pressed Start."""
        try:
            await bot.send_chat_action(user_id, ChatAction.UPLOAD_PHOTO)
        except (TelegramForbiddenError, TelegramBadRequest):
            return False
        return True

    async def send(self, bot: Bot, user_id: int, signal_id: int) -> None:
        """Send the picture, or its caption alone when it cannot be drawn.

        Raises what `chart_data` raises.
        """
        job = (user_id, signal_id)
        self._under_way.add(job)
        try:
            await self._send(bot, user_id, await self._chart_data(signal_id))
        finally:
            self._under_way.discard(job)

    async def _send(self, bot: Bot, user_id: int, data: ChartData) -> None:
        caption = chart_caption(data.followed)
        picture = await self._draw(data)
        if picture is None:
            await bot.send_message(user_id, f"{CHART_FAILED}\n\n{caption}")
            return
        file = BufferedInputFile(picture, f"signal-{data.followed.signal.id}.png")
        await bot.send_photo(user_id, file, caption=caption)

    async def _draw(self, data: ChartData) -> bytes | None:
        try:
            async with asyncio.timeout(_DRAWING_SECONDS):
                return await asyncio.to_thread(draw_chart, data)
        except (TimeoutError, ValueError, ArithmeticError, OSError):
            _log.exception("chart failed signal=%s", data.followed.signal.id)
            return None
