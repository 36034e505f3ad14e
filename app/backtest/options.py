"""Options that commands over stored candles share."""

from datetime import datetime
from pathlib import Path
from typing import Annotated, Final

import typer

_INSTANTS: Final = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]

ROOT: Final = Path("var/history")

Pairs = Annotated[str, typer.Option(help="Symbols with commas between, or all that are stored.")]
Root = Annotated[Path, typer.Option(help="Folder of the candles.")]
From = Annotated[
    datetime | None,
    typer.Option(
        "--from",
        formats=_INSTANTS,
        help="First close to decide on (UTC); else as early as the candles allow.",
    ),
]
To = Annotated[
    datetime | None,
    typer.Option(
        "--to",
        formats=_INSTANTS,
        help="End of the period (UTC), itself not in it; else that of the candles.",
    ),
]
