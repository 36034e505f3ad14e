"""A state that is carried from minute to minute, and can be asked for as of an instant."""

from bisect import bisect_left, bisect_right
from collections.abc import Callable
from operator import itemgetter
from typing import Final, Generic, TypeVar

State = TypeVar("State")

STEP_MS: Final = 60_000
_KEPT_MS: Final = 2 * 3_600_000
_FARTHEST_MS: Final = 24 * 3_600_000
_time_of: Final = itemgetter(0)


class Walk(Generic[State]):
    """Steps on whole minutes of exchange time, whenever they are taken.

    So the state of an instant depends on what was known at each minute before it, not on when it
    was asked for. `step` gets a state and the instant to carry it to. What comes to be known late
    is told by `begin` or `repeat_since`, and its minutes are walked again.
    """

    def __init__(self, first: State, step: Callable[[State, int], State]) -> None:
        self._first = first
        self._step = step
        self._steps: list[tuple[int, State]] = []
        self._is_whole = True

    def begin(self, known_ms: int) -> None:
        """There is something new to know since an instant, and no need to walk before the first."""
        start = (known_ms - 1) // STEP_MS * STEP_MS
        if not self._steps or (self._is_whole and start < self._steps[0][0]):
            self._steps = [(start, self._first)]
        self.repeat_since(known_ms)

    def repeat_since(self, known_ms: int) -> None:
        """There is something new to know since an instant; it does not begin the walk."""
        del self._steps[max(1, bisect_left(self._steps, known_ms, key=_time_of)) :]

    def resume(self, at_ms: int, state: State) -> None:
        """Go on from where an earlier walk was."""
        self._steps = [(at_ms, state)]
        self._is_whole = False

    def at(self, as_of_ms: int) -> State:
        """The state as of an instant; the first one before anything was known."""
        if not self._steps or as_of_ms < self._steps[0][0]:
            return self._first
        self._walk_to(as_of_ms)
        at_ms, state = self._steps[bisect_right(self._steps, as_of_ms, key=_time_of) - 1]
        return state if at_ms == as_of_ms else self._step(state, as_of_ms)

    def _walk_to(self, as_of_ms: int) -> None:
        at_ms, state = self._steps[-1]
        if at_ms < as_of_ms - _FARTHEST_MS:
            at_ms, state = (as_of_ms - _FARTHEST_MS) // STEP_MS * STEP_MS, self._first
            self._steps = [(at_ms, state)]
        for minute in range(at_ms // STEP_MS + 1, as_of_ms // STEP_MS + 1):
            state = self._step(state, minute * STEP_MS)
            self._steps.append((minute * STEP_MS, state))
        self._forget()

    def _forget(self) -> None:
        old = bisect_left(self._steps, self._steps[-1][0] - _KEPT_MS, key=_time_of)
        if old:
            del self._steps[:old]
            self._is_whole = False
