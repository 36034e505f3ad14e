"""A walk-forward optimisation, in the terminal and as one HTML file."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from engine.statistics import equity_curve
from engine.statistics.values import FEW
from engine.walk_forward.values import Figures, WalkForwardResult
from research.reports.charts import (
    Curve,
    IntervalChart,
    IntervalRow,
    draw_curves,
    draw_intervals,
    range_of,
)
from research.reports.content.walk_forward import (
    deflation_table,
    expectancy_of,
    recommended_table,
    stability_table,
    tests_table,
    walk_forward_heading,
    walk_forward_verdict,
    windows_table,
)
from research.reports.page import Page, Part, mood_of, render_page
from research.reports.pictures import Picture
from research.reports.tables import Table
from research.reports.terminal_report import bullets, terminal_table
from research.reports.wording import count, counted, printable, signed_r


def render_walk_forward_terminal(result: WalkForwardResult) -> RenderableType:
    """The verdict of the tests, what was tried, every window, and how far they agree; 100 wide."""
    return Group(*_terminal_parts(result))


def render_walk_forward_html(result: WalkForwardResult) -> str:
    """The same with the course of the tests and every window's interval drawn."""
    verdict = walk_forward_verdict(result)
    page = Page(
        title=walk_forward_heading(result),
        verdict=verdict.sentence,
        mood=mood_of(verdict.finding),
        warnings=result.warnings,
        parts=_parts(result),
    )
    return render_page(page)


def _terminal_parts(result: WalkForwardResult) -> Iterator[RenderableType]:
    yield Text(printable(walk_forward_heading(result)), style="bold")
    yield Text(walk_forward_verdict(result).sentence, style="bold")
    yield from bullets("Warnings", result.warnings)
    for table in _tables(result):
        yield terminal_table(table)


def _tables(result: WalkForwardResult) -> tuple[Table, ...]:
    return (
        tests_table(result),
        deflation_table(result),
        windows_table(result),
        stability_table(result),
        recommended_table(result.recommended),
    )


def _parts(result: WalkForwardResult) -> tuple[Part, ...]:
    joined, tried, windows, *parameters = _tables(result)
    return (
        Part(anchor="tests", title="Tests", tables=(joined, tried), pictures=_curve(result)),
        Part(anchor="windows", title="Windows", tables=(windows,), pictures=_windows(result)),
        Part(anchor="parameters", title="Parameters", tables=tuple(parameters)),
    )


def _curve(result: WalkForwardResult) -> tuple[Picture, ...]:
    if not result.trades:
        return ()
    points = equity_curve(result.trades)
    curve = Curve(
        name="all tests", points=tuple((each.at, float(each.total_percent)) for each in points)
    )
    words = "Sum of net results of all tests in percent of equity."
    drawing = draw_curves("Course of the tests", (curve,), words)
    return (Picture(drawing=drawing, table=tests_table(result), is_wide=True),)


def _windows(result: WalkForwardResult) -> tuple[Picture, ...]:
    rows = [
        _row(f"{each.window.number} {kind}", figures)
        for each in result.windows
        for kind, figures in (("fitted", each.train), ("tested", each.test))
    ]
    low, high = range_of(
        end for row in rows for end in (row.low, row.value, row.high) if end is not None
    )
    chart = IntervalChart(
        name="windows",
        title="Fitted and tested, window by window",
        description="Mean net R of a trade with its 95% interval where values were fitted and "
        "where they were tested; grey and hollow where under 30 trades are behind it.",
        across="Mean net result, R",
        beside=("trades", "mean"),
        low=low,
        high=high,
        reference=None,
    )
    return (Picture(drawing=draw_intervals(chart, rows), table=windows_table(result)),)


def _row(label: str, figures: Figures) -> IntervalRow:
    mean = expectancy_of(figures)
    words = "–" if mean.value is None else signed_r(mean.value)
    return IntervalRow(
        label=label,
        value=mean.value,
        low=mean.low,
        high=mean.high,
        beside=(count(figures.trades), words),
        hint=f"{label}: {words}, {counted(figures.trades, 'trade')}",
        is_thin=figures.trades < FEW,
    )
