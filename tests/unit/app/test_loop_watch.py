"""The event loop's watch: a call that blocks is named, a loop that hangs ends the process."""

import asyncio
import signal
import subprocess
import sys
import textwrap
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app.loop_watch import EXIT_CODE, LoopWatch

REPOSITORY = Path(__file__).parents[3]


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    with capture_logs() as captured:
        yield captured


def block_the_loop(seconds: float) -> None:
    """Something that should have been awaited."""
    time.sleep(seconds)


def compute_on(seconds: float) -> None:
    """Works all the time, and lets no other thread in for long stretches."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        sum(range(5_000_000))


async def watched(watch: LoopWatch) -> asyncio.Task[None]:
    task = asyncio.create_task(watch.run())
    await asyncio.sleep(0.1)
    return task


async def ended(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_call_that_blocks_is_logged_with_where_it_was_made(logs: list[EventDict]) -> None:
    watch = LoopWatch(monotonic=time.monotonic)
    task = await watched(watch)
    block_the_loop(0.6)
    await asyncio.sleep(0.2)
    await ended(task)
    assert watch.stalls == 1
    assert watch.newest is not None
    assert watch.newest.seconds == pytest.approx(0.55, abs=0.3)
    assert "block_the_loop" in watch.newest.stack
    assert [each["event"] for each in logs] == ["event loop stalled"]
    assert watch.longest >= 0.3
    assert watch.longest >= 0.3  # who only looks takes nothing away
    assert watch.take_longest() >= 0.3
    assert watch.take_longest() == watch.longest == 0.0


async def test_a_call_that_computes_is_found_too() -> None:
    watch = LoopWatch(monotonic=time.monotonic)
    task = await watched(watch)
    compute_on(0.8)
    await asyncio.sleep(0.2)
    await ended(task)
    assert watch.newest is not None
    assert "compute_on" in watch.newest.stack


async def test_awaiting_for_long_is_no_stall() -> None:
    watch = LoopWatch(monotonic=time.monotonic, stall_seconds=0.4)
    task = await watched(watch)
    await asyncio.sleep(0.8)
    await ended(task)
    assert watch.stalls == 0


def test_a_process_that_was_stopped_for_a_while_had_no_stall() -> None:
    """Its own looks come late as well, and nothing was computed meanwhile."""
    with in_process(
        """
        async def main():
            watch = LoopWatch(monotonic=time.monotonic)
            task = asyncio.create_task(watch.run())
            await asyncio.sleep(0.3)
            print("ready", flush=True)
            await asyncio.to_thread(sys.stdin.readline)
            await asyncio.sleep(0.2)
            print(watch.stalls, flush=True)
        asyncio.run(main())
        """
    ) as process:
        assert process.stdout is not None
        assert process.stdin is not None
        assert process.stdout.readline() == "ready\n"
        process.send_signal(signal.SIGSTOP)
        threading.Event().wait(1.0)
        process.send_signal(signal.SIGCONT)
        process.stdin.write("go on\n")
        process.stdin.flush()
        assert process.stdout.readline() == "0\n"


def test_a_loop_that_hangs_ends_the_process_and_says_where() -> None:
    with in_process(
        """
        def hang():
            while True:
                time.sleep(0.01)
        async def main():
            watch = LoopWatch(monotonic=time.monotonic, hang_seconds=0.6, on_hang=end_process)
            asyncio.create_task(watch.run())
            await asyncio.sleep(0.2)
            hang()
        asyncio.run(main())
        """
    ) as process:
        _, errors = process.communicate(timeout=30)
    assert process.returncode == EXIT_CODE
    assert "has stood still" in errors
    assert "hang" in errors


def in_process(code: str) -> subprocess.Popen[str]:
    beginning = "import asyncio, sys, time\nfrom app.loop_watch import LoopWatch, end_process\n"
    return subprocess.Popen(
        [sys.executable, "-c", beginning + textwrap.dedent(code)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
