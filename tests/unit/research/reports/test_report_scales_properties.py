"""Values stay on the drawing, ticks are round, few, and where they say they are."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from research.reports.charts.scales import Scale, range_of, round_ticks, time_ticks

VALUES = st.floats(min_value=-1e6, max_value=1e6).map(lambda value: round(value, 4))
SECONDS = st.integers(1_400_000_000, 2_200_000_000)
INSTANTS = SECONDS.map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(st.lists(VALUES))
def test_range_holds_every_value_and_zero(values: list[float]) -> None:
    low, high = range_of(values)
    assert low < high
    assert all(low <= value <= high for value in [*values, 0.0])


@given(st.lists(VALUES, min_size=1), VALUES)
def test_every_place_lies_between_the_edges(values: list[float], other: float) -> None:
    low, high = range_of(values)
    scale = Scale(low=low, high=high, start=200.0, end=20.0)
    assert 20.0 <= scale.at(other) <= 200.0
    assert scale.at(low) == 200.0
    assert scale.at(high) == 20.0


@given(st.lists(VALUES), st.integers(2, 10), st.booleans())
def test_ticks_are_few_inside_and_say_where_they_are(
    values: list[float], most: int, is_whole: bool
) -> None:
    low, high = range_of(values)
    ticks = round_ticks(low, high, most, is_whole=is_whole)
    reach = high - low
    assert 1 <= len(ticks) <= most + 1
    for value, label in ticks.items():
        assert low - 1e-6 * reach <= value <= high + 1e-6 * reach
        assert abs(float(label.replace("−", "-")) - value) <= 1e-6 * reach
        assert not (is_whole and "." in label)


@given(INSTANTS, st.timedeltas(timedelta(hours=1), timedelta(days=3000)), st.integers(3, 9))
def test_time_ticks_are_few_round_and_inside(start: datetime, span: timedelta, most: int) -> None:
    ticks = time_ticks(start, start + span, most)
    assert len(ticks) <= most + 1
    for at, label in ticks.items():
        assert start <= at <= start + span
        assert at.minute == at.second == at.microsecond == 0
        assert label in {f"{at:%H:%M}", f"{at:%d %b}", f"{at:%b %Y}"}
