"""Turns what validation found into problems that name the user's own keys."""

from collections.abc import Iterator, Sequence
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from app.settings.kinds import HintedError
from app.settings.problems import Problem
from app.settings.threshold import Table, Threshold
from app.settings.variable import DeclaredVariable
from app.settings.written import WrittenStrategy, WrittenVariables

_TOLD_BY_SUSPECTS = ("extra_forbidden", "unexpected_keyword_argument")
_GROUP_RULE = "value_error"


def refused_thresholds(written: WrittenStrategy, known: Sequence[Table]) -> Iterator[Problem]:
    """Numbers of the strategy file outside their declared range, and switches in their place."""
    for table in known:
        content = written.table(table.path)
        for threshold in table.thresholds:
            value = content.get(threshold.name, threshold.default)
            if threshold.is_refused(value):
                yield _wrong_threshold(table, threshold, value, written)


def wrong_variables(
    error: ValidationError, written: WrittenVariables, known: Sequence[DeclaredVariable]
) -> Iterator[Problem]:
    """Variables whose value is not allowed."""
    for detail in error.errors(include_url=False):
        for declared in known:
            if detail["loc"][: len(declared.path)] == declared.path:
                yield _wrong_variable(declared, detail, written)


def wrong_thresholds(
    error: ValidationError, written: WrittenStrategy, known: Sequence[Table]
) -> Iterator[Problem]:
    """Thresholds of the wrong kind, and groups whose thresholds contradict each other."""
    paths = {table.path: table for table in known}
    for detail in error.errors(include_url=False):
        head, *rest = detail["loc"]
        path = tuple(str(name) for name in rest if isinstance(name, str))
        if head != "strategy" or detail["type"] in _TOLD_BY_SUSPECTS:
            continue
        if path in paths:
            yield _wrong_table(paths[path], detail, written)
        elif path[:-1] in paths:
            table = paths[path[:-1]]
            yield _wrong_threshold(table, _named(table, path[-1]), detail["input"], written)


def _named(table: Table, name: str) -> Threshold:
    return next(threshold for threshold in table.thresholds if threshold.name == name)


def _wrong_variable(
    declared: DeclaredVariable, detail: ErrorDetails, written: WrittenVariables
) -> Problem:
    variable = declared.variable
    return Problem(
        key=variable.name,
        place=written.place(variable.name),
        value=None if variable.secret else written.find(variable.name) or detail["input"],
        complaint=f"allowed is {variable.allowed}{_hint(detail)}",
    )


def _hint(detail: ErrorDetails) -> str:
    error = detail.get("ctx", {}).get("error")
    return f"; {error}" if isinstance(error, HintedError) else ""


def _wrong_threshold(
    table: Table, threshold: Threshold, value: Any, written: WrittenStrategy
) -> Problem:
    return Problem(
        key=f"[{table.title}] {threshold.name}",
        place=str(written.path),
        value=value,
        complaint=f"allowed is {threshold.allowed}",
    )


def _wrong_table(table: Table, detail: ErrorDetails, written: WrittenStrategy) -> Problem:
    rule_broken = detail["type"] == _GROUP_RULE
    complaint = detail["msg"].removeprefix("Value error, ") if rule_broken else "not a table"
    return Problem(key=f"[{table.title}]", place=str(written.path), complaint=complaint)
