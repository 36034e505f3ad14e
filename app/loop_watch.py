"""Notices when the event loop stands still, says where, and ends a process that hangs for good.

A thread of its own looks, for nothing on the loop runs while it stands.
"""

import asyncio
import os
import sys
import threading
import traceback
from collections.abc import Callable
from dataclasses import dataclass
from itertools import islice
from types import CodeType
from typing import Final

import structlog

from app.clock import cpu_seconds

_log = structlog.get_logger(__name__)

STALL_SECONDS: Final = 0.25
HANG_SECONDS: Final = 120.0
EXIT_CODE: Final = 70
"""What the process ends with when it hangs: "internal software error" of sysexits.h."""

_BEAT_SECONDS: Final = 0.05
_LOOKS_PER_LIMIT: Final = 5
_BUSY_SHARE: Final = 0.1
_FRAMES: Final = 12
"""Innermost frames of a stack that are told."""


OnHang = Callable[[str], None]
"""Told of a loop that has stood still for too long, with the stack it stands at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """The loop stood still for so many wall seconds; `stack` tells where, innermost call last."""

    seconds: float
    stack: str


class LoopWatch:
    """`run` beats on the loop; the thread begun with it looks whether the beat goes on.

    A stall is logged with the stack that blocked as soon as it is over. One of `hang_seconds` is
    told to `on_hang`: `end_process` leaves it to whatever supervises the process to start it anew.
    """

    def __init__(
        self,
        *,
        monotonic: Callable[[], float],
        cpu_seconds: Callable[[], float] = cpu_seconds,
        stall_seconds: float = STALL_SECONDS,
        hang_seconds: float = HANG_SECONDS,
        on_hang: OnHang | None = None,
    ) -> None:
        self._monotonic = monotonic
        self._cpu_seconds = cpu_seconds
        self._stall_seconds = stall_seconds
        self._hang_seconds = hang_seconds
        self._on_hang = on_hang
        self._beat = monotonic()
        self._stack = ""
        self._longest = 0.0
        self._stopped = threading.Event()
        self.stalls = 0
        self.newest: Stall | None = None

    async def run(self) -> None:
        """Beat until cancelled."""
        loop_thread = threading.get_ident()
        watcher = threading.Thread(
            target=self._watch, args=(loop_thread,), name="loop watch", daemon=True
        )
        self._beat = self._monotonic()
        self._stopped.clear()
        watcher.start()
        try:
            while True:
                await asyncio.sleep(_BEAT_SECONDS)
                self._take_beat()
        finally:
            self._stopped.set()

    @property
    def longest(self) -> float:
        """Longest wall seconds by which the loop was late since the last `take_longest`."""
        return self._longest

    def take_longest(self) -> float:
        """The same, and begin anew."""
        longest, self._longest = self._longest, 0.0
        return longest

    def _take_beat(self) -> None:
        now = self._monotonic()
        late = max(0.0, now - self._beat - _BEAT_SECONDS)
        self._beat = now
        self._longest = max(self._longest, late)
        stack, self._stack = self._stack, ""
        if late < self._stall_seconds or not stack:
            return
        self.stalls += 1
        self.newest = Stall(seconds=late, stack=stack)
        _log.warning("event loop stalled", milliseconds=round(late * 1000), stack=stack)

    def _watch(self, loop_thread: int) -> None:
        pause = self._stall_seconds / _LOOKS_PER_LIMIT
        looked, computed = self._monotonic(), self._cpu_seconds()
        while not self._stopped.wait(pause):
            gap, work = self._monotonic() - looked, self._cpu_seconds() - computed
            looked, computed = looked + gap, computed + work
            if not self._was_asleep(gap, work):
                self._look(loop_thread, looked - self._beat)

    def _was_asleep(self, gap: float, work: float) -> bool:
        """A look that comes late proves nothing where the whole process was stopped.

        Where it has computed all that time, a call held the interpreter, this thread with it.
        """
        return gap > self._stall_seconds and work < gap * _BUSY_SHARE

    def _look(self, loop_thread: int, silent: float) -> None:
        if silent < self._stall_seconds:
            return
        if not self._stack:
            self._stack = _stack_of(loop_thread)
        if silent > self._hang_seconds and self._on_hang is not None:
            self._on_hang(_stack_of(loop_thread))


def end_process(stack: str) -> None:
    """Say why on standard error, past a log that may itself be what hangs, and end at once.

    Nothing is lost by that: what must not be lost is written down before it is begun.
    """
    text = (
        f"the event loop has stood still for minutes; ending the process. It stands at:\n{stack}\n"
    )
    os.write(sys.stderr.fileno(), text.encode())
    os._exit(EXIT_CODE)


def _stack_of(thread: int) -> str:
    frame = sys._current_frames().get(thread)  # noqa: SLF001 - the documented way to look
    if frame is None:
        return "the loop's thread has ended"
    # Names and numbers alone: to read the lines of the sources would take longer than many stalls.
    innermost = islice(traceback.walk_stack(frame), _FRAMES)
    told = [f"{_place(one.f_code)}:{line} {one.f_code.co_name}" for one, line in innermost]
    return " > ".join(reversed(told))


def _place(code: CodeType) -> str:
    return "/".join(code.co_filename.rsplit("/", 2)[-2:])
