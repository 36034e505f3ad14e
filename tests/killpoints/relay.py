"""Keeps a bot alive: whoever dies is followed by the next one, on the same database."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import Any, Final

from tests.killpoints.ground import Bot, BotDiedError, Ground

DOWN_SECONDS: Final = 0.5
"""From a death to the next start: the market does not wait for it."""


class Relay:
    """The first bot dies at `kill_at`; `down` tells in venue milliseconds when none was alive."""

    def __init__(self, ground: Ground, kill_at: str | None) -> None:
        self.down: list[tuple[int, int]] = []
        self.problems: list[str] = []
        self._ground = ground
        self._kill_at = kill_at
        self._bot: Bot | None = None
        self._change = asyncio.Event()
        self._is_ending = False

    async def ask(self, command: str) -> Any:
        """What the bot that lives answers; when it dies over it, the next one is asked."""
        while True:
            bot = await self._living()
            try:
                return await bot.ask(command)
            except BotDiedError:
                self._bot = None

    async def end(self) -> list[str]:
        """Let the bot end in peace; the boundaries that it passed."""
        self._is_ending = True
        reached: list[str] = await self.ask("stop")
        return reached

    async def keep_going(self) -> None:
        """Replace whoever died."""
        kill_at = self._kill_at
        while True:
            bot = Bot(self._ground.orders(kill_at))
            if self.down:
                self.down[-1] = (self.down[-1][0], self._ground.now_ms())
            try:
                await self._attend(bot)
            finally:
                bot.end()
            died_ms = self._ground.now_ms()
            self._bot = None
            if bot.process.exitcode == 0 and self._is_ending:
                return
            if kill_at is None or bot.process.exitcode != -signal.SIGKILL:
                self.problems.append(f"a bot ended by itself with {bot.process.exitcode}")
                raise RuntimeError(self.problems[-1])
            kill_at = None
            self.down.append((died_ms, died_ms))
            await asyncio.sleep(DOWN_SECONDS)

    async def _attend(self, bot: Bot) -> None:
        with suppress(BotDiedError):
            await bot.hear()
            self._bot = bot
            self._change.set()
        await bot.death()

    async def _living(self) -> Bot:
        while self._bot is None:
            self._change.clear()
            await self._change.wait()
        return self._bot


@asynccontextmanager
async def relay(ground: Ground, kill_at: str | None) -> AsyncIterator[Relay]:
    """A relay at work; what goes wrong with it ends the block."""
    running = Relay(ground, kill_at)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(running.keep_going())
        try:
            yield running
        finally:
            if not running._is_ending:
                task.cancel()
