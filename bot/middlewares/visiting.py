"""Resolves the visitor of a message or press once and hands him to the handler."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import Message, TelegramObject, User

from bot.visitors import Visitor, is_private, speaks_as_himself
from domain.access import Role


class VisitorMiddleware(BaseMiddleware):
    """Puts a `Visitor` under the name "visitor". Outer, on messages and on presses."""

    def __init__(self, role_of: Callable[[int], Awaitable[Role]]) -> None:
        self._role_of = role_of

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Resolve, then go on."""
        data["visitor"] = await self._visitor(event, data)
        return await handler(event, data)

    async def _visitor(self, event: TelegramObject, data: dict[str, Any]) -> Visitor:
        user: User | None = data.get("event_from_user")
        sender_chat = event.sender_chat if isinstance(event, Message) else None
        is_person = speaks_as_himself(user, sender_chat)
        user_id = user.id if user is not None else 0
        return Visitor(
            user_id=user_id,
            role=await self._role_of(user_id) if is_person else Role.GUEST,
            is_person=is_person,
            is_private=is_private(data.get("event_chat")),
        )
