"""Draws charts off the event loop and sends them to one person's private chat."""

from collections.abc import Awaitable, Callable
from functools import partial

from aiogram import Bot
from aiogram.types import BufferedInputFile

from bot.charts import draw_chart
from bot.pictures import draw_aside
from bot.presenters.chart_caption import chart_caption
from bot.presenters.conversation import CHART_FAILED
from engine.reports import ChartData


class ChartDesk:
    """Sends charts; the same chart to the same person only once at a time."""

    def __init__(self, chart_data: Callable[[int], Awaitable[ChartData]]) -> None:
        self._chart_data = chart_data
        self._under_way: set[tuple[int, int]] = set()

    def is_under_way(self, user_id: int, signal_id: int) -> bool:
        """Whether this person is about to get this chart."""
        return (user_id, signal_id) in self._under_way

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
        subject = f"chart of signal {data.followed.signal.id}"
        picture = await draw_aside(partial(draw_chart, data), subject)
        if picture is None:
            await bot.send_message(user_id, f"{CHART_FAILED}\n\n{caption}")
            return
        file = BufferedInputFile(picture, f"signal-{data.followed.signal.id}.png")
        await bot.send_photo(user_id, file, caption=caption)
