import re
from dataclasses import replace

import psutil
import pytest

from domain.signals import SignalState
from engine.monitoring.values import LatencyStage, Severity
from monitoring.metrics import LATENCY_BUCKETS, Metrics
from tests.unit.monitoring.exposed import all_names, all_samples, families, figure
from tests.unit.monitoring.full_reading import AT, full_metrics, full_reading, streams

SYMBOL = "PAIR2/USDT:USDT"


def test_before_the_first_reading_only_what_was_counted_is_exposed() -> None:
    names = families(Metrics(version="1.2.3"))

    assert "quorum_closes_total" in names
    assert "quorum_store_up" not in names
    assert "quorum_reading_timestamp_seconds" not in names


@pytest.mark.parametrize(
    ("name", "labels", "expected"),
    [
        ("quorum_reading_timestamp_seconds", {}, AT.timestamp()),
        ("quorum_build_info", {"version": "1.2.3"}, 1),
        ("quorum_stream_age_seconds", {"symbol": SYMBOL, "kind": "book"}, 3.0),
        ("quorum_stream_oldest_age_seconds", {"kind": "trades"}, 3.0),
        ("quorum_streams_unheard", {"kind": "candles"}, 0),
        ("quorum_rest_weight_used", {}, 240),
        ("quorum_rest_weight_allowed", {}, 1200),
        ("quorum_rest_silent_seconds", {}, 0),
        ("quorum_clock_skew_seconds", {}, -0.045),
        ("quorum_clock_measurement_age_seconds", {}, 120),
        ("quorum_store_up", {"store": "database", "backend": "PostgreSQL"}, 1),
        ("quorum_store_up", {"store": "cache", "backend": "Redis"}, 0),
        ("quorum_store_answer_seconds", {"store": "database", "backend": "PostgreSQL"}, 0.0015),
        ("quorum_store_answer_seconds", {"store": "cache", "backend": "Redis"}, None),
        ("quorum_outbox_pending_messages", {}, 4),
        ("quorum_outbox_oldest_age_seconds", {}, 7),
        ("quorum_outbox_unknown_messages", {}, 1),
        ("quorum_outbox_failed_messages", {}, 2),
        ("quorum_telegram_failures", {}, 3),
        ("quorum_telegram_last_success_timestamp_seconds", {}, AT.timestamp() - 5),
        ("quorum_job_last_run_timestamp_seconds", {"job_name": "scan"}, AT.timestamp() - 30),
        ("quorum_job_last_success_timestamp_seconds", {"job_name": "scan"}, AT.timestamp() - 90),
        ("quorum_job_period_seconds", {"job_name": "scan"}, 60),
        ("quorum_job_lateness_seconds", {"job_name": "scan"}, 0.25),
        ("quorum_job_consecutive_failures", {"job_name": "scan"}, 1),
        ("quorum_job_missed_runs_total", {"job_name": "follow"}, 2),
        ("quorum_task_running", {"task": "delivery"}, 1),
        ("quorum_task_running", {"task": "desk"}, 0),
        ("quorum_task_crashes_total", {"task": "desk"}, 5),
        ("quorum_process_resident_memory_bytes", {}, 180_000_000),
        ("quorum_process_memory_limit_bytes", {}, 1_000_000_000),
        ("quorum_process_cpu_ratio", {}, 0.12),
        ("quorum_process_threads", {}, 9),
        ("quorum_process_open_files", {}, 61),
        ("quorum_process_uptime_seconds", {}, 86_400),
        ("quorum_disk_free_bytes", {}, 20_000_000_000),
        ("quorum_disk_size_bytes", {}, 80_000_000_000),
        ("quorum_event_loop_lag_seconds", {}, 0.012),
        ("quorum_event_loop_stalls_total", {}, 3),
        ("quorum_feeds", {"state": "good"}, 2),
        ("quorum_feeds", {"state": "failing"}, 0),
        ("quorum_accounts_halted", {}, 1),
        ("quorum_last_decision_timestamp_seconds", {}, AT.timestamp() - 28),
        ("quorum_last_signal_timestamp_seconds", {}, AT.timestamp() - 3 * 3600),
        ("quorum_paused", {}, 1),
        ("quorum_pairs_watched", {}, 40),
        ("quorum_pairs_ready", {}, 38),
    ],
)
def test_a_reading_is_exposed_figure_by_figure(
    name: str, labels: dict[str, str], expected: float | None
) -> None:
    assert all_samples().get((name, frozenset(labels.items()))) == expected


def test_the_start_of_the_process_is_exposed_before_any_reading() -> None:
    started = figure(Metrics(version="1"), "quorum_process_start_timestamp_seconds")

    assert started == psutil.Process().create_time()


