"""The exchange is gone for 20 minutes, REST and streams."""

from datetime import timedelta
from pathlib import Path
from typing import Final

from app.application import Application
from domain.signals import FollowedSignal
from domain.timeframes import Timeframe
from engine.lifecycle import advance, next_candle_index, start_course
from tests.chaos.case import Case
from tests.chaos.ground import PATIENCE
from tests.e2e.line import Line, open_line
from tests.e2e.record import assert_channel_tells_the_record, read_record
from tests.e2e.scene import Scene
from tests.e2e.waiting import until

_AWAY: Final = timedelta(minutes=20)
_LIFETIME: Final = 75
"""Minutes that decide on a signal of these settings."""


async def gone_for_twenty_minutes(folder: Path) -> None:
    """No decision meanwhile; afterwards on whole candles; signals end as if nothing had been."""
    async with open_line(f"sqlite:///{folder}/quorum.sqlite", pairs=4) as line, line.bot() as bot:
        scene = Scene(line=line, bot=bot)
        await line.wait_for_posts(1)
        await scene.wait_for_whole_close()
        live = await _live(line)
        boundary = Timeframe.M15.next_boundary(line.now())
        await line.venue.stop()
        await line.pass_time(max(line.now() + _AWAY, boundary + timedelta(minutes=2)))
        assert not await scene.decided_at(boundary, 1)
        await line.venue.start()
        await scene.wait_for_whole_close()
        await scene.assert_as_rest_tells(scene.symbols)
        await _assert_end_as_if_nothing_had_been(line, bot, live)
        await assert_channel_tells_the_record(line)


async def _live(line: Line) -> list[int]:
    async with line.storage() as unit:
        return [followed.signal.id for followed in await unit.signals.list_live()]


async def _assert_end_as_if_nothing_had_been(
    line: Line, bot: Application, numbers: list[int]
) -> None:
    async def look() -> list[FollowedSignal] | None:
        record = await read_record(line.storage)
        found = [one for one in record.signals if one.signal.id in numbers]
        return found if set(numbers) <= set(record.ended) else None

    ended = await until(look, f"signals {numbers} do not end", seconds=PATIENCE)
    for followed in ended:
        assert followed.course == await _course_by_rest(bot, followed)


async def _course_by_rest(bot: Application, followed: FollowedSignal) -> object:
    signal, course = followed.signal, start_course(followed.signal)
    series = await bot.data.facts.fetch_candles(
        signal.plan.symbol,
        Timeframe.M1,
        first_index=next_candle_index(signal, course),
        count=_LIFETIME,
    )
    assert series is not None
    for position in range(len(series)):
        course, _ = advance(signal, course, series.candle(position))
    return course


CASES = (
    Case(
        fault="exchange gone for 20 minutes, REST and streams",
        expected="no decision meanwhile, gap mended, outcomes as if nothing had been",
        play=gone_for_twenty_minutes,
    ),
)
