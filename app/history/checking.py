"""`python -m app history check`: whether what is stored is sound."""

from pathlib import Path
from typing import Final

from rich.console import Console
from rich.table import Table

from app.history.folder import opened_history
from domain.counting import many
from exchanges.history import Inspection, inspect_funding, inspect_store
from exchanges.history.gaps import minute_text

_FAULTS_SHOWN: Final = 5


async def run_check(root: Path) -> int:
    """Check everything and print a table; the exit code is 1 when anything is wrong."""
    store, console = opened_history(root), Console()
    store.listed()
    table = Table(title=f"history in {root}", title_justify="left")
    for name in ("pair", "candles", "from", "to"):
        table.add_column(name)
    for name in ("number", "missing", "differing"):
        table.add_column(name, justify="right")
    faults: dict[str, tuple[str, ...]] = {}
    for inspection in inspect_store(store):
        table.add_row(*_cells(inspection))
        faults[f"{inspection.symbol} {inspection.timeframe}"] = inspection.faults
    funding = {f"{symbol} funding": inspect_funding(store, symbol) for symbol in store.symbols()}
    console.print(table)
    for place, words in (faults | funding).items():
        _print_faults(place, words, console)
    faulty = sum(bool(words) for words in faults.values())
    console.print(f"{faulty} of {table.row_count} have faults", highlight=False)
    unfunded = sum(bool(words) for words in funding.values())
    if unfunded:
        pairs = many(unfunded, "pair")
        console.print(f"settled funding of {pairs} has faults", highlight=False)
    return 1 if faulty or unfunded else 0


def _cells(inspection: Inspection) -> tuple[str, ...]:
    edges = (inspection.first_ms, inspection.end_ms)
    explained = f" ({inspection.explained:,} without trades)" if inspection.explained else ""
    return (
        inspection.symbol,
        inspection.timeframe,
        *("-" if edge is None else minute_text(edge) for edge in edges),
        f"{inspection.candles:,}",
        f"{sum(gap.candles for gap in inspection.gaps):,}",
        f"{inspection.differences:,}{explained}",
    )


def _print_faults(place: str, faults: tuple[str, ...], console: Console) -> None:
    for fault in faults[:_FAULTS_SHOWN]:
        console.print(f"{place}: {fault}", highlight=False, markup=False)
    more = len(faults) - _FAULTS_SHOWN
    if more > 0:
        console.print(f"{place}: and {more} more faults", highlight=False)
