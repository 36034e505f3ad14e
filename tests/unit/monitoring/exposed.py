"""What metrics expose, read as Prometheus reads it."""

from functools import cache

from prometheus_client import Metric
from prometheus_client.parser import text_string_to_metric_families

from monitoring.metrics import Metrics
from tests.unit.monitoring.full_reading import full_metrics


def families(metrics: Metrics) -> dict[str, Metric]:
    """Every exposed metric by the name it is asked for by."""
    parsed = text_string_to_metric_families(metrics.expose().decode())
    return {
        f"{family.name}_total" if family.type == "counter" else family.name: family
        for family in parsed
    }


def samples(metrics: Metrics) -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every figure by its name and labels."""
    return {
        (sample.name, frozenset(sample.labels.items())): sample.value
        for family in families(metrics).values()
        for sample in family.samples
    }


def figure(metrics: Metrics, name: str, **labels: str) -> float | None:
    """One figure; None when it is not exposed."""
    return samples(metrics).get((name, frozenset(labels.items())))


@cache
def all_samples() -> dict[tuple[str, frozenset[tuple[str, str]]], float]:
    """Every figure there is, after a reading in which everything could be read."""
    return samples(full_metrics())


@cache
def all_names() -> frozenset[str]:
    """Every name a query may use, those of a histogram's parts among them."""
    return frozenset(name for name, _ in all_samples())
