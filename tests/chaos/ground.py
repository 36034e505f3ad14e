"""What the cases share: a bot as a process, and what is looked at before, during and after."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from domain.errors import StorageUnavailableError
from domain.timeframes import Timeframe
from tests.e2e.bot_process import BotProcess, forked, telegram_variables, variables_for
from tests.e2e.line import MORNING, Line
from tests.e2e.record import assert_channel_tells_the_record, read_outbox, read_record
from tests.e2e.waiting import until
from tests.telegram_server.watch import PATIENCE_SECONDS

PATIENCE: Final = max(120.0, PATIENCE_SECONDS)
"""Wall seconds: the machine may be busy."""


@asynccontextmanager
async def bot_at_work(line: Line, folder: Path, **variables: str) -> AsyncIterator[BotProcess]:
    """A bot as a process that has posted a signal."""
    url = line.settings.storage.database_url.get_secret_value()
    given = {
        **variables_for(line, folder),
        **telegram_variables(line),
        "DATABASE_URL": url,
        **variables,
    }
    async with forked(folder / "bot", ["run"], given) as bot:
        await wait_for_signals(line, 1)
        await line.wait_for_posts(1)
        yield bot


async def published(line: Line) -> list[int]:
    """Numbers of the signals in the record."""
    return (await read_record(line.storage)).published


async def wait_for_signals(line: Line, count: int) -> None:
    """Wait until so many signals are in the record."""

    async def look() -> bool:
        with suppress(StorageUnavailableError):  # its tables are made when the bot starts
            return len(await published(line)) >= count
        return False

    await until(look, f"there were no {count} signals", seconds=PATIENCE, pause=0.2)


async def wait_for_decisions(line: Line) -> None:
    """Wait until some close was decided on."""

    async def look() -> bool:
        with suppress(StorageUnavailableError):  # its tables are made when the bot starts
            async with line.storage() as unit:
                found = await unit.decisions.count_between(MORNING, line.now())
            return found.decided > 0
        return False

    await until(look, "nothing was decided", seconds=PATIENCE, pause=0.2)


async def wait_for_new_post(line: Line) -> None:
    """Wait for the post of a signal that is decided on from now on."""
    known = len(await published(line))
    await wait_for_signals(line, known + 1)
    await line.wait_for_posts(known + 1)


async def pass_closes(line: Line, closes: int) -> datetime:
    """Let candle closes pass; the last of them."""
    last = line.now() + closes * Timeframe.M15.length
    await line.pass_time(last + timedelta(minutes=1))
    return Timeframe.M15.previous_boundary(last)


async def decided_at(line: Line, boundary: datetime) -> int:
    """How many pairs were decided on at a close."""
    async with line.storage() as unit:
        found = await unit.decisions.count_between(boundary, boundary + Timeframe.M15.length)
    return found.decided


async def assert_nothing_lost_or_doubled(line: Line) -> None:
    """The chain is whole, each signal stands in the channel once, and nobody had to be asked."""
    await assert_channel_tells_the_record(line)
    keys = [row.message.key for row in await read_outbox(line.storage)]
    assert not [key for key in keys if key.startswith("doubt")]


def assert_alive(bot: BotProcess) -> None:
    """The process has not ended."""
    assert bot.find_exit_code() is None, bot.logged[-2000:]
