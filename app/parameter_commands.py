"""`python -m app parameters ...`: versioned parameter sets, and which one is live."""

from pathlib import Path
from typing import Annotated

import typer

from app.running import execute
from app.typed_numbers import LARGEST_NUMBER

parameter_commands = typer.Typer(
    no_args_is_help=True,
    help="Parameter sets laid over the strategy file: list, switch, roll back. Whatever is made "
    "live takes effect at the next start; /config shows what runs.",
)

Version = Annotated[int, typer.Argument(min=1, max=LARGEST_NUMBER, help="The version of a set.")]


@parameter_commands.command("list")
def list_sets() -> None:
    """Every set, which one is live, and who switched when."""
    from app.parameter_switching import list_sets

    execute(list_sets)


@parameter_commands.command()
def show(version: Version) -> None:
    """One set: where it comes from, and each number beside that of the strategy file."""
    from app.parameter_switching import show_set

    execute(lambda: show_set(version))


@parameter_commands.command()
def use(version: Version) -> None:
    """Make a set live, from the next start on."""
    from app.parameter_switching import use_set

    execute(lambda: use_set(version))


@parameter_commands.command()
def rollback() -> None:
    """Make live again what was live before, from the next start on.

    The way back begins with the strategy file alone, and each set that is made live comes behind
    it. Whatever leads to one that is on the way already, `use` and `drop` too, takes all behind it
    off: after `use 1`, `use 2`, `use 1` a rollback leads to the strategy file alone, and after
    `drop` there is nothing to go back to. To return to what was taken off, `use` it.
    """
    from app.parameter_switching import roll_back

    execute(roll_back)


@parameter_commands.command()
def drop() -> None:
    """Go back to the strategy file alone, from the next start on."""
    from app.parameter_switching import drop_set

    execute(drop_set)


@parameter_commands.command()
def add(
    values: Annotated[
        Path,
        typer.Option(
            help="TOML with the numbers, in tables as in the strategy file.", metavar="FILE"
        ),
    ],
    note: Annotated[str, typer.Option(help="What was found out about them.")] = "",
) -> None:
    """Keep a set of your own under the next version; `use` makes it live.

    Example: python -m app parameters add --values mine.toml --note "wider stops"
    """
    from app.parameter_switching import add_set

    execute(lambda: add_set(values, note))
