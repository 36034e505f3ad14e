"""Background tasks: restarted with back-off, never dead without a word; in time that leaps."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from app.supervisor import Supervisor, TaskCrashedError
from domain.errors import ConfigurationError
from tests.fakes.clock import LoopClock, run_leaping

Work = Callable[[], Awaitable[None]]


@pytest.fixture(autouse=True)
def logs() -> Iterator[list[EventDict]]:
    """What was logged; captured, since printing tracebacks takes longer than all else here."""
    with capture_logs() as captured:
        yield captured


def now() -> float:
    return asyncio.get_running_loop().time()


class Worker:
    """Notes when it starts; runs for a while, then crashes, until it has done so often enough."""

    def __init__(
        self, *, crashes: int = 1000, lasts: float = 0.0, error: Exception | None = None
    ) -> None:
        self.starts: list[float] = []
        self.was_cancelled = False
        self._crashes = crashes
        self._lasts = lasts
        self._error = error or ValueError("a bug")

    async def __call__(self) -> None:
        self.starts.append(now())
        try:
            await asyncio.sleep(self._lasts)
            if len(self.starts) <= self._crashes:
                raise self._error
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            self.was_cancelled = True
            raise

    @property
    def pauses(self) -> list[float]:
        """Between a crash and the next start."""
        return [
            later - earlier - self._lasts
            for earlier, later in zip(self.starts, self.starts[1:], strict=False)
        ]


async def supervised(seconds: float, *workers: Work) -> Supervisor:
    """Run workers for a while; raises what `run_until` raises."""
    supervisor, stop = Supervisor(LoopClock()), asyncio.Event()
    for number, work in enumerate(workers):
        supervisor.keep_running(f"worker {number}", work)
    asyncio.get_running_loop().call_later(seconds, stop.set)
    try:
        await supervisor.run_until(stop)
    finally:
        await supervisor.stop()
    return supervisor


def test_crashed_task_is_restarted_after_one_two_four_seconds(logs: list[EventDict]) -> None:
    worker = Worker(crashes=5)
    run_leaping(supervised(1000, worker))
    assert worker.pauses == pytest.approx([1, 2, 4, 8, 16])
    assert [(each["event"], each["task"]) for each in logs] == [("task crashed", "worker 0")] * 5


def test_sixth_crash_within_five_minutes_ends_the_process() -> None:
    worker = Worker()
    with pytest.raises(TaskCrashedError, match="worker 0 crashed 6 times"):
        run_leaping(supervised(1000, worker))
    assert len(worker.starts) == 6


def test_task_that_crashes_now_and_then_is_restarted_for_ever_and_soon() -> None:
    worker = Worker(lasts=100.0)
    run_leaping(supervised(3000, worker))
    assert len(worker.starts) == 30
    assert worker.pauses == pytest.approx([1.0] * 29)


def test_wrong_setting_is_not_tried_again() -> None:
    worker = Worker(error=ConfigurationError("DATABASE_URL is wrong"))
    with pytest.raises(ConfigurationError, match="DATABASE_URL"):
        run_leaping(supervised(1000, worker))
    assert len(worker.starts) == 1


def test_crash_of_one_task_leaves_the_others_alone() -> None:
    shaky, steady = Worker(crashes=3), Worker(crashes=0)
    run_leaping(supervised(1000, shaky, steady))
    assert (len(shaky.starts), len(steady.starts)) == (4, 1)


def test_task_that_returns_has_done_its_work() -> None:
    runs = 0

    async def work() -> None:
        nonlocal runs
        runs += 1

    run_leaping(supervised(1000, work))
    assert runs == 1


def test_stop_cancels_the_running_and_those_that_wait_for_their_restart() -> None:
    running, waiting = Worker(crashes=0), Worker()
    run_leaping(supervised(10, running, waiting))
    assert running.was_cancelled
    assert len(waiting.starts) == 4


def test_error_of_a_task_that_is_not_kept_running_ends_the_process(logs: list[EventDict]) -> None:
    async def work() -> None:
        raise ValueError("a bug")

    async def run() -> None:
        supervisor = Supervisor(LoopClock())
        supervisor.spawn("start", work())
        supervisor.spawn("other", asyncio.sleep(3600))
        with pytest.raises(ValueError, match="a bug"):
            await supervisor.run_until(asyncio.Event())
        await supervisor.stop()

    run_leaping(run())
    assert [(each["event"], each["task"]) for each in logs] == [("task failed for good", "start")]


def test_first_failure_is_the_one_that_is_told() -> None:
    async def fail(after: float, words: str) -> None:
        await asyncio.sleep(after)
        raise ValueError(words)

    async def run() -> None:
        supervisor = Supervisor(LoopClock())
        supervisor.spawn("second", fail(2.0, "second"))
        supervisor.spawn("first", fail(1.0, "first"))
        await asyncio.sleep(5)
        with pytest.raises(ValueError, match="first"):
            await supervisor.run_until(asyncio.Event())

    run_leaping(run())


def test_cancelled_task_is_no_failure() -> None:
    async def run() -> None:
        supervisor, stop = Supervisor(LoopClock()), asyncio.Event()
        supervisor.spawn("chore", asyncio.sleep(3600)).cancel()
        asyncio.get_running_loop().call_later(1, stop.set)
        await supervisor.run_until(stop)

    run_leaping(run())


async def _cancelled_by_its_own_part() -> None:
    part = asyncio.create_task(asyncio.sleep(3600))
    part.cancel()
    await part


def test_task_whose_own_part_was_cancelled_has_crashed_and_is_restarted() -> None:
    starts = 0

    async def work() -> None:
        nonlocal starts
        starts += 1
        if starts <= 2:
            await _cancelled_by_its_own_part()
        await asyncio.Event().wait()

    supervisor = run_leaping(supervised(10, work))
    assert starts == 3
    assert supervisor.history.crashes == 2
    assert not supervisor.has_failed


def test_part_of_a_task_that_is_not_kept_running_was_cancelled_and_ends_the_process() -> None:
    async def run() -> None:
        supervisor = Supervisor(LoopClock())
        supervisor.spawn("start", _cancelled_by_its_own_part())
        with pytest.raises(TaskCrashedError, match="start"):
            await asyncio.wait_for(supervisor.run_until(asyncio.Event()), 10)

    run_leaping(run())


@pytest.mark.parametrize(("needs", "waited"), [(2.0, 2.0), (60.0, 5.0)])
def test_task_told_to_end_by_itself_is_waited_for_but_not_for_ever(
    needs: float, waited: float
) -> None:
    async def run() -> float:
        supervisor = Supervisor(LoopClock())
        task = supervisor.spawn("delivery", asyncio.sleep(needs))
        started = now()
        await supervisor.finish("delivery", seconds=5.0)
        await supervisor.finish("nobody", seconds=5.0)
        took = now() - started
        await supervisor.stop()
        assert task.done()
        return took

    assert run_leaping(run()) == pytest.approx(waited)


def test_crashes_are_counted_by_task_and_told_once_each() -> None:
    told: list[tuple[str, str]] = []

    async def look() -> Supervisor:
        supervisor, stop = Supervisor(LoopClock()), asyncio.Event()
        supervisor.history.listeners.append(lambda name, error: told.append((name, str(error))))
        supervisor.keep_running("shaky", Worker(crashes=2))
        supervisor.keep_running("steady", Worker(crashes=0))
        asyncio.get_running_loop().call_later(1.5, stop.set)
        await supervisor.run_until(stop)
        shaky, steady = supervisor.readings()
        await supervisor.stop()
        assert (shaky.name, shaky.crashes, shaky.is_running) == ("shaky", 2, False)
        assert shaky.last_error == "ValueError: a bug"
        assert (steady.name, steady.crashes, steady.is_running) == ("steady", 0, True)
        return supervisor

    supervisor = run_leaping(look())
    assert told == [("shaky", "a bug")] * 2
    assert supervisor.history.crashes == 2
    assert not supervisor.has_failed


@pytest.mark.parametrize(
    "error", [ValueError("a bug"), ConfigurationError("DATABASE_URL is wrong")]
)
def test_the_failure_that_ends_the_process_is_told_once_with_its_reason(error: Exception) -> None:
    told: list[tuple[str, BaseException]] = []

    async def fail() -> None:
        raise error

    async def run() -> None:
        supervisor = Supervisor(LoopClock())
        supervisor.on_failure.append(lambda name, error: told.append((name, error)))
        supervisor.keep_running("delivery", Worker(error=error))
        supervisor.spawn("start", fail())
        with pytest.raises(type(error)):
            await supervisor.run_until(asyncio.Event())
        await supervisor.stop()

    run_leaping(run())
    assert len(told) == 1
    assert told[0][1] is error


def test_a_task_that_crashes_too_often_is_told_as_what_ends_the_process() -> None:
    told: list[tuple[str, str]] = []

    async def run() -> None:
        supervisor = Supervisor(LoopClock())
        supervisor.on_failure.append(lambda name, error: told.append((name, str(error))))
        supervisor.keep_running("delivery", Worker())
        with pytest.raises(TaskCrashedError):
            await supervisor.run_until(asyncio.Event())

    run_leaping(run())
    assert told == [("delivery", "delivery crashed 6 times")]


def test_what_fails_while_a_wanted_stop_is_under_way_is_not_told_as_its_reason() -> None:
    told: list[str] = []

    async def fail() -> None:
        await asyncio.sleep(2)
        raise ValueError("cut off")

    async def run() -> None:
        supervisor, stop = Supervisor(LoopClock()), asyncio.Event()
        supervisor.on_failure.append(lambda name, _: told.append(name))
        supervisor.spawn("feed", fail())
        asyncio.get_running_loop().call_later(1, stop.set)
        await supervisor.run_until(stop)
        await asyncio.sleep(3)
        assert supervisor.has_failed

    run_leaping(run())
    assert told == []