def test_a_newer_reading_takes_the_place_of_the_older_and_its_pairs() -> None:
    metrics = full_metrics(pairs=2)

    metrics.take(replace(full_reading(), streams=streams(1), is_paused=False))

    assert figure(metrics, "quorum_paused") == 0
    assert figure(metrics, "quorum_stream_age_seconds", symbol=SYMBOL, kind="book") is None


def test_a_stream_never_heard_has_no_age_and_is_counted() -> None:
    silent = tuple(replace(each, age_seconds=None) for each in streams(3))
    metrics = Metrics(version="1")

    metrics.take(replace(full_reading(), streams=silent))

    assert figure(metrics, "quorum_streams_unheard", kind="book") == 3
    assert figure(metrics, "quorum_stream_oldest_age_seconds", kind="book") is None


def test_what_could_not_be_read_is_absent_and_not_zero() -> None:
    metrics = Metrics(version="1")
    metrics.take(replace(full_reading(), outbox=None, last_signal_at=None))

    assert figure(metrics, "quorum_outbox_pending_messages") is None
    assert figure(metrics, "quorum_last_signal_timestamp_seconds") is None


def test_an_empty_outbox_has_no_age() -> None:
    outbox = full_reading().outbox
    assert outbox is not None
    metrics = Metrics(version="1")

    metrics.take(replace(full_reading(), outbox=replace(outbox, pending=0, oldest_at=None)))

    assert figure(metrics, "quorum_outbox_oldest_age_seconds") == 0


def test_every_promise_on_speed_is_a_bound_of_the_latency() -> None:
    assert {0.03, 0.15, 0.25, 1.0, 5.0} <= set(LATENCY_BUCKETS)
    assert list(LATENCY_BUCKETS) == sorted(LATENCY_BUCKETS)


def test_a_latency_falls_into_the_buckets_of_its_stage() -> None:
    metrics = Metrics(version="1")

    metrics.observe_latency(LatencyStage.HANDED_OVER, 0.12)

    bucket, stage = "quorum_close_latency_seconds_bucket", {"stage": "handed_over"}
    assert figure(metrics, bucket, le="0.1", **stage) == 0
    assert figure(metrics, bucket, le="0.15", **stage) == 1
    assert figure(metrics, "quorum_close_latency_seconds_sum", **stage) == 0.12
    assert figure(metrics, "quorum_close_latency_seconds_count", stage="accepted") == 0


def test_events_are_counted() -> None:
    metrics = Metrics(version="1")

    metrics.count_close(is_late=False)
    metrics.count_close(is_late=False)
    metrics.count_close(is_late=True)
    metrics.count_decisions(40)
    metrics.count_signals(2)
    metrics.count_denials(3)
    metrics.count_delivered()
    metrics.count_delivered(4)
    metrics.count_outcome(SignalState.STOPPED)
    metrics.count_notice(Severity.WARNING)

    assert figure(metrics, "quorum_closes_total") == 3
    assert figure(metrics, "quorum_late_closes_total") == 1
    assert figure(metrics, "quorum_decisions_total") == 40
    assert figure(metrics, "quorum_signals_total") == 2
    assert figure(metrics, "quorum_denials_total") == 3
    assert figure(metrics, "quorum_messages_delivered_total") == 5
    assert figure(metrics, "quorum_outcomes_total", kind="stopped") == 1
    assert figure(metrics, "quorum_notices_total", severity="warning") == 1


def test_every_label_is_there_before_anything_happened() -> None:
    metrics = Metrics(version="1")

    finals = {state for state in SignalState if state.is_final}
    assert all(figure(metrics, "quorum_outcomes_total", kind=state) == 0 for state in finals)
    assert figure(metrics, "quorum_outcomes_total", kind="published") is None
    assert all(figure(metrics, "quorum_notices_total", severity=one) == 0 for one in Severity)


def test_names_follow_the_conventions() -> None:
    exposed = families(full_metrics())

    for name, family in exposed.items():
        assert re.fullmatch(r"quorum(_[a-z]+)+", name), name
        assert name.endswith("_total") == (family.type == "counter"), name
        assert not re.search(r"_(ms|milliseconds|minutes|percent|kb|mb)(_|$)", name), name


def test_every_metric_is_explained_in_a_sentence() -> None:
    for name, family in families(full_metrics()).items():
        assert re.fullmatch(r"[A-Z0-9].* .*\.", family.documentation), name


def test_no_sample_tells_when_a_counter_was_made() -> None:
    assert not [name for name in all_names() if name.endswith("_created")]


def test_texts_of_errors_and_names_of_accounts_stay_inside() -> None:
    exposed = full_metrics().expose().decode()

    assert "away" not in exposed
    assert "trader" not in exposed
    assert "no key" not in exposed


def test_two_metrics_do_not_share_their_figures() -> None:
    one, other = Metrics(version="1"), Metrics(version="1")

    one.count_signals(1)

    assert figure(other, "quorum_signals_total") == 0
