"""Whatever the figures are, shapes stay inside their drawing and drawings well formed."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from engine.backtest.metrics.values import Estimate
from research.reports.charts import (
    Bar,
    BarChart,
    Curve,
    ExcursionMark,
    FunnelStep,
    IntervalChart,
    IntervalRow,
    Svg,
    draw_bars,
    draw_curves,
    draw_equity,
    draw_excursions,
    draw_funnel,
    draw_intervals,
    draw_strip,
)
from tests.builders.backtest_reports import START, make_point
from tests.unit.research.reports.page_reading import drawings_of, places_outside

VALUES = st.floats(min_value=-1e7, max_value=1e7)
SIZES = st.floats(min_value=0, max_value=1e7)
MAYBE = st.none() | VALUES
NAMES = st.text(max_size=20)


def check(drawing: Svg) -> None:
    (parsed,) = drawings_of(drawing.text)
    assert places_outside(parsed) == []


@given(st.lists(st.tuples(SIZES, VALUES, SIZES), max_size=12), SIZES)
def test_equity_stays_inside(course: list[tuple[float, float, float]], days: float) -> None:
    points = [make_point(START)]
    for seconds, total, fall in course:
        points.append(make_point(points[-1].at + timedelta(seconds=seconds), total, fall))
    check(draw_equity(points, START + timedelta(days=days % 4000), description="words"))


@given(st.lists(st.tuples(NAMES, VALUES), max_size=40), st.booleans())
def test_bars_stay_inside(values: list[tuple[str, float]], is_histogram: bool) -> None:
    chart = BarChart(
        name="bars",
        title="title",
        description="words",
        across="across",
        upwards="upwards",
        is_histogram=is_histogram,
    )
    bars = [Bar(label=label, value=value, kind="gain", hint=label) for label, value in values]
    check(draw_bars(chart, bars))


@given(st.lists(st.tuples(SIZES, SIZES, st.booleans()), max_size=30))
def test_excursions_stay_inside(moves: list[tuple[float, float, bool]]) -> None:
    marks = [
        ExcursionMark(adverse_r=adverse, favourable_r=favourable, is_win=is_win, hint="#1")
        for adverse, favourable, is_win in moves
    ]
    check(draw_excursions(marks, "words"))


@given(st.lists(st.tuples(NAMES, MAYBE, MAYBE, MAYBE, st.booleans()), max_size=30), MAYBE)
def test_intervals_stay_inside(
    values: list[tuple[str, float | None, float | None, float | None, bool]],
    reference: float | None,
) -> None:
    chart = IntervalChart(
        name="rows",
        title="title",
        description="words",
        across="across",
        beside=("trades", "mean"),
        low=-5.0,
        high=100.0,
        reference=reference,
    )
    rows = [
        IntervalRow(
            label=label, value=value, low=low, high=high, beside=("1", "2"), hint="", is_thin=thin
        )
        for label, low, value, high, thin in values
    ]
    check(draw_intervals(chart, rows))


@given(st.lists(st.integers(0, 10**9), max_size=6))
def test_funnel_stays_inside(counts: list[int]) -> None:
    steps = [FunnelStep(label="step", count=each, words=f"{each}") for each in counts]
    check(draw_funnel(steps, "words"))


@given(MAYBE, MAYBE, MAYBE, MAYBE)
def test_strip_stays_inside_and_needs_a_value(
    low: float | None, value: float | None, high: float | None, nothing: float | None
) -> None:
    drawing = draw_strip("strip", "words", Estimate(value=value, low=low, high=high), nothing)
    assert (drawing is None) == (value is None)
    if drawing is not None:
        check(drawing)


@given(st.lists(st.lists(st.tuples(SIZES, VALUES), min_size=1), min_size=1, max_size=2))
def test_curves_stay_inside(courses: list[list[tuple[float, float]]]) -> None:
    curves = tuple(
        Curve(
            name="a run with a long name",
            points=tuple(
                (START + timedelta(seconds=seconds), total) for seconds, total in sorted(course)
            ),
        )
        for course in courses
    )
    check(draw_curves("title", curves, "words"))
