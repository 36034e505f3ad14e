"""Wall time that can wait: a playback slows down where it would otherwise lose frames."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager


class PatientWall:
    """Wall seconds that stand still while the playback catches up."""

    def __init__(self, wall: Callable[[], float]) -> None:
        self._wall = wall
        self._lost = 0.0
        self._since: float | None = None

    def __call__(self) -> float:
        """Seconds that only ever grow."""
        at = self._wall() if self._since is None else self._since
        return at - self._lost

    @contextmanager
    def standing_still(self) -> Iterator[None]:
        """Let no time pass within the block."""
        since = self._since = self._wall()
        try:
            yield
        finally:
            self._since = None
            self._lost += self._wall() - since
