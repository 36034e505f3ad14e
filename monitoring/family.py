"""A family of figures that is read off a health reading at the moment somebody asks."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric

from engine.monitoring.values import HealthReading

Rows: TypeAlias = Iterable[tuple[tuple[str, ...], float | None]]
"""The values of a family's labels, in order, and the figure; None where it could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Family:
    """A metric by its full name, what it tells in a sentence, and how to read it.

    Figures that are None are left out: absent is not zero.
    """

    name: str
    text: str
    rows: Callable[[HealthReading], Rows]
    labels: tuple[str, ...] = ()
    is_counter: bool = False

    def collect(self, reading: HealthReading) -> Metric:
        """The family as the client library wants it."""
        kind = CounterMetricFamily if self.is_counter else GaugeMetricFamily
        metric = kind(self.name, self.text, labels=self.labels)
        for labels, figure in self.rows(reading):
            if figure is not None:
                metric.add_metric(labels, figure)
        return metric


def single(name: str, text: str, read: Callable[[HealthReading], float | None]) -> Family:
    """A gauge without labels."""
    return Family(name=name, text=text, rows=lambda reading: [((), read(reading))])


def timestamp(at: datetime | None) -> float | None:
    """An instant in Unix seconds."""
    return None if at is None else at.timestamp()
