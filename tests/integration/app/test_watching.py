"""The whole bot, started while its exchange is away: who looks after it, and who hears of its end.

The exchange is an address of this machine at which nobody listens.
"""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from rich.console import Console
from structlog.testing import capture_logs

from app.application import Application
from app.assembly import Surroundings
from app.clock import ExchangeClock
from app.outlets import open_terminal_outlet
from app.settings import load_settings
from app.supervisor import Supervisor
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from domain.errors import ConfigurationError
from engine.monitoring.values import Finding
from tests.contract.monitoring.webhook import PASSWORD, Webhook, listening_webhook
from tests.e2e.waiting import until_seen

NOBODY = "127.0.0.1:9"
REASON = "MASTER_KEY does not open the key of trader:5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bot:
    """The bot and whoever owns its tasks."""

    application: Application
    supervisor: Supervisor
    database_url: str

    async def notices(self) -> list[str]:
        """What admins are told, read past the bot: it may have ended."""
        database = create_database_engine(self.database_url)
        async with SqlStorage(database)() as unit:
            long_ago = ExchangeClock().now() - timedelta(days=1)
            rows = await unit.outbox.list_put_since(long_ago, prefix="notice:")
        await database.dispose()
        return [row.message.text for row in rows]

    async def run_until_it_fails(self) -> None:
        """As `run` does, but for the signals."""
        try:
            await self.supervisor.run_until(asyncio.Event())
        finally:
            await self.application.stop()


@asynccontextmanager
async def built(folder: Path, hook: Webhook, *, port: int = 0) -> AsyncIterator[Bot]:
    database_url = f"sqlite+aiosqlite:///{folder}/quorum.sqlite"
    settings = load_settings(
        {
            "DATABASE_URL": database_url,
            "EXCHANGE_REST_URL": f"http://{NOBODY}",
            "EXCHANGE_WS_URL": f"ws://{NOBODY}",
            "MONITORING_PORT": str(port),
            "BACKUPS_KEPT": "0",
            "NOTIFY_URLS": hook.address,
        },
        env_file=None,
    )
    clock = ExchangeClock()
    supervisor = Supervisor(clock)
    with capture_logs():
        application = Application(
            settings,
            Surroundings(
                clock=clock,
                supervisor=supervisor,
                wake=asyncio.Event(),
                open_outlet=lambda parts: open_terminal_outlet(parts, Console(quiet=True)),
                on_progress=lambda _done, _total: None,
                hide=lambda _secrets: None,
            ),
        )
        yield Bot(application=application, supervisor=supervisor, database_url=database_url)


@pytest.fixture
async def hook() -> AsyncIterator[Webhook]:
    async with listening_webhook() as listening:
        yield listening


async def until_it_waits(bot: Bot) -> None:
    def watches() -> bool:
        return "host clock" in {task.name for task in bot.supervisor.readings()}

    await until_seen(watches, "nobody looks after it")


async def start_until_last_run_is_told(bot: Bot) -> None:
    last_run = bot.application._parts.last_run
    bot.supervisor.spawn("start", bot.application.start())
    await asyncio.wait_for(bot.application.watching.operators.restored.wait(), 10)
    await until_seen(lambda: last_run._left_at is None, "nobody told of the last run")


async def last_seen(bot: Bot) -> datetime | None:
    database = create_database_engine(bot.database_url)
    async with SqlStorage(database)() as unit:
        seen_at = await unit.state.get_last_seen()
    await database.dispose()
    return seen_at


async def leave_behind(bot: Bot, seen_at: datetime) -> None:
    database = create_database_engine(bot.database_url)
    async with SqlStorage(database)() as unit:
        await unit.state.set_last_seen(seen_at)
        await unit.commit()
    await database.dispose()


def subjects_of(standing: Sequence[Finding]) -> list[str]:
    return [one.subject for one in standing]


async def fail() -> None:
    raise ConfigurationError(f"{REASON}, with {PASSWORD}")


