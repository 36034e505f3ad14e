"""Loads the settings once, at the start. The only place that reads the process environment.

What was given on the command line beats the environment, that beats `.env`, and each beats the
declared defaults. Thresholds come from the strategy file.
"""

import os
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from pydantic import ValidationError
from pydantic_settings import InitSettingsSource

from app.redaction import Redactor
from app.settings.findings import refused_thresholds, wrong_thresholds, wrong_variables
from app.settings.problems import Problem, to_error
from app.settings.secret_texts import secrets_among
from app.settings.strategy import Strategy
from app.settings.suspects import unknown_thresholds, unknown_variables
from app.settings.threshold import tables
from app.settings.tree import Settings, broken_rules
from app.settings.variable import declared_variables
from app.settings.written import WrittenStrategy, WrittenVariables, read_strategy, read_variables

ENV_FILE = Path(".env")
_VARIABLES = declared_variables(Settings)
_NAMES = [declared.variable.name for declared in _VARIABLES]
_TABLES = tables(Strategy)


def load_settings(
    environ: Mapping[str, str] | None = None,
    *,
    env_file: Path | None = ENV_FILE,
    overrides: Mapping[str, Any] | None = None,
) -> Settings:
    """The settings of this process.

    `environ` replaces the process environment. `overrides` are nested mappings by field name
    ({"exchange": {"rest_url": "http://127.0.0.1:8700"}}). Raises `ConfigurationError` that names
    every wrong or unknown key, without any secret in it or in its chain.
    """
    variables = read_variables(os.environ if environ is None else environ, env_file)
    strategy = _read_strategy(variables)
    found = _settings_or_problems(variables, strategy, overrides or {})
    if isinstance(found, Settings):
        return found
    raise to_error(found, Redactor(secrets_among(variables, _VARIABLES)))


def _read_strategy(variables: WrittenVariables) -> WrittenStrategy:
    named = variables.find("QUORUM_CONFIG")
    if named is not None:
        return read_strategy(Path(named), named_in=variables.place("QUORUM_CONFIG"))
    return read_strategy(Settings.model_fields["strategy_path"].default)


def _settings_or_problems(
    variables: WrittenVariables, strategy: WrittenStrategy, overrides: Mapping[str, Any]
) -> Settings | list[Problem]:
    problems = [
        *variables.problems,
        *([strategy.problem] if strategy.problem else []),
        *unknown_variables(variables, _NAMES),
        *unknown_thresholds(strategy, _TABLES),
        *refused_thresholds(strategy, _TABLES),
    ]
    try:
        settings = _build(variables, strategy, overrides)
    except ValidationError as error:
        wrong = [
            *wrong_variables(error, variables, _VARIABLES),
            *wrong_thresholds(error, strategy, _TABLES),
        ]
        return _once_each([*problems, *wrong]) or _unexpected(error)
    # What a rule misses may stand in a line that could not be read.
    rules = [] if variables.problems else broken_rules(settings, variables.place)
    return [*problems, *rules] or settings


def _build(
    variables: WrittenVariables, strategy: WrittenStrategy, overrides: Mapping[str, Any]
) -> Settings:
    by_precedence = (
        overrides,
        _by_field(variables),
        {"strategy": strategy.content},
    )
    sources = tuple(InitSettingsSource(Settings, dict(content)) for content in by_precedence)
    return Settings(_build_sources=(sources, {}))


def _by_field(variables: WrittenVariables) -> dict[str, Any]:
    nested: dict[str, Any] = {}
    for declared in _VARIABLES:
        value = variables.find(declared.variable.name)
        if value is None:
            continue
        *sections, field = declared.path
        place = nested
        for section in sections:
            place = place.setdefault(section, {})
        place[field] = value
    return nested


def _once_each(problems: Iterable[Problem]) -> list[Problem]:
    """The first problem of each key; a wrong table says nothing new next to a wrong key in it."""
    by_key: dict[str, Problem] = {}
    for problem in problems:
        if not any(key == problem.key or key.startswith(f"{problem.key} ") for key in by_key):
            by_key[problem.key] = problem
    return list(by_key.values())


def _unexpected(error: ValidationError) -> list[Problem]:
    """Wrong overrides: they come from our own code, not from the user."""
    return [
        Problem(key=".".join(map(str, detail["loc"])), place="overrides", complaint=detail["msg"])
        for detail in error.errors(include_url=False, include_input=False)
    ]
