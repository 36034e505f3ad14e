"""The database is stopped, or held by another writer, while the bot is at work."""

import asyncio
import sqlite3
import time
from pathlib import Path

from tests.chaos.case import Case
from tests.chaos.ground import (
    assert_alive,
    assert_nothing_lost_or_doubled,
    bot_at_work,
    pass_closes,
    wait_for_new_post,
)
from tests.chaos.servers import restartable_postgres
from tests.e2e.line import Line, open_line

_LONG_SECONDS = 45.0
"""Longer than a task that crashes at once is restarted: then the process would end."""

_LOCKED_SECONDS = 15.0
"""Longer than a unit of work waits for SQLite's lock."""


async def postgresql_stopped_over_closes(folder: Path) -> None:
    """Two closes without it: nothing is issued or posted; it goes on by itself."""
    with restartable_postgres() as (url, server):
        async with open_line(url, pairs=4) as line, bot_at_work(line, folder) as bot:
            await server.stop()
            before = len(line.channel.posts)
            await pass_closes(line, 2)
            assert_alive(bot)
            assert len(line.channel.posts) == before
            await server.start()
            await wait_for_new_post(line)
            await assert_nothing_lost_or_doubled(line)
            assert await bot.terminate() == 0


async def postgresql_stopped_for_long(folder: Path) -> None:
    """Long enough for every task that cannot do without it to have crashed for good."""
    with restartable_postgres() as (url, server):
        async with open_line(url, pairs=4) as line, bot_at_work(line, folder) as bot:
            await server.stop()
            await asyncio.sleep(_LONG_SECONDS)
            assert_alive(bot)
            await server.start()
            await wait_for_new_post(line)
            await assert_nothing_lost_or_doubled(line)


async def sqlite_held_by_another_writer(folder: Path) -> None:
    """Somebody begins to write and does not end."""
    file = folder / "quorum.sqlite"
    async with open_line(f"sqlite:///{file}", pairs=4) as line, bot_at_work(line, folder) as bot:
        other = sqlite3.connect(file, isolation_level=None, timeout=60)
        other.execute("BEGIN IMMEDIATE")
        try:
            before = _numbers(line)
            locked_at = time.monotonic()
            await line.ask("/health", "SQLite does not answer")
            await asyncio.sleep(locked_at + _LOCKED_SECONDS - time.monotonic())
            assert_alive(bot)
            assert _numbers(line) == before
        finally:
            other.execute("ROLLBACK")
            other.close()
        await wait_for_new_post(line)
        await assert_nothing_lost_or_doubled(line)


def _numbers(line: Line) -> int:
    return len(line.posts())


CASES = (
    Case(
        fault="PostgreSQL stopped over two closes",
        expected="nothing issued or posted, process alive, goes on by itself",
        play=postgresql_stopped_over_closes,
    ),
    Case(
        fault="PostgreSQL stopped for 45 s",
        expected="process alive however long it takes, goes on by itself",
        play=postgresql_stopped_for_long,
    ),
    Case(
        fault="SQLite locked by another writer for 15 s",
        expected="nothing issued or posted, /health says so, process alive, goes on by itself",
        play=sqlite_held_by_another_writer,
    ),
)