async def test_a_bot_that_waits_for_its_exchange_is_read_and_only_its_watch_takes_a_stall(
    tmp_path: Path, hook: Webhook
) -> None:
    async with built(tmp_path, hook) as bot:
        watching = bot.application.watching
        bot.supervisor.spawn("start", bot.application.start())
        await until_it_waits(bot)
        watching.loop._longest = 60.0
        asked = [(await watching.read()).process.loop_lag_seconds for _ in range(2)]
        assert asked == [60.0, 60.0]
        await watching.health()
        assert watching.health.newest is not None
        assert watching.health.newest.process.loop_lag_seconds == 60.0
        assert watching.health.newest.clock.age_seconds is None
        assert [job.name for job in watching.health.newest.jobs] == ["health"]
        assert subjects_of(watching.health.standing) == ["event loop"]
        assert (await watching.read()).process.loop_lag_seconds < 60.0
        await bot.application.stop()


async def test_the_end_by_a_failure_is_told_to_admins_and_to_other_channels(
    tmp_path: Path, hook: Webhook
) -> None:
    async with built(tmp_path, hook) as bot:
        bot.supervisor.spawn("start", bot.application.start())
        await until_it_waits(bot)
        bot.supervisor.keep_running("desk", fail)
        with pytest.raises(ConfigurationError):
            await bot.run_until_it_fails()
        (told,) = await bot.notices()
        (heard,) = hook.taken
    for text in (told, heard["message"]):
        assert f"ends: {REASON}" in text
        assert PASSWORD not in text


async def test_an_end_without_a_word_is_told_by_the_next_start_and_not_at_each_of_many(
    tmp_path: Path, hook: Webhook
) -> None:
    async with built(tmp_path, hook) as bot:
        bot.supervisor.spawn("start", bot.application.start())
        await until_it_waits(bot)
        seen_at = await last_seen(bot)
        await bot.application.stop()
        assert seen_at is not None
        assert await last_seen(bot) is None
        assert await bot.notices() == []
    for _ in range(2):
        await leave_behind(bot, seen_at)  # what a process that is killed leaves behind
        async with built(tmp_path, hook) as bot:
            await start_until_last_run_is_told(bot)
            await bot.application.stop()
    (told,) = await bot.notices()
    (heard,) = hook.taken
    for text in (told, heard["message"]):
        assert f"ended without a word before this start, last seen at {seen_at:%Y-%m-%d}" in text


async def test_a_port_that_is_taken_is_wrong_until_a_start_that_can_listen_there(
    tmp_path: Path, hook: Webhook
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as another_program:
        port = another_program.getsockname()[1]
        async with built(tmp_path, hook, port=port) as bot:
            await start_until_last_run_is_told(bot)
            for _ in range(4):
                await bot.application.watching.health()
            assert "health server" in subjects_of(bot.application.watching.health.standing)
            await bot.application.stop()
    (told,) = [text for text in await bot.notices() if "health server" in text]
    assert f"cannot listen on 127.0.0.1, port {port}" in told
    async with built(tmp_path, hook, port=port) as bot:
        await start_until_last_run_is_told(bot)
        for _ in range(2):
            await bot.application.watching.health()
        assert "health server" not in subjects_of(bot.application.watching.health.standing)
        await bot.application.stop()
    (_, over) = [text for text in await bot.notices() if "health server" in text]
    assert "over" in over


async def test_a_second_bot_that_is_refused_tells_other_channels_and_not_the_database_of_the_first(
    tmp_path: Path, hook: Webhook
) -> None:
    async with built(tmp_path, hook) as first:
        first.supervisor.spawn("start", first.application.start())
        await until_it_waits(first)
        async with built(tmp_path, hook) as second:
            second.supervisor.spawn("start", second.application.start())
            with pytest.raises(ConfigurationError, match="another Quorum"):
                await second.run_until_it_fails()
        assert await first.notices() == []
        assert await last_seen(first) is not None
        await first.application.stop()
    assert ["another Quorum works on this database" in each["message"] for each in hook.taken] == [
        True
    ]
