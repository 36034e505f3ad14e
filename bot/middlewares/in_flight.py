"""Counts updates that are being handled, so that a shutdown can let them finish."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from aiogram import BaseMiddleware
from aiogram.types import TelegramObject


class InFlightMiddleware(BaseMiddleware):
    """Outer, on updates: the dispatcher itself does not wait for handlers when polling stops."""

    def __init__(self) -> None:
        self._count = 0
        self._is_idle = asyncio.Event()
        self._is_idle.set()

    async def __call__(
        self,
        handler: Callable[[TelegramObject, dict[str, Any]], Awaitable[Any]],
        event: TelegramObject,
        data: dict[str, Any],
    ) -> Any:
        """Count in, handle, count out."""
        self._count += 1
        self._is_idle.clear()
        try:
            return await handler(event, data)
        finally:
            self._count -= 1
            if self._count == 0:
                self._is_idle.set()

    async def wait_idle(self) -> None:
        """Wait until no handler runs."""
        await self._is_idle.wait()
