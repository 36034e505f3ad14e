"""What the user wrote: the environment, `.env` and the strategy file, before any judgement."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from app.settings.env_file import read_env_file
from app.settings.problems import Problem

IN_ENVIRONMENT = "environment"
ON_COMMAND_LINE = "command line"


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenVariables:
    """Variables with a value, by where they were found. The environment beats the file.

    `problems` are lines of the file that could not be read.
    """

    environment: Mapping[str, str]
    file: Mapping[str, str]
    file_name: str
    problems: tuple[Problem, ...] = ()

    def find(self, name: str) -> str | None:
        """The value of a variable; None when it is not set or empty."""
        return self.environment.get(name) or self.file.get(name)

    def place(self, name: str) -> str:
        """Where the value of a variable comes from."""
        if name in self.environment:
            return IN_ENVIRONMENT
        return self.file_name if name in self.file else ON_COMMAND_LINE


def read_variables(environment: Mapping[str, str], env_file: Path | None) -> WrittenVariables:
    """Everything set in the environment and in the file; what is empty counts as not set.

    Raises `ConfigurationError` for a file that is no text.
    """
    read = read_env_file(env_file)
    return WrittenVariables(
        environment=_filled(environment),
        file=_filled(read.values),
        file_name=str(env_file),
        problems=read.problems,
    )


def _filled(variables: Mapping[str, str | None]) -> dict[str, str]:
    return {name: value.strip() for name, value in variables.items() if value and value.strip()}


@dataclass(frozen=True, slots=True, kw_only=True)
class WrittenStrategy:
    """The strategy file as nested tables; empty, with a problem, when it can't be read."""

    path: Path
    content: Mapping[str, Any]
    problem: Problem | None = None

    def table(self, path: tuple[str, ...]) -> Mapping[str, Any]:
        """What stands in a table; empty when it is not there."""
        found: Any = self.content
        for name in path:
            found = found.get(name, {}) if isinstance(found, Mapping) else {}
        return found if isinstance(found, Mapping) else {}


def read_strategy(path: Path, *, named_in: str | None = None) -> WrittenStrategy:
    """The strategy file. Without one, every threshold keeps its default.

    `named_in` is where somebody named this file, which then must exist.
    """
    problem = None
    try:
        return WrittenStrategy(path=path, content=tomllib.loads(path.read_text(encoding="utf-8")))
    except FileNotFoundError:
        problem = _missing(path, named_in) if named_in else None
    except (OSError, ValueError, RecursionError) as error:
        problem = Problem(key=str(path), place="strategy file", complaint=f"not readable: {error}")
    return WrittenStrategy(path=path, content={}, problem=problem)


def _missing(path: Path, named_in: str) -> Problem:
    return Problem(
        key="QUORUM_CONFIG",
        place=named_in,
        value=str(path),
        complaint="there is no such file; allowed is the path of a TOML file",
    )
