"""A progress bar for each window, on the error stream so that output can be piped."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from app.walk_forward.preparing import Prepared
from engine.walk_forward.optimise import OnProgress
from engine.walk_forward.values import Window


@contextmanager
def shown_progress(console: Console, prepared: Prepared) -> Iterator[OnProgress]:
    """Bars as long as the block runs; silent where the console is no terminal."""
    columns = (
        TextColumn("{task.description:32}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        tasks = {
            window.number: bars.add_task(_name(window), total=prepared.parameters.trials)
            for window in prepared.windows
        }

        def advance(window: Window, done: int) -> None:
            bars.update(tasks[window.number], completed=done)

        yield advance


def _name(window: Window) -> str:
    return f"window {window.number}, test from {window.test_start:%Y-%m-%d}"
