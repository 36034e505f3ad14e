"""The soak itself: three processes, their troubles, and what is kept for the verdict."""

import asyncio
import os
import random
import sys
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.settings.strategy import Strategy
from app.strategy_file import render
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from engine.ports.storage import Storage
from tests.e2e.bot_process import BotProcess, started
from tests.e2e.line import OPERATOR_ID
from tests.e2e.waiting import until_seen
from tests.soak_run.message_rate import count_messages
from tests.soak_run.messages import is_signal
from tests.soak_run.operator import Operator
from tests.soak_run.plan import SoakPlan
from tests.soak_run.sampling import Sampler
from tests.soak_run.troubles import Troubles
from tests.soak_run.venue import VenueControl, venue_process
from tests.telegram_server import CHANNEL_ID, TOKEN, Chat, Message, TelegramServer

_READY_SECONDS = 300.0
_QUIET_SECONDS = 240.0
_LOOK_SECONDS = 0.5
_FEED_KEYS = (
    "WHALE_ALERT_API_KEY",
    "ETHERSCAN_API_KEY",
    "LUNARCRUSH_API_KEY",
    "X_BEARER_TOKEN",
)


@dataclass(slots=True, kw_only=True)
class Soak:
    """A soak under way, and what it has brought.

    `python` runs the bot. `anchor` is a monotonic second and the exchange milliseconds of that
    moment; `began` is the monotonic second at which the bot was first ready.
    """

    plan: SoakPlan
    folder: Path
    python: str
    venue: VenueControl
    telegram: TelegramServer
    channel: Chat
    operator: Operator
    troubles: Troubles
    storage: Storage
    sampler: Sampler
    anchor: tuple[float, int]
    began: float = 0.0
    bot: BotProcess | None = None
    log_files: list[Path] = field(default_factory=list)
    rates: list[Mapping[str, float]] = field(default_factory=list)
    load: list[float] = field(default_factory=list)
    venue_answers: list[tuple[float, float]] = field(default_factory=list)
    kills: int = 0
    stop_seconds: float = 0.0
    exit_code: int | None = None
    became_quiet: bool = False
    ended_ms: int = 0

    def exchange_ms(self, monotonic: float) -> int:
        """The venue's time at a monotonic second."""
        at, at_ms = self.anchor
        return at_ms + round((monotonic - at) * self.plan.speed * 1000.0)

    def monotonic(self, exchange_ms: int) -> float:
        """The monotonic second of a moment of the venue's time."""
        at, at_ms = self.anchor
        return at + (exchange_ms - at_ms) / self.plan.speed / 1000.0

    def signal_posts(self) -> list[Message]:
        """The channel's posts that carry a signal's number, in order."""
        return [post for post in self.channel.posts if is_signal(post)]

    async def run(self) -> None:
        """Play the plan to its end."""
        lives = self.plan.kills + 1
        for life in range(lives):
            async with self._bot_alive():
                if life == 0:
                    await self._count_messages()
                if life < lives - 1:
                    await self._live_until(self._time_of_kill(life))
                    await self._kill()
                else:
                    await self._live_until(self.plan.wall_seconds)
                    await self._end()

    @asynccontextmanager
    async def _bot_alive(self) -> AsyncIterator[None]:
        folder = self.folder / f"bot-{self.kills + 1}"
        began = time.monotonic()
        async with started(folder, ["run"], self._variables(), python=self.python) as bot:
            self.log_files.append(folder / "errors")
            watching = asyncio.create_task(self.sampler.watch(bot.pid, self.plan.sample_seconds))
            try:
                await until_seen(
                    lambda: '"event": "ready"' in bot.logged,
                    "the bot is not ready",
                    seconds=_READY_SECONDS,
                )
                if self.kills:
                    self.troubles.pauses.append((began, time.monotonic()))
                else:
                    self.began = time.monotonic()
                self.bot = bot
                yield
            finally:
                self.bot = None
                watching.cancel()

    async def _live_until(self, seconds: float) -> None:
        """Cause troubles until so many seconds of the soak have passed."""
        left = self.began + seconds - time.monotonic()
        try:
            async with asyncio.timeout(max(left, 0.0)), asyncio.TaskGroup() as group:
                group.create_task(self.troubles.run(self.plan.fault_seconds))
                group.create_task(self.operator.run())
                group.create_task(self._note_load())
                group.create_task(self._time_the_venue())
                group.create_task(self._notice_end())
        except TimeoutError:
            pass

    async def _notice_end(self) -> None:
        """Fail when the bot ends by itself."""
        while True:
            await asyncio.sleep(1.0)
            if self.bot is None or self.bot.find_exit_code() is not None:
                raise RuntimeError("the bot has ended by itself; its log tells why")

    async def _time_the_venue(self) -> None:
        """How long it takes to answer a trifle, in milliseconds, every few seconds."""
        while True:
            began = time.monotonic()
            await self.venue.now_ms()
            self.venue_answers.append((began, (time.monotonic() - began) * 1000.0))
            await asyncio.sleep(self.plan.sample_seconds)

    async def _note_load(self) -> None:
        while True:
            self.load.append(os.getloadavg()[0])
            await asyncio.sleep(15.0)

    def _time_of_kill(self, number: int) -> float:
        """Kills are spread over the last eighth."""
        share = 7 / 8 + number / (8 * (self.plan.kills + 1))
        return self.plan.wall_seconds * share

    async def _kill(self) -> None:
        assert self.bot is not None
        self.kills += 1
        await self.bot.kill()

    async def _end(self) -> None:
        """No more troubles or signals; wait until all is said, then ask the bot to end."""
        assert self.bot is not None
        await self.troubles.end()
        await self._count_messages()
        self.ended_ms = self.exchange_ms(time.monotonic())
        await self.operator.user.send("/pause the soak is over")
        self.became_quiet = await self._wait_until_quiet()
        began = time.monotonic()
        self.exit_code = await self.bot.terminate()
        self.stop_seconds = time.monotonic() - began

    async def _wait_until_quiet(self) -> bool:
        """Whether the outbox got empty in time; what is left then is told by the verdict."""
        try:
            async with asyncio.timeout(_QUIET_SECONDS), asyncio.TaskGroup() as group:
                answering = group.create_task(self.operator.run())
                while not await self._is_quiet():  # noqa: ASYNC110 - a process elsewhere
                    await asyncio.sleep(_LOOK_SECONDS)
                answering.cancel()
        except TimeoutError:
            return False
        return True

    async def _is_quiet(self) -> bool:
        async with self.storage() as unit:
            depth = await unit.outbox.depth()
        return not depth.pending and not self.operator.is_asked

    async def _count_messages(self) -> None:
        async with self.storage() as unit:
            symbols = [pair.symbol for pair in await unit.watchlist.list_pairs()]
        self.rates.append(await count_messages(self.venue, symbols, self.plan.count_seconds))

    def _variables(self) -> dict[str, str]:
        strategy = self.folder / "strategy.toml"
        strategy.write_text(render(Strategy, self.plan.strategy))
        return {
            "EXCHANGE_REST_URL": self.venue.rest_url,
            "EXCHANGE_WS_URL": self.venue.ws_url,
            "FEEDS_URL": f"{self.venue.rest_url}/feeds",
            "CLOCK_SPEED": f"{self.plan.speed:g}",
            "QUORUM_CONFIG": str(strategy),
            "DATABASE_URL": _database_url(self.folder),
            "TELEGRAM_BOT_TOKEN": TOKEN,
            "TELEGRAM_CHANNEL_ID": str(CHANNEL_ID),
            "TELEGRAM_ADMIN_IDS": str(OPERATOR_ID),
            "TELEGRAM_API_URL": self.telegram.base_url,
            "AUTO_EXECUTE": "on",
            "LOG_FORMAT": "json",
            **dict.fromkeys(_FEED_KEYS, "any"),
        }


@asynccontextmanager
async def open_soak(
    plan: SoakPlan, folder: Path, python: str = sys.executable
) -> AsyncIterator[Soak]:
    """Start the venue and the Bot API server of a soak; everything ends on leaving."""
    database = create_database_engine(_database_url(folder))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(database.dispose)
        venue = await stack.enter_async_context(venue_process(plan))
        telegram = await stack.enter_async_context(TelegramServer())
        user, channel, sampler = telegram.user(OPERATOR_ID, "Ada"), telegram.channel(), Sampler()
        await user.send("/start")
        soak = Soak(
            plan=plan,
            folder=folder,
            python=python,
            venue=venue,
            telegram=telegram,
            channel=channel,
            operator=Operator(user=user, journal=telegram.journal),
            troubles=Troubles(
                venue=venue,
                telegram=telegram,
                channel=channel,
                find_pid=lambda: None if soak.bot is None else soak.bot.pid,
                draw=random.Random(plan.seed),
            ),
            storage=SqlStorage(database),
            sampler=sampler,
            anchor=(time.monotonic(), await venue.now_ms()),
        )
        yield soak


def _database_url(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder.resolve() / 'soak.sqlite'}"
