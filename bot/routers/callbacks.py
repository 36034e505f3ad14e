"""Presses of buttons. Data is untrusted: the subject is looked up, the presser is checked.

Everything here may be pressed twice, or a week late; every press is answered.
"""

import logging
from contextlib import suppress

from aiogram import Bot, F, Router
from aiogram.enums import ChatAction
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery

from bot.arguments import chart_link
from bot.chart_desk import ChartDesk
from bot.keyboards import Press
from bot.presenters.conversation import (
    ADMIN_ONLY,
    CHART_ON_ITS_WAY,
    MARKED_ARRIVED,
    RESEND_QUEUED,
    STALE_BUTTON,
)
from bot.presenters.popup import popup_summary
from bot.reachability import can_reach
from bot.refusals import words_for
from bot.use_cases import BotUseCases
from bot.visitors import Visitor
from domain.errors import QuorumError
from domain.messages import Action

_log = logging.getLogger(__name__)


class Presses:
    """Handlers of the buttons."""

    def __init__(self, use_cases: BotUseCases, charts: ChartDesk) -> None:
        self._use_cases = use_cases
        self._charts = charts

    async def why(self, query: CallbackQuery, callback_data: Press) -> None:
        """The top reasons, for the presser's eyes only."""
        followed = await self._use_cases.find_signal(callback_data.subject)
        await query.answer(popup_summary(followed), show_alert=True)

    async def chart(
        self, query: CallbackQuery, callback_data: Press, visitor: Visitor, bot: Bot
    ) -> None:
        """The chart into the presser's private chat, or a link that opens that chat first."""
        user_id, signal_id = visitor.user_id, callback_data.subject
        if self._charts.is_under_way(user_id, signal_id):
            await query.answer(CHART_ON_ITS_WAY)
            return
        await self._use_cases.find_signal(signal_id)
        if not await can_reach(bot, user_id, ChatAction.UPLOAD_PHOTO):
            username = (await bot.me()).username or ""
            await query.answer(url=chart_link(username, signal_id))
            return
        # Answered before the slow part: a press has to be answered within seconds.
        await query.answer(CHART_ON_ITS_WAY)
        try:
            await self._charts.send(bot, user_id, signal_id)
        except QuorumError as error:
            await bot.send_message(user_id, words_for(error))

    async def settle(
        self, query: CallbackQuery, callback_data: Press, visitor: Visitor, bot: Bot
    ) -> None:
        """An operator says what became of a message in doubt."""
        if not visitor.is_operator:
            _log.warning("refused press=%s user=%s", callback_data.action, visitor.user_id)
            await query.answer(ADMIN_ONLY, show_alert=True)
            return
        arrived = callback_data.action is Action.ARRIVED
        await self._use_cases.resolve_delivery(callback_data.subject, arrived=arrived)
        _log.info(
            "admin settled row=%s arrived=%s user=%s",
            callback_data.subject,
            arrived,
            visitor.user_id,
        )
        await query.answer(MARKED_ARRIVED if arrived else RESEND_QUEUED)
        await _remove_buttons(query, bot)


async def stale(query: CallbackQuery) -> None:
    """Anything that no other handler knows: old versions, forged data."""
    await query.answer(STALE_BUTTON, show_alert=True)


def build_callbacks_router(use_cases: BotUseCases, charts: ChartDesk) -> Router:
    """All buttons, and at the end the answer to every other press."""
    router = Router(name="callbacks")
    presses = Presses(use_cases, charts)
    settling = F.action.in_({Action.RESEND, Action.ARRIVED})
    router.callback_query.register(presses.why, Press.filter(F.action == Action.WHY))
    router.callback_query.register(presses.chart, Press.filter(F.action == Action.CHART))
    router.callback_query.register(presses.settle, Press.filter(settling))
    router.callback_query.register(stale)
    return router


async def _remove_buttons(query: CallbackQuery, bot: Bot) -> None:
    if query.message is None:
        return
    with suppress(TelegramBadRequest):
        await bot.edit_message_reply_markup(
            chat_id=query.message.chat.id, message_id=query.message.message_id, reply_markup=None
        )
