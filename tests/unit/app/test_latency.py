"""From final candle to handed-over message."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.latency import LatencyRecorder


def recorded(*milliseconds: float) -> LatencyRecorder:
    recorder = LatencyRecorder()
    for number, value in enumerate(milliseconds):
        recorder.candle_ready(f"signal:{number}", 10.0)
        recorder.delivered(f"signal:{number}", 10.0 + value / 1000)
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
    recorder.delivered("signal:1", 10.080)
    recorder.candle_ready("signal:1", 10.0)
    assert list(recorder.milliseconds) == pytest.approx([80.0])


def test_ends_of_different_messages_are_not_matched() -> None:
    recorder = LatencyRecorder()
    recorder.candle_ready("signal:1", 10.0)
    recorder.delivered("signal:2", 10.1)
    assert recorder.percentile(0.5) is None


def test_message_delivered_again_counts_once() -> None:
    recorder = recorded(42.0)
    recorder.delivered("signal:0", 99.0)
    assert len(recorder.milliseconds) == 1


def test_newest_thousand_are_remembered() -> None:
    recorder = recorded(*[5000.0] * 500, *[10.0] * 1000)
    assert len(recorder.milliseconds) == 1000
    assert recorder.percentile(1.0) == pytest.approx(10.0)


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
