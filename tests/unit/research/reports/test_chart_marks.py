"""What a reader takes from a chart is where it should be."""

from datetime import timedelta

import pytest

from engine.backtest.metrics.values import Estimate
from research.reports.charts import (
    Bar,
    BarChart,
    ExcursionMark,
    FunnelStep,
    draw_bars,
    draw_equity,
    draw_excursions,
    draw_funnel,
    draw_strip,
    range_of,
)
from tests.builders.backtest_reports import START, make_point
from tests.unit.research.reports.page_reading import drawings_of


def test_equity_steps_up_only_when_a_result_is_known_and_runs_to_the_end() -> None:
    points = [make_point(START), make_point(START + timedelta(days=5), 10.0)]
    drawing = draw_equity(points, START + timedelta(days=10), description="words")
    (parsed,) = drawings_of(drawing.text)
    line = next(each for each in parsed if each.attrib.get("class") == "line")
    places = [tuple(map(float, each.split(","))) for each in line.attrib["points"].split()]
    (start, low), (before, still_low), (after, high), (end, still_high) = places
    assert low == still_low > high == still_high
    assert start < before == after < end
    assert after - start == end - after


def test_losing_bar_hangs_below_the_line_of_zero() -> None:
    chart = BarChart(name="b", title="t", description="d", across="a", upwards="u")
    bars = [Bar(label="", value=value, kind="gain", hint="") for value in (4.0, -2.0)]
    (parsed,) = drawings_of(draw_bars(chart, bars).text)
    gain, loss = (each.attrib for each in parsed if each.tag == "rect")
    zero = next(each.attrib["y1"] for each in parsed if each.attrib.get("class") == "zero")
    assert float(gain["y"]) + float(gain["height"]) == pytest.approx(float(zero))
    assert loss["y"] == zero
    assert round(float(gain["height"]) / float(loss["height"]), 1) == 2.0


def test_winners_and_losers_differ_in_shape() -> None:
    marks = [
        ExcursionMark(adverse_r=0.5, favourable_r=2.0, is_win=is_win, hint="#1")
        for is_win in (True, False)
    ]
    (parsed,) = drawings_of(draw_excursions(marks, "words").text)
    shapes = {each.attrib["class"]: each.tag for each in parsed if "class" in each.attrib}
    assert (shapes["win"], shapes["lost"]) == ("circle", "path")


def test_step_of_the_funnel_that_nothing_passed_has_no_length() -> None:
    steps = [
        FunnelStep(label="a", count=1000, words="1,000"),
        FunnelStep(label="b", count=0, words="0"),
    ]
    (parsed,) = drawings_of(draw_funnel(steps, "words").text)
    lengths = [float(each.attrib["width"]) for each in parsed if each.tag == "rect"]
    assert lengths[0] > 400
    assert lengths[1] == 0


def test_open_end_of_an_interval_runs_to_the_edge() -> None:
    drawing = draw_strip("s", "words", Estimate(value=1.3, low=0.8, high=None), 1.0)
    assert drawing is not None
    (parsed,) = drawings_of(drawing.text)
    line = next(each for each in parsed if each.attrib.get("class") == "interval sound")
    assert float(line.attrib["x2"]) == 130.0
    assert float(line.attrib["x1"]) > 0


def test_sum_that_only_rounding_keeps_from_zero_is_drawn_as_zero() -> None:
    noise = 0.1 + 0.2 - 0.3
    assert range_of([noise]) == (-1.0, 1.0)
    check = make_point(START + timedelta(days=1), noise)
    (parsed,) = drawings_of(draw_equity([check], START + timedelta(days=2), description="d").text)
    assert [each.text for each in parsed if each.attrib.get("class") == "tick"][:1] == ["−1.0"]
