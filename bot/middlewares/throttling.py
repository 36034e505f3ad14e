"""Slows down whoever writes or presses too fast, before anything is looked up for him."""

from collections import OrderedDict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any, Final

from aiogram import BaseMiddleware
from aiogram.types import CallbackQuery, Message, TelegramObject, User

from bot.pace import CellRate
from bot.presenters.conversation import TOO_FAST
from engine.ports.clock import Clock

_INTERVAL_SECONDS: Final = 1.0
_BURST: Final = 6
"""A person may ask six things at once, then one a second."""

_MOST_USERS: Final = 10_000
"""Of more, the ones not heard of for longest are forgotten."""


@dataclass(slots=True)
class _Allowance:
    rate: CellRate
    is_warned: bool = False


class ThrottlingMiddleware(BaseMiddleware):
    """Outer, on messages and on presses. Presses are answered even when they are refused."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._allowances: OrderedDict[int, _Allowance] = OrderedDict()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Go on, or refuse."""
        user: User | None = data.get("event_from_user")
        allowance = self._allowance(user.id if user is not None else 0)
        now = self._clock.monotonic()
        if allowance.rate.delay(now) > 0:
            return await self._refuse(event, allowance)
        allowance.rate.take(now)
        allowance.is_warned = False
        return await handler(event, data)

    def _allowance(self, user_id: int) -> _Allowance:
        if user_id not in self._allowances:
            self._allowances[user_id] = _Allowance(CellRate(_INTERVAL_SECONDS, _BURST))
        self._allowances.move_to_end(user_id)
        if len(self._allowances) > _MOST_USERS:
            self._allowances.popitem(last=False)
        return self._allowances[user_id]

    async def _refuse(self, event: TelegramObject, allowance: _Allowance) -> None:
        if isinstance(event, CallbackQuery):
            await event.answer(TOO_FAST)
        elif isinstance(event, Message) and not allowance.is_warned:
            # Said once: answering every message of a flood would be a flood, too.
            allowance.is_warned = True
            await event.answer(TOO_FAST)
