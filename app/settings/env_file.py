"""Reads `.env`: its values, and its lines that no value can be read from."""

import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, parse_stream

from app.settings.problems import Problem
from domain.errors import ConfigurationError


@dataclass(frozen=True, slots=True, kw_only=True)
class EnvFile:
    """What stands in the file by name, and a problem for each line that is not understood."""

    values: Mapping[str, str | None] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()


def read_env_file(path: Path | None) -> EnvFile:
    """The file; one that is not there is empty. Raises `ConfigurationError` when it is no text."""
    if path is None or not (path.is_file() or path.is_fifo()):
        return EnvFile()
    lines = list(parse_stream(io.StringIO(_text(path))))
    understood = "".join(line.original.string for line in lines if not _is_senseless(line))
    return EnvFile(
        values=dotenv_values(stream=io.StringIO(understood)),
        problems=tuple(_senseless(line, path) for line in lines if _is_senseless(line)),
    )


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, ValueError):
        # Without the reason, which may show a part of a secret.
        raise ConfigurationError(
            f"{path} cannot be read: it has to be a text in UTF-8, as .env.example is"
        ) from None


def _is_senseless(line: Binding) -> bool:
    has_only_a_name = line.key is not None and line.value is None
    return line.error or has_only_a_name


def _senseless(line: Binding, path: Path) -> Problem:
    """The line by its number alone: it may hold a secret, even where a name should stand."""
    written = line.original.string
    blank = written[: len(written) - len(written.lstrip())]
    return Problem(
        key=f"line {line.original.line + blank.count(chr(10))}",
        place=str(path),
        complaint="it cannot be read; allowed is NAME=value, and what begins with a quote ends "
        "with the same one",
    )
