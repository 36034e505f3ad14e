"""Options that commands over stored candles share."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Final

import typer

_INSTANTS: Final = ["%Y-%m-%d", "%Y-%m-%dT%H:%M"]


def _in_utc(at: datetime | None) -> datetime | None:
    """What was typed, which has no time zone: everything behind the command line knows one."""
    return None if at is None else at.replace(tzinfo=UTC)


ROOT: Final = Path("var/history")

Pairs = Annotated[str, typer.Option(help="Symbols with commas between, or all that are stored.")]
Root = Annotated[Path, typer.Option(help="Folder of the candles.")]
From = Annotated[
    datetime | None,
    typer.Option(
        "--from",
        formats=_INSTANTS,
        callback=_in_utc,
        help="First close to decide on (UTC); else as early as the candles allow.",
    ),
]
To = Annotated[
    datetime | None,
    typer.Option(
        "--to",
        formats=_INSTANTS,
        callback=_in_utc,
        help="End of the period (UTC), itself not in it; else that of the candles.",
    ),
]
