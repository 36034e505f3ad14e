"""Every command that a document or file names can be run, with the options it shows."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.core import TyperGroup
from typer.main import get_command

from app.command_line import commands
from tests.architecture.paths import ROOT, documents, name_of

_APP = re.compile(r"python3? -m app +([a-z][\w-]*)([^`\n]*)")
_MAKE = re.compile(r"(?:`|^ *|&& *)make +([a-z][\w-]*)", re.MULTILINE)
_TARGET = re.compile(r"^([a-z][\w-]*):", re.MULTILINE)
_OPTION = re.compile(r"(?<=\s)--[a-z][\w-]*")
_FILES = (
    ".env.example",
    "Dockerfile",
    "docker-compose.yml",
    "deploy/systemd/quorum.service",
    "Makefile",
    ".ci/run",
)


def _texts() -> list[Path]:
    return [*documents(), *(ROOT / name for name in _FILES if (ROOT / name).exists())]


def _read(path: Path) -> str:
    """The text, with a command in the form of a list written as in a shell."""
    text = path.read_text(encoding="utf-8")
    return re.sub(r'\["(python.*?)"\]', lambda found: found[1].replace('", "', " "), text)


@pytest.mark.parametrize("path", _texts(), ids=name_of)
def test_every_command_of_the_application_exists_with_its_options(path: Path) -> None:
    group = get_command(commands)
    assert isinstance(group, TyperGroup)
    for name, rest in _APP.findall(_read(path)):
        command, rest = _found(group, name, rest)
        if command.context_settings.get("ignore_unknown_options"):
            continue  # it hands its options on
        known = {
            "--help",
            *(each for one in command.params for each in (*one.opts, *one.secondary_opts)),
        }
        assert set(_OPTION.findall(rest)) <= known, f"python -m app {name}{rest}"


def _found(group: TyperGroup, name: str, rest: str) -> tuple[Any, str]:
    """A command of the group, or of a group in it, and what follows its name."""
    assert name in group.commands, f"python -m app {name}"
    command = group.commands[name]
    if not isinstance(command, TyperGroup):
        return command, rest
    inner, _, rest = rest.strip().partition(" ")
    return _found(command, inner, f" {rest}")


@pytest.mark.parametrize("path", _texts(), ids=name_of)
def test_every_make_target_exists(path: Path) -> None:
    targets = _TARGET.findall((ROOT / "Makefile").read_text(encoding="utf-8"))

    assert set(_MAKE.findall(_read(path))) <= set(targets)
