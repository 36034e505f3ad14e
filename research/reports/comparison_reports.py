"""Two runs side by side, in the terminal and as one HTML file."""

from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.text import Text

from engine.backtest.metrics.comparison_values import Comparison
from research.reports.charts import draw_curves
from research.reports.content.comparison import (
    Names,
    cautions,
    compared_table,
    curves_of,
    matched_table,
    overlap_table,
    own_tables,
    verdict_on,
)
from research.reports.page import Mood, Page, Part, render_page
from research.reports.pictures import Picture
from research.reports.terminal_report import bullets, terminal_table
from research.reports.wording import printable

NAMES = ("the first", "the second")


def render_comparison_terminal(comparison: Comparison, names: Names = NAMES) -> RenderableType:
    """The verdict, every figure of both, and which trades differ; 100 wide."""
    return Group(*_terminal_parts(comparison, names))


def render_comparison_html(comparison: Comparison, names: Names = NAMES) -> str:
    """The same with both courses drawn, and the trades that only one of them made."""
    page = Page(
        title=_heading(names),
        verdict=verdict_on(comparison, names),
        mood=_mood(comparison),
        warnings=cautions(comparison),
        parts=_parts(comparison, names),
    )
    return render_page(page)


def _terminal_parts(comparison: Comparison, names: Names) -> Iterator[RenderableType]:
    yield Text(printable(_heading(names)), style="bold")
    yield Text(printable(verdict_on(comparison, names)), style="bold")
    yield terminal_table(compared_table(comparison, names))
    yield terminal_table(overlap_table(comparison, names))
    yield from bullets("Warnings", cautions(comparison))


def _parts(comparison: Comparison, names: Names) -> tuple[Part, ...]:
    return (
        Part(anchor="figures", title="Figures", tables=(compared_table(comparison, names),)),
        Part(anchor="courses", title="Courses", pictures=_curves(comparison, names)),
        Part(
            anchor="trades",
            title="Trades",
            tables=(overlap_table(comparison, names),),
            folded=(matched_table(comparison, names), *own_tables(comparison, names)),
        ),
    )


def _curves(comparison: Comparison, names: Names) -> tuple[Picture, ...]:
    curves = curves_of(comparison, names)
    if not curves:
        return ()
    words = "Sums of net results of both runs in percent of equity."
    drawing = draw_curves("Both courses", curves, words)
    return (Picture(drawing=drawing, table=overlap_table(comparison, names), is_wide=True),)


def _heading(names: Names) -> str:
    return f"Comparison: {names[1]} against {names[0]}"


def _mood(comparison: Comparison) -> Mood:
    if not comparison.is_beyond_chance or comparison.difference_r.value is None:
        return Mood.PLAIN
    return Mood.GOOD if comparison.difference_r.value > 0 else Mood.BAD
