"""/connect: a trader hands over the key of his own exchange account.

The message is deleted before this is reached (`bot.middlewares.erasing`); nothing here repeats or
logs what it said.
"""

import logging

from aiogram.filters import CommandObject
from aiogram.types import Message

from bot.presenters.connecting import (
    CONNECT_FORWARDED,
    CONNECT_HELP,
    CONNECT_IN_PRIVATE,
    CONNECT_MALFORMED,
    KEY_MESSAGE_DELETED,
    KEY_MESSAGE_REMAINS,
    render_connected,
)
from bot.presenters.denials import render_denied
from bot.presenters.trade_conversation import TRADE_IN_PRIVATE, TRADERS_ONLY
from bot.trade_arguments import parse_credentials
from bot.use_cases import BotUseCases
from bot.visitors import Visitor
from domain.plans import Denied

_log = logging.getLogger(__name__)


class ConnectCommand:
    """The handler of /connect."""

    def __init__(self, use_cases: BotUseCases) -> None:
        self._use_cases = use_cases

    async def reply(
        self, message: Message, command: CommandObject, visitor: Visitor, *, is_erased: bool | None
    ) -> None:
        """First what became of the message with the key, then the answer."""
        if is_erased is not None:
            await message.answer(KEY_MESSAGE_DELETED if is_erased else KEY_MESSAGE_REMAINS)
        if is_erased is not None and message.forward_origin is not None:
            await message.answer(CONNECT_FORWARDED)
        else:
            await message.answer(await self._answer(command, visitor))

    async def _answer(self, command: CommandObject, visitor: Visitor) -> str:
        if not visitor.may_trade_here:
            _log.warning("refused command=connect user=%s", visitor.user_id)
            return _refusal(visitor, shows_key=bool(command.args))
        if not command.args:
            return CONNECT_HELP
        return await self._connect(command.args, visitor.user_id)

    async def _connect(self, arguments: str, user_id: int) -> str:
        credentials = parse_credentials(arguments)
        if credentials is None:
            return CONNECT_MALFORMED
        outcome = await self._use_cases.connect(user_id, credentials.key, credentials.secret)
        if isinstance(outcome, Denied):
            _log.warning("connect denied user=%s", user_id)
            return render_denied(outcome)
        _log.warning("connected user=%s account=%s", user_id, outcome.account)
        return render_connected(outcome)


def _refusal(visitor: Visitor, *, shows_key: bool) -> str:
    if not visitor.is_private and shows_key:
        return CONNECT_IN_PRIVATE
    return TRADE_IN_PRIVATE if visitor.is_trader else TRADERS_ONLY
