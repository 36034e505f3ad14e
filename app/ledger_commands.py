"""`python -m app ledger ...`: export the record, fetch candles for it, verify it, recheck it."""

import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer

from app.running import execute
from app.typed_numbers import LARGEST_NUMBER

VERIFIER = Path(__file__).parents[1] / "verifier" / "verify.py"

ledger_commands = typer.Typer(
    no_args_is_help=True,
    help="The record: export it, and check it as any stranger can (docs/record.md).",
)


@ledger_commands.command()
def export(
    out: Annotated[
        str, typer.Option(metavar="FILE", help="Where to write it; - is standard output.")
    ],
) -> None:
    """Write the whole record as JSON lines. Reads only, also while the bot runs.

    Example: python -m app ledger export --out ledger.jsonl
    """
    from app.ledger_export import export_record

    execute(lambda: export_record(out))


@ledger_commands.command()
def candles(
    ledger: Annotated[Path, typer.Option(help="The exported record.", metavar="FILE")],
    out: Annotated[Path, typer.Option(help="Folder for the candle files.", metavar="DIR")],
) -> None:
    """Fetch the 1-minute candles that decide on the record's outcomes, one file a pair and day.

    From the exchange's public REST, without a key. Instead of these the files of
    https://data.binance.vision (futures/um, klines, 1m) will do.
    """
    from app.ledger_candles import fetch_candles

    execute(lambda: fetch_candles(ledger, out))


@ledger_commands.command(
    add_help_option=False,
    context_settings={"allow_extra_args": True, "ignore_unknown_options": True},
)
def verify(context: typer.Context) -> None:
    """Check an exported record: runs verifier/verify.py, the file that strangers run.

    Its own options: python -m app ledger verify --help
    """
    command = [sys.executable, str(VERIFIER), *context.args]
    raise typer.Exit(subprocess.run(command, check=False).returncode)  # noqa: S603 - our own file


@ledger_commands.command()
def recheck(
    signal: Annotated[
        int | None,
        typer.Option(min=1, max=LARGEST_NUMBER, help="Only this signal; else all that have ended."),
    ] = None,
    apply: Annotated[
        bool,
        typer.Option(
            "--apply", help="Append a correction for each difference. Stop the bot first."
        ),
    ] = False,
) -> None:
    """Follow ended signals anew through the exchange's candles, and show what would be corrected.

    The exit code is 1 when something differs and was not corrected.
    """
    from app.ledger_recheck import recheck_record

    execute(lambda: recheck_record(signal, apply=apply))
