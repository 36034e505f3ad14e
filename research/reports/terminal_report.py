"""A report in the terminal: what a quant has to know of a run within 20 seconds, 100 wide."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table as TerminalTable
from rich.text import Text

from domain.readiness import ReadinessVerdict
from engine.backtest.metrics.values import BacktestReport
from research.reports.content.breakdowns import extremes_table
from research.reports.content.counts import denials_table, discards_table, funnel_table
from research.reports.content.data import data_table, heading
from research.reports.content.headline import figures_table
from research.reports.content.months import months_table
from research.reports.content.readiness import readiness_table
from research.reports.tables import Row, Table
from research.reports.verdict import verdict_of
from research.reports.wording import counted, printable

WIDTH: Final = 100

_MOST_ROWS: Final = 8
"""So many reasons are shown, the most frequent ones."""


def render_terminal(
    report: BacktestReport, readiness: ReadinessVerdict | None = None
) -> RenderableType:
    """Verdict and figures first, then months, breakdowns, the funnel, the data and what to mind.

    `readiness` adds what the gate said.
    """
    return Group(*_parts(report, readiness))


def terminal_table(table: Table) -> RenderableType:
    """One table with its title above and its notes below; thin rows are dim."""
    shown = TerminalTable(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False, show_edge=False)
    for position, name in enumerate(table.columns):
        is_words = position in table.words
        shown.add_column(
            Text(printable(name)),
            justify="left" if is_words else "right",
            overflow="fold",
            no_wrap=not is_words,
        )
    for line in table.rows:
        shown.add_row(*_cells(line), style="dim" if line.is_thin else "")
    notes = (Text(printable(note), style="dim") for note in table.notes)
    return section(table.title, shown if table.rows else Text("nothing"), *notes)


def section(title: str, *content: RenderableType) -> RenderableType:
    """A heading, what stands under it, and an empty line before."""
    return Padding(Group(Text(title, style="bold"), *content), (1, 0, 0, 0))


def bullets(title: str, sentences: Sequence[str]) -> Iterator[RenderableType]:
    """Sentences under a heading; nothing without one."""
    if not sentences:
        return
    lines = TerminalTable.grid(padding=(0, 1))
    for sentence in sentences:
        lines.add_row("-", Text(printable(sentence)))
    yield section(title, lines)


def _parts(report: BacktestReport, readiness: ReadinessVerdict | None) -> Iterator[RenderableType]:
    yield Text(printable(heading(report)), style="bold")
    yield Text(verdict_of(report).sentence, style="bold")
    if report.warnings:
        yield Text(f"Read the {counted(len(report.warnings), 'warning')} at the end.")
    yield terminal_table(figures_table(report))
    if readiness is not None:
        yield terminal_table(readiness_table(readiness))
    yield terminal_table(months_table(report))
    yield terminal_table(extremes_table(report))
    yield terminal_table(funnel_table(report))
    yield terminal_table(_shortened(discards_table(report)))
    yield terminal_table(_shortened(denials_table(report)))
    yield terminal_table(data_table(report))
    yield from bullets("Assumed", report.assumptions)
    yield from bullets("Warnings", report.warnings)


def _cells(line: Row) -> list[Text]:
    return [Text(printable(cell)) for cell in line.cells]


def _shortened(table: Table) -> Table:
    left_out = len(table.rows) - _MOST_ROWS
    if left_out <= 0:
        return table
    note = f"… and {left_out} more: see the page or the JSON file"
    return replace(table, rows=table.rows[:_MOST_ROWS], notes=(note, *table.notes))
