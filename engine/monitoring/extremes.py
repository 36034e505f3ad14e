"""The highest of what readings have shown since the last daily digest."""

from engine.monitoring.values import HealthReading


class Extremes:
    """Memory in bytes, request weight as a share of what is allowed, lag in wall seconds."""

    def __init__(self) -> None:
        self.start_over()

    def start_over(self) -> None:
        """A new day begins."""
        self.memory_bytes = 0
        self.weight_share = 0.0
        self.lag_seconds = 0.0

    def take(self, reading: HealthReading) -> None:
        """Look whether anything is higher."""
        rest, process = reading.rest, reading.process
        share = rest.weight_used / rest.weight_allowed if rest.weight_allowed > 0 else 0.0
        self.memory_bytes = max(self.memory_bytes, process.memory_bytes)
        self.weight_share = max(self.weight_share, share)
        self.lag_seconds = max(self.lag_seconds, process.loop_lag_seconds)
