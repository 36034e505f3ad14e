"""The dashboard asks for metrics that exist, and every panel has its place and its words."""

import json
import re
from itertools import combinations
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it publishes no types

from tests.architecture.paths import ROOT
from tests.unit.monitoring.exposed import all_names, all_samples
from tests.unit.monitoring.promql import label_values, metric_names, mistakes

GRAFANA = ROOT / "deploy/grafana"
DASHBOARD: dict[str, Any] = json.loads((GRAFANA / "quorum.json").read_text(encoding="utf-8"))
PANELS: list[dict[str, Any]] = [each for each in DASHBOARD["panels"] if each["type"] != "row"]
OF_PROMETHEUS = {"up", "ALERTS"}


def _queries(panel: dict[str, Any]) -> list[str]:
    return [target["expr"] for target in panel["targets"]]


def _covers(one: dict[str, int], other: dict[str, int]) -> bool:
    """Whether two places on the grid have a cell in common."""
    return (
        one["x"] < other["x"] + other["w"]
        and other["x"] < one["x"] + one["w"]
        and one["y"] < other["y"] + other["h"]
        and other["y"] < one["y"] + one["h"]
    )


def test_it_asks_what_an_operator_asks_in_this_order() -> None:
    rows = [each["title"] for each in DASHBOARD["panels"] if each["type"] == "row"]

    assert rows == ["Is it well?", "How fast?", "Signals", "Machine"]


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: str(panel["title"]))
def test_a_panel_asks_for_metrics_that_exist(panel: dict[str, Any]) -> None:
    known = all_names() | OF_PROMETHEUS

    for query in _queries(panel):
        assert mistakes(query) == [], query
        assert metric_names(query), query
        assert metric_names(query) <= known, query


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: str(panel["title"]))
def test_a_panel_selects_labels_that_exist(panel: dict[str, Any]) -> None:
    exposed = all_samples()

    for query in _queries(panel):
        for name, label, value in label_values(query):
            found = {dict(labels).get(label) for known, labels in exposed if known == name}
            assert name in OF_PROMETHEUS or any(
                one is not None and re.fullmatch(value, one) for one in found
            ), query


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: str(panel["title"]))
def test_a_panel_is_explained_and_names_its_lines(panel: dict[str, Any]) -> None:
    assert panel["description"].endswith(".")
    assert len({target["refId"] for target in panel["targets"]}) == len(panel["targets"])
    if panel["type"] == "timeseries":
        assert all(target["legendFormat"] for target in panel["targets"])


@pytest.mark.parametrize("panel", PANELS, ids=lambda panel: str(panel["title"]))
def test_the_lines_of_a_panel_are_named_by_labels_that_exist(panel: dict[str, Any]) -> None:
    exposed = all_samples()

    for target in panel["targets"]:
        names = metric_names(target["expr"])
        labels = {label for name, pairs in exposed if name in names for label, _ in pairs}
        assert set(re.findall(r"{{(\w+)}}", target["legendFormat"])) <= labels


def test_every_metric_of_the_reading_s_health_is_on_some_panel() -> None:
    asked = {name for panel in PANELS for query in _queries(panel) for name in metric_names(query)}
    not_drawn = {
        "quorum_build_info",
        "quorum_clock_measurement_age_seconds",
        "quorum_close_latency_seconds_sum",
        "quorum_job_last_run_timestamp_seconds",
        "quorum_job_last_success_timestamp_seconds",
        "quorum_job_period_seconds",
        "quorum_process_start_timestamp_seconds",
        "quorum_reading_timestamp_seconds",
        "quorum_rest_silent_seconds",
        "quorum_streams_unheard",
        "quorum_task_running",
        "quorum_telegram_last_success_timestamp_seconds",
    }

    assert all_names() - asked == not_drawn


def test_panels_have_numbers_of_their_own_and_do_not_lie_upon_each_other() -> None:
    places = [each["gridPos"] for each in DASHBOARD["panels"]]

    assert len({each["id"] for each in DASHBOARD["panels"]}) == len(places)
    assert all(place["x"] + place["w"] <= 24 for place in places)
    assert not [pair for pair in combinations(places, 2) if _covers(*pair)]


def test_it_can_be_loaded_beside_any_prometheus() -> None:
    sources = {each["name"]: each["type"] for each in DASHBOARD["templating"]["list"]}

    assert sources == {"datasource": "datasource"}
    for panel in PANELS:
        assert panel["datasource"] == {"type": "prometheus", "uid": "${datasource}"}


def test_grafana_is_told_of_a_prometheus_and_of_the_folder() -> None:
    folder = GRAFANA / "provisioning"
    source = yaml.safe_load((folder / "datasources/prometheus.yml").read_text(encoding="utf-8"))
    provider = yaml.safe_load((folder / "dashboards/quorum.yml").read_text(encoding="utf-8"))

    assert [each["type"] for each in source["datasources"]] == ["prometheus"]
    assert [each["type"] for each in provider["providers"]] == ["file"]
    assert provider["providers"][0]["options"]["path"].startswith("/")
