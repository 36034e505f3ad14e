"""The host's clock is set while the bot is at work, and the host sleeps."""

import os
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Final

from domain.timeframes import Timeframe
from tests.chaos.case import Case
from tests.chaos.ground import (
    PATIENCE,
    assert_alive,
    assert_nothing_lost_or_doubled,
    decided_at,
    wait_for_decisions,
    wait_for_new_post,
)
from tests.chaos.stepped_clock import SteppedClock
from tests.e2e.bot_process import BotProcess, started, telegram_variables, variables_for
from tests.e2e.line import Line, open_line
from tests.e2e.record import read_record
from tests.e2e.waiting import until

_SPEED: Final = 240.0
"""A quarter of an hour in 3.75 s."""

_PAIRS: Final = 4
_CLOSES: Final = 4
_HOUR: Final = timedelta(hours=1)


async def set_forward(folder: Path) -> None:
    """By an hour."""
    await _set(folder, _HOUR)


async def set_back(folder: Path) -> None:
    """By an hour: what is planned by the host's time seems an hour away."""
    await _set(folder, -_HOUR)


async def host_slept(folder: Path) -> None:
    """For an hour, in which the monotonic clock stood still and the exchange went on."""
    async with _bot_at_work(folder) as (line, bot, clock):
        before = len((await read_record(line.storage)).published)
        os.kill(bot.pid, signal.SIGSTOP)
        line.venue.faults.drop()
        slept = _HOUR / _SPEED
        line.wall.skipped += slept.total_seconds()
        clock.step(slept.total_seconds())
        woken_at = line.now()
        os.kill(bot.pid, signal.SIGCONT)
        await wait_for_new_post(line)
        record = await read_record(line.storage)
        new = [one.signal for one in record.signals if one.signal.id > before]
        oldest = Timeframe.M15.previous_boundary(woken_at)
        assert [one.decision.as_of for one in new if one.decision.as_of < oldest] == []
        assert_alive(bot)
        await assert_nothing_lost_or_doubled(line)


async def _set(folder: Path, by: timedelta) -> None:
    async with _bot_at_work(folder) as (line, bot, clock):
        clock.step(by.total_seconds())
        first = Timeframe.M15.next_boundary(line.now())
        await _wait_for_closes(line, first)
        assert_alive(bot)
        await wait_for_new_post(line)
        await assert_nothing_lost_or_doubled(line)


async def _wait_for_closes(line: Line, first: datetime) -> None:
    """Wait until some closes from the first on were decided on, none of them twice.

    One or another may be missed by a machine that is too busy for this speed.
    """

    async def look() -> bool:
        return await _count_closes(line, first) >= _CLOSES

    await until(look, f"closes from {first} on are not decided", seconds=PATIENCE, pause=0.5)


async def _count_closes(line: Line, first: datetime) -> int:
    boundary, decided = first, []
    while boundary <= line.now():
        decided.append(await decided_at(line, boundary))
        boundary += Timeframe.M15.length
    assert max(decided, default=0) <= _PAIRS
    return sum(count == _PAIRS for count in decided)


@asynccontextmanager
async def _bot_at_work(folder: Path) -> AsyncIterator[tuple[Line, BotProcess, SteppedClock]]:
    """A bot of its own program, for a clock is laid under a process when it starts."""
    clock = SteppedClock(folder)
    url = f"sqlite:///{folder}/quorum.sqlite"
    async with open_line(url, pairs=_PAIRS, speed=_SPEED) as line:
        variables = {
            **variables_for(line, folder),
            **telegram_variables(line),
            **clock.variables,
            "DATABASE_URL": url,
            "CLOCK_SPEED": f"{_SPEED:g}",
        }
        async with started(folder / "bot", ["run"], variables) as bot:
            await wait_for_decisions(line)
            yield line, bot, clock


CASES = (
    Case(
        fault="host's clock set forward by 1 h",
        expected="closes go on by exchange time, none decided on twice",
        play=set_forward,
    ),
    Case(
        fault="host's clock set back by 1 h",
        expected="closes go on by exchange time, none decided on twice",
        play=set_back,
    ),
    Case(
        fault="host asleep for 1 h",
        expected="no signal on a candle from before, goes on by itself",
        play=host_slept,
    ),
)
