"""`python -m app import`: files of candles into the history."""

import signal
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from app.history.folder import writing_to
from exchanges.history import HistoryStore
from exchanges.history.importing import Imported, Layout, import_files


async def run_import(path: Path, root: Path, layout: str, *, replace: bool) -> None:
    """Import, show the progress, and tell what came of it."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the event loop would only hear them at the end
        signal.signal(number, signal.default_int_handler)
    console = Console(stderr=True)
    with (
        writing_to(root),
        Progress(console=console, disable=not console.is_terminal) as progress,
    ):
        line = progress.add_task(f"importing {path.name}", total=None)
        imported = import_files(
            HistoryStore(root),
            path,
            layout=Layout(layout),
            replace=replace,
            on_progress=lambda done, total: progress.update(line, completed=done, total=total),
        )
    _print(imported, root, console)


def _print(imported: tuple[Imported, ...], root: Path, console: Console) -> None:
    candles = sum(one.candles for one in imported)
    table = Table(title=f"{candles:,} candles read into {root}", title_justify="left")
    table.add_column("pair")
    table.add_column("candles")
    for name in ("read", "new", "changed", "gaps"):
        table.add_column(name, justify="right")
    for one in imported:
        counts = (one.candles, one.written.added, one.written.changed, len(one.gaps))
        table.add_row(one.symbol, one.timeframe, *(f"{count:,}" for count in counts))
    console.print(table)
