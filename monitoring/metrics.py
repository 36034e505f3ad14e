"""All figures that Prometheus may ask for: the newest reading, counters and latencies."""

from typing import Final

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from domain.signals import SignalState
from engine.monitoring.values import HealthReading, LatencyStage, Severity
from monitoring.process import process_start_seconds
from monitoring.reading_collector import ReadingCollector

CONTENT_TYPE: Final = CONTENT_TYPE_PLAIN_0_0_4
"""Media type of what `Metrics.expose` gives."""

LATENCY_BUCKETS: Final = (
    0.005, 0.01, 0.02, 0.03, 0.05, 0.075, 0.1, 0.15, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0,
)  # fmt: skip
"""Seconds. The promises of design 8 are bounds among them: 30, 150 and 250 ms, 1 s and 5 s."""


class Metrics:
    """Takes readings, counts events, and gives it all in Prometheus' text format.

    The registry is its own, so that no library adds figures to it. To be used on one thread.
    """

    def __init__(self, *, version: str) -> None:
        # Else every counter has a second series, which nobody asks for.
        disable_created_metrics()  # type: ignore[no-untyped-call]  # it takes and gives nothing
        self._registry = CollectorRegistry()
        self._readings = ReadingCollector()
        self._registry.register(self._readings)
        build = Info("quorum_build", "The version that runs.", registry=self._registry)
        build.info({"version": version})
        started = Gauge(
            "quorum_process_start_timestamp_seconds",
            "When the process was started, by the host's time.",
            registry=self._registry,
        )
        started.set(process_start_seconds())
        self._latency = self._latencies()
        self._closes = self._counter("quorum_closes", "Candle closes that the bot was up for.")
        self._late_closes = self._counter(
            "quorum_late_closes", "Candle closes at which it was too late to decide anything."
        )
        self._decisions = self._counter("quorum_decisions", "Decisions that were made.")
        self._signals = self._counter("quorum_signals", "Signals that were published.")
        self._denials = self._counter("quorum_denials", "Signals that the risk gate denied.")
        self._delivered = self._counter(
            "quorum_messages_delivered", "Messages that Telegram (the terminal) accepted."
        )
        self._outcomes = self._counter("quorum_outcomes", "Signals by how they ended.", "kind")
        self._notices = self._counter(
            "quorum_notices", "Notices to operators by how soon they had to know.", "severity"
        )
        self._begin_at_zero()

    def take(self, reading: HealthReading) -> None:
        """Expose this reading from now on."""
        self._readings.take(reading)

    def observe_latency(self, stage: LatencyStage, seconds: float) -> None:
        """A stage was reached so many wall seconds after a pair's final candle."""
        self._latency[stage].observe(seconds)

    def count_close(self, *, is_late: bool) -> None:
        """A candle close; `is_late` when it was too far back to decide on (`CloseRound`)."""
        self._closes.inc()
        if is_late:
            self._late_closes.inc()

    def count_decisions(self, count: int) -> None:
        """So many pairs were decided on."""
        self._decisions.inc(count)

    def count_signals(self, count: int) -> None:
        """So many signals were published."""
        self._signals.inc(count)

    def count_denials(self, count: int) -> None:
        """So many signals were denied by the risk gate."""
        self._denials.inc(count)

    def count_delivered(self, count: int = 1) -> None:
        """So many messages were accepted."""
        self._delivered.inc(count)

    def count_outcome(self, kind: SignalState) -> None:
        """A signal ended in this state."""
        self._outcomes.labels(kind.value).inc()

    def count_notice(self, severity: Severity) -> None:
        """Operators were told something, or that it is over."""
        self._notices.labels(severity.value).inc()

    def expose(self) -> bytes:
        """Everything, in the text format of `CONTENT_TYPE`."""
        return generate_latest(self._registry)

    def _latencies(self) -> dict[LatencyStage, Histogram]:
        histogram = Histogram(
            "quorum_close_latency_seconds",
            "Wall time from a pair's final candle until a stage was reached.",
            ["stage"],
            buckets=LATENCY_BUCKETS,
            registry=self._registry,
        )
        return {stage: histogram.labels(stage.name.lower()) for stage in LatencyStage}

    def _counter(self, name: str, text: str, *labels: str) -> Counter:
        return Counter(name, text, labels, registry=self._registry)

    def _begin_at_zero(self) -> None:
        """Show every label at once: a rate needs a zero to rise from."""
        for state in SignalState:
            if state.is_final:
                self._outcomes.labels(state.value)
        for severity in Severity:
            self._notices.labels(severity.value)
