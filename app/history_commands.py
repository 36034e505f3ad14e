"""`python -m app download`, `import` and `history ...`: candles of the past on this machine."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from app.running import execute

Root = Annotated[Path, typer.Option(help="Folder of the history.", metavar="DIR", file_okay=False)]

_ROOT = Path("var/history")

history_commands = typer.Typer(
    no_args_is_help=True,
    help="The history of candles: what is there, and whether it is sound (docs/history.md).",
)


def add_history_commands(commands: typer.Typer) -> None:
    """Put `download`, `import` and `history` into the command line."""
    commands.command(name="download")(download)
    commands.command(name="import")(import_candles)
    commands.add_typer(history_commands, name="history")


def download(
    pairs: Annotated[
        str,
        typer.Option(help="top50: the most traded of the last 24 hours; or BTCUSDT,ETHUSDT."),
    ] = "top50",
    days: Annotated[int, typer.Option(min=1, max=4000, help="How many days back.")] = 180,
    timeframes: Annotated[
        str, typer.Option(help="Lengths of candles with commas between, of 1m, 5m, 15m, 1h.")
    ] = "1m,15m",
    root: Root = _ROOT,
    until: Annotated[
        datetime | None,
        typer.Option(help="Stop before this UTC day; else at the last hour.", formats=["%Y-%m-%d"]),
    ] = None,
) -> None:
    """Download candles and settled funding; once more, it fetches only what is missing.

    Ctrl-C may end it at any time. At the end it tells what is missing, and then the exit code is 1.

    Example: python -m app download --pairs top50 --days 180 --timeframes 1m,15m
    """
    from app.history.download import DownloadOptions, run_download

    options = DownloadOptions(pairs=pairs, days=days, timeframes=timeframes, root=root, until=until)
    execute(lambda: run_download(options))


def import_candles(
    path: Annotated[
        Path,
        typer.Argument(help="A file of candles, or a folder of such files.", exists=True),
    ],
    root: Root = _ROOT,
    layout: Annotated[
        Literal["auto", "candles", "binance"],
        typer.Option(help="candles: timestamp, open ... volume; binance: the 12 kline columns."),
    ] = "auto",
    replace: Annotated[
        bool, typer.Option("--replace", help="Take new candles where stored ones differ.")
    ] = False,
) -> None:
    """Import candles: SYMBOL.parquet, or Binance's public monthly files as zip, CSV or Parquet.

    Everything or nothing: a file that is not clean is refused with the row and how to mend it.

    Example: python -m app import BTCUSDT-1m-2024-02.zip
    """
    from app.history.importing import run_import

    execute(lambda: run_import(path, root, layout, replace=replace))


@history_commands.command()
def check(root: Root = _ROOT) -> None:
    """Check every file, every gap, and timeframes against each other; exit code 1 on faults."""
    from app.history.checking import run_check

    execute(lambda: run_check(root))


@history_commands.command(name="list")
def list_history(root: Root = _ROOT) -> None:
    """Show pairs, timeframes, spans and size."""
    from app.history.overview import run_list

    execute(lambda: run_list(root))
