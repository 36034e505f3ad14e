"""Presses about trades. Data is untrusted: the presser is checked by his numeric id, the intent's
owner by the use case; a press is answered before anything is traded.
"""

import logging
from collections.abc import Awaitable, Callable, Mapping

from aiogram import Bot, F, Router
from aiogram.enums import ChatAction
from aiogram.exceptions import TelegramBadRequest
from aiogram.types import CallbackQuery

from bot.arguments import execution_link
from bot.keyboards import Press
from bot.presenters.denials import as_popup
from bot.presenters.trade_conversation import (
    CHECKING,
    CONFIRMING,
    PRESS_TOO_OLD,
    TRADERS_ONLY,
)
from bot.reachability import can_reach
from bot.telegram_errors import is_too_old
from bot.trade_answers import SHARES, Reply, TradeAnswers
from bot.use_cases import BotUseCases
from bot.visitors import Visitor
from domain.messages import Action

_log = logging.getLogger(__name__)


class TradePresses:
    """Handlers of the buttons about trades."""

    def __init__(self, use_cases: BotUseCases) -> None:
        self._answers = TradeAnswers(use_cases)

    async def execute(
        self, query: CallbackQuery, callback_data: Press, visitor: Visitor, bot: Bot
    ) -> None:
        """Offer the trade in the presser's private chat, or lead him there first."""
        user_id, signal_id = visitor.user_id, callback_data.subject
        if not await can_reach(bot, user_id, ChatAction.TYPING):
            username = (await bot.me()).username or ""
            await query.answer(url=execution_link(username, signal_id))
            return
        _log.info("execute signal=%s user=%s", signal_id, user_id)
        await _trade(query, bot, CHECKING, lambda: self._answers.execute(signal_id, user_id))

    async def confirm(
        self, query: CallbackQuery, callback_data: Press, visitor: Visitor, bot: Bot
    ) -> None:
        """Carry the offer out."""
        user_id, intent_id = visitor.user_id, callback_data.subject
        _log.info("confirm intent=%s user=%s", intent_id, user_id)
        await _trade(query, bot, CONFIRMING, lambda: self._answers.confirm(intent_id, user_id))

    async def resize(self, query: CallbackQuery, callback_data: Press, visitor: Visitor) -> None:
        """Half or full size."""
        share = SHARES[callback_data.action]
        await _show(
            query, await self._answers.resize(callback_data.subject, visitor.user_id, share)
        )

    async def decline(self, query: CallbackQuery, callback_data: Press, visitor: Visitor) -> None:
        """Take the offer back."""
        await _show(query, await self._answers.decline(callback_data.subject, visitor.user_id))

    async def custom(self, query: CallbackQuery, callback_data: Press, visitor: Visitor) -> None:
        """Ask for a percentage; it is typed as a message, so the question must stay readable."""
        text = await self._answers.ask_share(callback_data.subject, visitor.user_id)
        await query.answer(as_popup(text), show_alert=True)


async def refuse(query: CallbackQuery, callback_data: Press, visitor: Visitor) -> None:
    """Anybody else who presses such a button, or forges its data."""
    _log.warning("refused press=%s user=%s", callback_data.action, visitor.user_id)
    await query.answer(as_popup(TRADERS_ONLY), show_alert=True)


def is_trader(_query: CallbackQuery, visitor: Visitor) -> bool:
    """Filter: the presser may trade."""
    return visitor.is_trader


def build_trade_presses_router(use_cases: BotUseCases) -> Router:
    """The buttons about trades, and the refusal of everybody else right behind them."""
    router = Router(name="trade presses")
    presses = TradePresses(use_cases)
    handlers: Mapping[Action, Callable[..., Awaitable[None]]] = {
        Action.EXECUTE: presses.execute,
        Action.CONFIRM: presses.confirm,
        Action.HALF: presses.resize,
        Action.FULL: presses.resize,
        Action.CUSTOM: presses.custom,
        Action.DECLINE: presses.decline,
    }
    for action, handler in handlers.items():
        router.callback_query.register(handler, Press.filter(F.action == action), is_trader)
    router.callback_query.register(refuse, Press.filter(F.action.in_(set(handlers))))
    return router


async def _show(query: CallbackQuery, reply: Reply) -> None:
    """A refusal stays until it is read, anything else passes by."""
    await query.answer(as_popup(reply.text), show_alert=reply.is_refusal)


async def _trade(
    query: CallbackQuery, bot: Bot, words: str, carry_out: Callable[[], Awaitable[str | None]]
) -> None:
    """Answer, then carry out, then tell in private what stands against it.

    A press has no date. One that can no longer be answered was made long ago: the presser has gone
    on, and the market, too, so nothing is done.
    """
    user_id = query.from_user.id
    try:
        await query.answer(words)
    except TelegramBadRequest as error:
        if not is_too_old(error):
            raise
        _log.warning("press too old, nothing done user=%s data=%s", user_id, query.data)
        await bot.send_message(user_id, PRESS_TOO_OLD)
        return
    text = await carry_out()
    if text is not None:
        await bot.send_message(user_id, text)
