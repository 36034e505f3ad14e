"""The alert rules ask for metrics that exist, and every alert says what it is and what to do."""

import re
from dataclasses import replace
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it publishes no types

from engine.monitoring.values import ClockReading, Severity
from monitoring.metrics import Metrics
from tests.architecture.paths import ROOT
from tests.unit.monitoring.exposed import all_names, all_samples, samples
from tests.unit.monitoring.full_reading import full_reading
from tests.unit.monitoring.promql import label_values, metric_names, mistakes

PROMETHEUS = ROOT / "deploy/prometheus"
OF_PROMETHEUS = {"up"}


def _read(name: str) -> Any:
    return yaml.safe_load((PROMETHEUS / name).read_text(encoding="utf-8"))


RULES: list[dict[str, Any]] = [
    rule for group in _read("alerts.yml")["groups"] for rule in group["rules"]
]
CRITICAL = [rule for rule in RULES if rule["labels"]["severity"] == Severity.CRITICAL]
TOLD_AS_UNHEARD = {"quorum_stream_age_seconds"}
"""QuorumStreamsUnheard is about streams that have brought nothing yet."""

DURATION = re.compile(r"\d+[smhd]")


def _anchors() -> set[str]:
    """The names of the runbook's headings, as GitHub makes them."""
    text = (ROOT / "docs/runbook.md").read_text(encoding="utf-8")
    headings = re.findall(r"^#+ +(.+?) *$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", one.lower()).strip().replace(" ", "-") for one in headings}


def _names(metrics: Metrics) -> set[str]:
    return {name for name, _ in samples(metrics)}


def _metrics_of_vain_start() -> Metrics:
    """Of a bot that runs, and for which nothing has gone well yet."""
    reading = full_reading()
    metrics = Metrics(version="1")
    metrics.take(
        replace(
            reading,
            streams=tuple(replace(stream, age_seconds=None) for stream in reading.streams),
            clock=ClockReading(skew_seconds=None, age_seconds=None),
            telegram=replace(reading.telegram, last_good_at=None),
            jobs=tuple(replace(job, last_run_at=None, last_good_at=None) for job in reading.jobs),
            last_decision_at=None,
            last_signal_at=None,
        )
    )
    return metrics


def test_every_alert_has_a_name_of_its_own() -> None:
    names = [rule["alert"] for rule in RULES]

    assert len(set(names)) == len(names) > 20
    assert all(re.fullmatch(r"Quorum([A-Z][a-z]+)+", name) for name in names)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_asks_for_metrics_and_labels_that_exist(rule: dict[str, Any]) -> None:
    known = all_samples()
    query = rule["expr"]

    assert mistakes(query) == []
    assert metric_names(query)
    assert metric_names(query) <= all_names() | OF_PROMETHEUS
    for name, label, value in label_values(query):
        found = {dict(labels).get(label) for metric, labels in known if metric == name}
        assert name in OF_PROMETHEUS or any(one and re.fullmatch(value, one) for one in found)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_says_how_bad_what_and_where_to_read_on(rule: dict[str, Any]) -> None:
    document, _, anchor = rule["annotations"]["runbook"].partition("#")

    assert set(rule) <= {"alert", "expr", "for", "labels", "annotations"}
    assert rule["labels"] == {"severity": Severity(rule["labels"]["severity"])}
    assert set(rule["annotations"]) == {"summary", "runbook"}
    assert rule["annotations"]["summary"].endswith(".")
    assert DURATION.fullmatch(rule.get("for", "0s"))
    assert document == "docs/runbook.md"
    assert anchor in _anchors()


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: str(rule["alert"]))
def test_an_alert_names_only_labels_its_metric_has(rule: dict[str, Any]) -> None:
    names = metric_names(rule["expr"])
    labels = {label for name, pairs in all_samples() if name in names for label, _ in pairs}

    assert set(re.findall(r"\$labels\.(\w+)", rule["annotations"]["summary"])) <= labels


@pytest.mark.parametrize("rule", CRITICAL, ids=lambda rule: str(rule["alert"]))
def test_a_critical_alert_speaks_also_of_what_never_worked(rule: dict[str, Any]) -> None:
    """A metric that is absent until the first success compares with nothing."""
    missing = metric_names(rule["expr"]) - _names(_metrics_of_vain_start()) - TOLD_AS_UNHEARD

    for name in missing - OF_PROMETHEUS:
        assert f"unless on (instance) {name}" in rule["expr"]


def test_a_bot_that_was_never_read_is_told_by_what_it_exposes_without_a_reading() -> None:
    (rule,) = [rule for rule in RULES if rule["alert"] == "QuorumReadingStale"]
    reading = "quorum_reading_timestamp_seconds"

    assert metric_names(rule["expr"]) - _names(Metrics(version="1")) == {reading}
    assert f"unless on (instance) {reading}" in rule["expr"]


def test_prometheus_reads_the_rules_and_asks_the_port_of_the_bot() -> None:
    config = _read("prometheus.yml")

    assert all((PROMETHEUS / name).is_file() for name in config["rule_files"])
    (scrape,) = config["scrape_configs"]
    assert scrape["job_name"] == "quorum"
    assert scrape["static_configs"] == [{"targets": ["127.0.0.1:9464"]}]
    assert scrape.get("metrics_path", "/metrics") == "/metrics"


def test_no_metric_has_a_label_that_prometheus_adds_itself() -> None:
    labels = {label for _, pairs in all_samples() for label, _ in pairs}

    assert not labels & {"job", "instance"}
