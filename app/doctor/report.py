"""The doctor's report as a table for people."""

from collections.abc import Sequence

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from app.doctor.check import CheckResult, Status
from app.redaction import Redactor

_MARKS = {
    Status.OK: "[green]ok[/green]",
    Status.WARNING: "[yellow]warning[/yellow]",
    Status.FAILURE: "[bold red]failure[/bold red]",
}


def print_report(results: Sequence[CheckResult], console: Console, redact: Redactor) -> None:
    """Print the lines, each with its mend below it, and a closing count."""
    table = Table(box=None, padding=(0, 2, 0, 0), show_header=False)
    table.add_column(no_wrap=True)
    table.add_column(no_wrap=True)
    table.add_column(overflow="fold")
    for result in results:
        table.add_row(_MARKS[result.status], result.name, _text(result, redact))
    console.print(table)
    console.print(_summary(results))


def exit_code(results: Sequence[CheckResult]) -> int:
    """1 when anything failed, else 0."""
    return int(any(result.status is Status.FAILURE for result in results))


def _text(result: CheckResult, redact: Redactor) -> str:
    detail = escape(redact(result.detail))
    return f"{detail}\n[dim]→ {escape(redact(result.mend))}[/dim]" if result.mend else detail


def _summary(results: Sequence[CheckResult]) -> str:
    counts = {status: sum(each.status is status for each in results) for status in Status}
    if counts[Status.FAILURE]:
        return f"\n[bold red]{_count(counts[Status.FAILURE], 'failure')}[/bold red]: mend it first."
    if counts[Status.WARNING]:
        return f"\nReady, with {_count(counts[Status.WARNING], 'warning')}."
    return "\nReady."


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"
