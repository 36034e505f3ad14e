"""The help of every command shows what was written: Rich reads `:name:` and `[name]` in it."""

from collections.abc import Iterator
from typing import Any

import pytest
from rich.markup import render
from typer.core import TyperGroup
from typer.main import get_command

from app.command_line import commands


def _of(command: Any, name: str) -> Iterator[tuple[str, str]]:
    """Every text of a command and of those in it, by the name of what it is about."""
    texts = {"": command.help, " (epilog)": command.epilog, " (short)": command.short_help}
    texts |= {f" {one.name}": getattr(one, "help", None) for one in command.params}
    yield from ((name + about, text) for about, text in texts.items() if text)
    if isinstance(command, TyperGroup):
        for inner, each in command.commands.items():
            yield from _of(each, f"{name} {inner}")


TEXTS = dict(_of(get_command(commands), "quorum"))


@pytest.mark.parametrize("about", TEXTS)
def test_a_help_text_is_shown_as_it_is_written(about: str) -> None:
    assert render(TEXTS[about]).plain == TEXTS[about]
