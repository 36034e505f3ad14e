"""Hands the newest health reading to the client library when somebody asks for metrics."""

from collections.abc import Iterator
from typing import Final

from prometheus_client.core import Metric
from prometheus_client.registry import Collector

from engine.monitoring.values import HealthReading
from monitoring.delivery_families import DELIVERY_FAMILIES
from monitoring.family import Family, single
from monitoring.market_families import MARKET_FAMILIES
from monitoring.running_families import RUNNING_FAMILIES

FAMILIES: Final[tuple[Family, ...]] = (
    single(
        "quorum_reading_timestamp_seconds",
        "Exchange time of the reading that every figure of the bot's health is taken from.",
        lambda reading: reading.at.timestamp(),
    ),
    *MARKET_FAMILIES,
    *DELIVERY_FAMILIES,
    *RUNNING_FAMILIES,
)


class ReadingCollector(Collector):
    """Keeps one reading; nothing is exposed before the first."""

    def __init__(self) -> None:
        self._newest: HealthReading | None = None

    def take(self, reading: HealthReading) -> None:
        """Expose this reading from now on."""
        self._newest = reading

    def collect(self) -> Iterator[Metric]:
        """Every family of the newest reading."""
        if self._newest is not None:
            for family in FAMILIES:
                yield family.collect(self._newest)
