"""`python -m app import-recording`: another recorder's raw files as a recording of ours."""

import signal
from pathlib import Path

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from exchanges.recordings.importing import Imported, import_recording


async def run_import(source: Path, out: Path, kind: str) -> None:
    """Import, show the progress, and tell what came of it."""
    for number in (signal.SIGINT, signal.SIGTERM):  # the event loop would only hear them at the end
        signal.signal(number, signal.default_int_handler)
    console = Console(stderr=True)
    with Progress(console=console, disable=not console.is_terminal) as progress:
        line = progress.add_task(f"importing {source.name}", total=None)
        imported = import_recording(
            source,
            out,
            kind,
            lambda done, total: progress.update(line, completed=min(done, total), total=total),
        )
    _print(imported, out, console)


def _print(imported: Imported, out: Path, console: Console) -> None:
    table = Table(title=f"{imported.messages:,} messages in {out}", title_justify="left")
    table.add_column("stream or path")
    table.add_column("messages", justify="right")
    for source, count in sorted(imported.by_source.items()):
        table.add_row(source, f"{count:,}")
    console.print(table)
    for fault, count in imported.book_faults.items():
        console.print(f"changes of a book that were not applied: {count:,} {fault}")
    if imported.trades_left_out:
        console.print(f"{imported.trades_left_out:,} trades outside the market were left out")
