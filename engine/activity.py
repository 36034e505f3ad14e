"""When the engine last did what it is for. In memory: after a restart it starts from nothing."""

from datetime import datetime


class Activity:
    """Remembers the newest decision and the newest signal of this run."""

    def __init__(self) -> None:
        self.last_decision_at: datetime | None = None
        self.last_signal_at: datetime | None = None

    def note(self, at: datetime, *, has_signal: bool) -> None:
        """Remember a round of decisions at a boundary."""
        self.last_decision_at = at
        if has_signal:
            self.last_signal_at = at
