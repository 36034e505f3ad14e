"""Between trigger and job: not before the close has come, and once for each."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta

import pytest

from app.candle_close_job import CandleCloseJob
from app.candle_close_trigger import CandleCloseTrigger
from app.clock import ExchangeClock
from domain.timeframes import Timeframe
from tests.fakes.clock import AFTERNOON, run_leaping

MINUTE = timedelta(minutes=1)


def runs_at(
    *looks: timedelta, delay: timedelta = timedelta(0), speed: float = 1.0
) -> list[datetime]:
    """Exchange times at which the job ran, woken at instants around 14:00."""

    async def wake() -> list[datetime]:
        clock = ExchangeClock(speed=speed, monotonic=asyncio.get_running_loop().time)
        trigger = CandleCloseTrigger(clock, Timeframe.M15, delay)
        begun: list[datetime] = []

        async def job() -> None:
            begun.append(clock.now())

        at_close: Callable[[], Awaitable[None]] = CandleCloseJob(job, trigger, clock)
        for look in looks:
            clock.align(AFTERNOON + look, clock.monotonic())
            await at_close()
        return begun

    return run_leaping(wake())


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=2), 7 * MINUTE])
def test_job_woken_after_the_close_runs_at_once(late: timedelta) -> None:
    assert runs_at(late) == [AFTERNOON + late]


@pytest.mark.parametrize("speed", [1.0, 600.0])
@pytest.mark.parametrize("early", [timedelta(milliseconds=1), timedelta(seconds=20), 7 * MINUTE])
def test_job_woken_too_early_waits_for_the_close(early: timedelta, speed: float) -> None:
    (begun,) = runs_at(-early, speed=speed)
    assert timedelta(0) <= begun - AFTERNOON < timedelta(milliseconds=1)


def test_delay_belongs_to_the_close() -> None:
    delay = timedelta(seconds=2)
    assert runs_at(timedelta(seconds=1), delay=delay) == [AFTERNOON + delay]
    assert runs_at(timedelta(seconds=3), delay=delay) == [AFTERNOON + timedelta(seconds=3)]


def test_job_runs_once_for_a_close_however_often_it_is_woken() -> None:
    looks = (timedelta(0), timedelta(seconds=1), MINUTE, 15 * MINUTE, 16 * MINUTE)
    assert runs_at(*looks) == [AFTERNOON, AFTERNOON + 15 * MINUTE]


def test_close_that_was_waited_for_is_not_run_again_when_its_own_wake_up_comes() -> None:
    begun = runs_at(-MINUTE, timedelta(seconds=1))
    assert len(begun) == 1
