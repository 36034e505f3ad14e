"""`python -m app accounts ...`: the master keys that guard traders' exchange keys."""

import typer

from app.running import execute

account_commands = typer.Typer(
    no_args_is_help=True,
    help="Connected accounts: make a master key, change it (docs/execution.md).",
)


@account_commands.command()
def new_key() -> None:
    """Print a new master key for ACCOUNT_MASTER_KEYS.

    To change keys: put the new one in front of the old one, with a comma between them; restart the
    bot, which reads its settings at its start; run `python -m app accounts rotate`; take the old
    one away.
    """
    from cryptography.fernet import Fernet

    print(Fernet.generate_key().decode())  # noqa: T201 - a command answers on standard output


@account_commands.command()
def rotate() -> None:
    """Encrypt every stored exchange key anew with the first of ACCOUNT_MASTER_KEYS."""
    from app.account_rotation import rotate_keys

    execute(rotate_keys)
