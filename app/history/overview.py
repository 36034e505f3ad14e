"""`python -m app history list`: what is stored."""

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from app.history.folder import opened_history
from exchanges.history.gaps import minute_text
from exchanges.history.overview import holdings

_MEGABYTE: Final = 1_000_000


async def run_list(root: Path) -> None:
    """Print a table of pairs and timeframes."""
    table = Table(title=f"history in {root}", title_justify="left")
    for name in ("pair", "candles", "from", "to"):
        table.add_column(name)
    for name in ("number", "MB"):
        table.add_column(name, justify="right")
    size = 0
    for one in holdings(opened_history(root)):
        table.add_row(
            one.symbol,
            one.timeframe,
            minute_text(one.first_ms),
            minute_text(one.end_ms),
            f"{one.candles:,}",
            f"{one.size / _MEGABYTE:,.2f}",
        )
        size += one.size
    console = Console()
    console.print(table)
    console.print(f"{size / _MEGABYTE:,.1f} MB in all", highlight=False)
