"""A process of the model: it may be killed at any call of storage and at any request."""

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from domain.errors import StorageUnavailableError
from engine.ports.storage import Storage
from tests.unit.execution.desk.mortal_storage import KilledError, MortalStorage


class Life(MortalStorage):
    """`died` is set when it is over."""

    def __init__(self, kept: Storage) -> None:
        super().__init__(kept)
        self.died = asyncio.Event()
        self.is_storage_away = False

    def __call__(self) -> Any:
        if self.is_storage_away:
            raise StorageUnavailableError("the disc is full")
        return super().__call__()

    def end_after(self, calls: int, *, is_late: bool) -> None:
        """So many more calls are carried out; with `is_late` the last of them, too."""
        self._dies_at = self.calls + calls
        self._is_late = is_late

    async def step(self, call: Callable[[], Any]) -> Any:
        try:
            return await super().step(call)
        except KilledError:
            self.died.set()
            raise


class Mistakes(logging.Handler):
    """Collects what the engine's log says of mistakes of ours: it goes on, and hides them."""

    def __init__(self) -> None:
        super().__init__()
        self.texts: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        text = record.getMessage()
        if record.exc_info or "is not possible in state" in text:
            self.texts.append(text)
