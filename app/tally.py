"""Counts of this run: for the summary of a demo, the daily digest, and Prometheus."""

from dataclasses import dataclass, field

from domain.signals import SignalState
from engine.close import CloseRound
from monitoring.metrics import Metrics


@dataclass(slots=True, kw_only=True)
class Tally:
    """What happened so often since the start. `metrics` are told of each event as well."""

    metrics: Metrics
    scans: int = 0
    closes: int = 0
    late_closes: int = 0
    decisions: int = 0
    denied: int = 0
    signals: int = 0
    messages: int = 0
    outcomes: dict[str, int] = field(default_factory=dict)

    def close(self, result: CloseRound) -> None:
        """A candle close was gone through."""
        self.closes += 1
        self.late_closes += result.is_late
        self.decisions += result.decided
        self.denied += result.denied
        self.signals += len(result.issued)
        self.metrics.count_close(is_late=result.is_late)
        self.metrics.count_decisions(result.decided)
        self.metrics.count_denials(result.denied)
        self.metrics.count_signals(len(result.issued))

    def outcome(self, state: SignalState) -> None:
        """A signal has ended."""
        self.outcomes[state] = self.outcomes.get(state, 0) + 1
        self.metrics.count_outcome(state)

    def message(self) -> None:
        """A message was accepted."""
        self.messages += 1
        self.metrics.count_delivered()
