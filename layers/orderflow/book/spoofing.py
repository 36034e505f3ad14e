"""How many of the big orders that appear are pulled at once: orders that were never meant."""

from collections import deque

from layers.orderflow.book.parameters import BookParameters
from layers.orderflow.book.tracked_wall import TrackedWall


class BigOrders:
    """Walls that were seen to appear on either side within a window."""

    def __init__(self, parameters: BookParameters) -> None:
        self._window_ms = round(parameters.spoofing_seconds * 1000.0)
        self._fewest = parameters.spoofing_orders
        self._appeared: deque[TrackedWall] = deque()

    def clear(self) -> None:
        """Forget all."""
        self._appeared.clear()

    def add(self, wall: TrackedWall) -> None:
        """A wall has appeared."""
        self._appeared.append(wall)

    def forget(self, at_ms: int) -> None:
        """Drop what has left the window."""
        while self._appeared and self._appeared[0].appeared_ms <= at_ms - self._window_ms:
            self._appeared.popleft()

    def spoofing(self, at_ms: int) -> float:
        """Spoofs over all big orders that appeared in (at - window, at].

        With few big orders the spoofs are compared with the fewest that can tell of a habit.
        """
        begin_ms = at_ms - self._window_ms
        verdicts = [wall.is_spoof for wall in self._appeared if wall.appeared_ms > begin_ms]
        return sum(verdicts) / max(len(verdicts), self._fewest)
