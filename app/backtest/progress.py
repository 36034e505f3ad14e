"""Progress bars of a backtest, on the error stream so that output can be piped."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from app.backtest.runner import RunProgress


class BarProgress(RunProgress):
    """Three bars, one for each stage."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._reading = progress.add_task("reading candles", total=None)
        self._scoring = progress.add_task("scoring pairs", total=None)
        self._replaying = progress.add_task("replaying", total=None)

    def reading(self, done: int, total: int) -> None:
        """Pairs whose candles are read."""
        self._progress.update(self._reading, completed=done, total=total)

    def scored(self, done: int, total: int) -> None:
        """Pairs that are scored."""
        self._progress.update(self._scoring, completed=done, total=total)

    def replayed(self, at: datetime, start: datetime, end: datetime) -> None:
        """How far the simulated clock has come."""
        self._progress.update(
            self._replaying,
            completed=(at - start).total_seconds(),
            total=(end - start).total_seconds(),
            description=f"replaying {at:%Y-%m-%d}",
        )


@contextmanager
def shown_progress(console: Console) -> Iterator[BarProgress]:
    """Bars as long as the block runs; silent where the console is no terminal."""
    columns = (TextColumn("{task.description:24}"), BarColumn(), TimeElapsedColumn())
    with Progress(
        *columns, console=console, transient=True, disable=not console.is_terminal
    ) as bars:
        yield BarProgress(bars)
