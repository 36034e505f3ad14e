"""The disk takes no more: database and log cannot grow."""

import resource
import sqlite3
from pathlib import Path
from typing import Final

from tests.chaos.case import Case
from tests.chaos.ground import (
    assert_alive,
    assert_nothing_lost_or_doubled,
    bot_at_work,
    decided_at,
    pass_closes,
    published,
    wait_for_new_post,
)
from tests.e2e.line import open_line

_ROOM_BYTES: Final = 32_768
"""A few pages: a larger transaction is cut off in the middle."""


async def no_room(folder: Path) -> None:
    """The kernel refuses every write behind the first bytes of a file, in the bot alone."""
    file = folder / "quorum.sqlite"
    async with open_line(f"sqlite:///{file}", pairs=4) as line, bot_at_work(line, folder) as bot:
        _, most = resource.prlimit(bot.pid, resource.RLIMIT_FSIZE)
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (_ROOM_BYTES, most))
        before = await published(line)
        last = await pass_closes(line, 3)
        assert_alive(bot)
        assert await published(line) == before
        assert await decided_at(line, last) == 0
        resource.prlimit(bot.pid, resource.RLIMIT_FSIZE, (most, most))
        await wait_for_new_post(line)
        await assert_nothing_lost_or_doubled(line)
        assert await bot.terminate() == 0
    with sqlite3.connect(file) as database:
        assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    database.close()


CASES = (
    Case(
        fault="disk full over three closes",
        expected="nothing issued or posted, process alive, database whole, goes on by itself",
        play=no_room,
    ),
)
