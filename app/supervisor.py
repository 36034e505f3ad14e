"""The one owner of background tasks: names them, restarts them, and never lets one die silently."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine
from typing import Any

import structlog

from app.task_history import OnCrash, TaskHistory
from domain.errors import ConfigurationError, QuorumError
from engine.monitoring.values import TaskReading
from engine.ports.clock import Clock

_log = structlog.get_logger(__name__)

_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0
_CRASHES_ALLOWED = 5
_CRASH_WINDOW_SECONDS = 300.0


class TaskCrashedError(QuorumError):
    """A supervised task crashed too often; the process must end so that it can be restarted."""


class Supervisor:
    """Runs long-lived coroutines. A crash is logged and restarted with back-off (1, 2, 4 ... 30 s).

    The sixth crash of one task within five minutes ends `run_until` with `TaskCrashedError`.
    `history` counts crashes and tells its listeners of them; `on_failure` are told once, of the
    task that ends the process and why, unless it is asked to end already.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self.history = TaskHistory()
        self.on_failure: list[OnCrash] = []
        self._resting: set[str] = set()
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._failure: BaseException | None = None
        self._is_ending = False
        self._failed = asyncio.Event()

    def keep_running(self, name: str, work: Callable[[], Awaitable[None]]) -> asyncio.Task[None]:
        """Run `work` now and again after every crash, until it returns."""
        return self.spawn(name, self._supervise(name, work))

    def spawn(self, name: str, coroutine: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        """Run a coroutine once as a named task that `stop` will cancel."""
        task = asyncio.create_task(coroutine, name=name)
        self._tasks[name] = task
        task.add_done_callback(self._on_done)
        return task

    async def run_until(self, stop: asyncio.Event) -> None:
        """Wait until `stop` is set; raises the error of a task that failed for good before that."""
        waits = [asyncio.create_task(event.wait()) for event in (stop, self._failed)]
        try:
            await asyncio.wait(waits, return_when=asyncio.FIRST_COMPLETED)
        finally:
            self._is_ending = True
            for wait in waits:
                wait.cancel()
        if self._failure is not None:
            raise self._failure

    @property
    def has_failed(self) -> bool:
        """Whether a task has failed for good, so that the process is about to end."""
        return self._failed.is_set()

    def readings(self) -> tuple[TaskReading, ...]:
        """Every task and how often it crashed; one that waits for its restart is not running."""
        return self.history.readings(frozenset(self._tasks) - self._resting)

    async def finish(self, name: str, *, seconds: float) -> None:
        """Wait for a task that was told to end by itself; `stop` cancels it if it does not."""
        task = self._tasks.get(name)
        if task is not None:
            await asyncio.wait({task}, timeout=seconds)

    async def stop(self) -> None:
        """Cancel every task and wait until all have ended."""
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _supervise(self, name: str, work: Callable[[], Awaitable[None]]) -> None:
        crashes: deque[float] = deque(maxlen=_CRASHES_ALLOWED)
        pause = _FIRST_PAUSE_SECONDS
        while True:
            started = self._clock.monotonic()
            try:
                await work()
            except ConfigurationError:
                raise  # no restart mends it
            except (Exception, asyncio.CancelledError) as error:
                if _is_cancelled(asyncio.current_task()):
                    raise
                now = self._clock.monotonic()
                _log.exception("task crashed", task=name)
                self.history.crashed(name, error)
                if len(crashes) == _CRASHES_ALLOWED and now - crashes[0] < _CRASH_WINDOW_SECONDS:
                    raise TaskCrashedError(
                        f"{name} crashed {_CRASHES_ALLOWED + 1} times"
                    ) from error
                crashes.append(now)
                if now - started > _LONGEST_PAUSE_SECONDS:
                    pause = _FIRST_PAUSE_SECONDS
            else:
                return
            await self._rest(name, pause)
            pause = min(pause * 2, _LONGEST_PAUSE_SECONDS)

    async def _rest(self, name: str, seconds: float) -> None:
        self._resting.add(name)
        try:
            await asyncio.sleep(seconds)
        finally:
            self._resting.discard(name)

    def _on_done(self, task: asyncio.Task[None]) -> None:
        if self._tasks.get(task.get_name()) is task:
            del self._tasks[task.get_name()]
        error = _error_of(task)
        if error is not None:
            self._fail(task.get_name(), error)

    def _fail(self, name: str, error: BaseException) -> None:
        _log.error("task failed for good", task=name, error=str(error))
        is_first = self._failure is None
        self._failure = self._failure or error
        self._failed.set()
        if is_first and not self._is_ending:
            for listener in self.on_failure:
                listener(name, error)


def _is_cancelled(task: asyncio.Task[None] | None) -> bool:
    """Whether somebody asked the task itself to end; a part it awaits may have been cancelled."""
    return task is not None and task.cancelling() > 0


def _error_of(task: asyncio.Task[None]) -> BaseException | None:
    if not task.cancelled():
        return task.exception()
    if _is_cancelled(task):
        return None
    return TaskCrashedError(f"{task.get_name()} ended with a part of it that was cancelled")
