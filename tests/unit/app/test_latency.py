"""From final candle to handed-over message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.latency import Handed, LatencyRecorder
from engine.monitoring.values import LatencyStage


def handed(at: float) -> Handed:
    """Handed over at a second, and accepted 20 ms later."""
    return Handed(over_at=at, accepted_at=at + 0.02)


def counted(recorder: LatencyRecorder) -> dict[LatencyStage, int]:
    """How many cases of each stage are known."""
    return {summary.stage: summary.count for summary in recorder.summaries()}


def recorded(*milliseconds: float) -> LatencyRecorder:
    recorder = LatencyRecorder()
    for number, value in enumerate(milliseconds):
        recorder.candle_ready(f"signal:{number}", 10.0)
        recorder.delivered(f"signal:{number}", handed(10.0 + value / 1000))
    return recorder


def test_nothing_recorded_has_no_percentiles() -> None:
    assert LatencyRecorder().percentile(0.5) is None


@pytest.mark.parametrize("share", [0.0, 0.5, 0.99, 1.0])
def test_one_message_is_every_percentile(share: float) -> None:
    assert recorded(42.0).percentile(share) == pytest.approx(42.0)


@pytest.mark.parametrize(
    ("share", "milliseconds"), [(0.0, 1.0), (0.5, 51.0), (0.99, 100.0), (1.0, 101.0)]
)
def test_percentiles_of_a_hundred_and_one(share: float, milliseconds: float) -> None:
    recorder = recorded(*(float(value) for value in range(101, 0, -1)))
    assert recorder.percentile(share) == pytest.approx(milliseconds)


def test_either_end_may_be_noted_first() -> None:
    recorder = LatencyRecorder()
    recorder.delivered("signal:1", handed(10.080))
    recorder.candle_ready("signal:1", 10.0)
    assert recorder.percentile(0.5) == pytest.approx(80.0)
    assert recorder.percentile(0.5, LatencyStage.ACCEPTED) == pytest.approx(100.0)


def test_ends_of_different_messages_are_not_matched() -> None:
    recorder = LatencyRecorder()
    recorder.candle_ready("signal:1", 10.0)
    recorder.delivered("signal:2", handed(10.1))
    assert recorder.percentile(0.5) is None


def test_message_delivered_again_counts_once() -> None:
    recorder = recorded(42.0)
    recorder.delivered("signal:0", handed(99.0))
    assert counted(recorder)[LatencyStage.HANDED_OVER] == 1


def test_posts_that_never_arrive_are_forgotten_in_the_end() -> None:
    recorder = LatencyRecorder()
    for number in range(1001):
        recorder.candle_ready(f"signal:{number}", 10.0)
    recorder.delivered("signal:0", handed(11.0))
    recorder.delivered("signal:1", handed(11.0))
    assert counted(recorder)[LatencyStage.HANDED_OVER] == 1


def test_pairs_decided_on_are_told_by_stage_and_a_new_day_begins_with_none() -> None:
    told: list[tuple[LatencyStage, float]] = []
    recorder = LatencyRecorder(lambda stage, seconds: told.append((stage, seconds)))
    recorder.decided(10.0, decided_at=10.25, stored_at=10.5)
    assert told == [(LatencyStage.DECIDED, 0.25), (LatencyStage.STORED, 0.5)]
    [decided, stored] = recorder.summaries()
    assert (decided.p50_milliseconds, stored.p99_milliseconds) == (250.0, 500.0)
    recorder.start_over()
    assert recorder.summaries() == ()
    assert recorder.percentile(0.5, LatencyStage.DECIDED) == 250.0


@given(
    values=st.lists(st.floats(0, 1e5), min_size=1, max_size=50),
    shares=st.lists(st.floats(0, 1), min_size=2, max_size=2).map(sorted),
)
def test_percentiles_rise_between_the_fastest_and_the_slowest(
    values: list[float], shares: list[float]
) -> None:
    recorder = recorded(*values)
    low, high = (recorder.percentile(share) for share in shares)
    assert low is not None
    assert high is not None
    slack = 1e-6
    assert min(values) - slack <= low <= high + slack <= max(values) + 2 * slack
