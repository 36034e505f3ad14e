"""Writes config/quorum.toml anew: every threshold with its default, and what is set stays set."""

from collections.abc import Iterable, Mapping
from inspect import cleandoc
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from app.redaction import Redactor
from app.settings.problems import to_error
from app.settings.strategy import Strategy
from app.settings.threshold import Table, Threshold, tables
from app.settings.toml_text import to_toml
from app.settings.written import read_strategy

STRATEGY_FILE = Path("config/quorum.toml")

_OPENING = """\
# The strategy of Quorum: every threshold, each with its default.
#
# To change one, take the # away from the start of its line and write another value. What stays
# commented keeps the default, also when a later version has a better one. Behind each value stand
# its unit, the range it may lie in (both ends included) and what it is; docs/configuration.md has
# the same with sources. A key that is wrong or unknown stops the start, so a typing error is never
# passed over. After an update `make docs` writes the comments anew; the values that are set stay.
"""


def write_strategy_file(path: Path = STRATEGY_FILE) -> Path:
    """Write the file with the comments of this version; the path it was written to.

    Raises `ConfigurationError` for one that is not readable, which is left as it is.
    """
    written = read_strategy(path)
    if written.problem is not None:
        raise to_error([written.problem], Redactor())
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(render(Strategy, written.content), encoding="utf-8")
    return path


def render(strategy: type[BaseModel], written: Mapping[str, Any]) -> str:
    """The strategy file as TOML: what is `written` as set values, the rest as comments."""
    declared = [table for table in tables(strategy) if table.thresholds]
    return "\n".join([_OPENING, *(_table(table, written) for table in declared)])


def _table(table: Table, written: Mapping[str, Any]) -> str:
    values = _values_of(table, written)
    lines = [_assignment(threshold, values) for threshold in table.thresholds]
    width = max(map(len, lines))
    notes = (_note(threshold) for threshold in table.thresholds)
    rows = [f"{line:<{width}}  # {note}\n" for line, note in zip(lines, notes, strict=True)]
    summary = cleandoc(table.group.__doc__ or "").partition("\n")[0]
    return f"[{table.title}]\n# {summary}\n{''.join(rows)}"


def _values_of(table: Table, written: Mapping[str, Any]) -> Mapping[str, Any]:
    for name in table.path:
        written = written.get(name, {})
    return written


def _assignment(threshold: Threshold, values: Mapping[str, Any]) -> str:
    if threshold.name in values:
        return f"{threshold.name} = {to_toml(values[threshold.name])}"
    return f"#{threshold.name} = {to_toml(threshold.default)}"


def _note(threshold: Threshold) -> str:
    limits = ", ".join(_without_empty([threshold.unit, threshold.range_text]))
    return f"{limits}: {threshold.doc}"


def _without_empty(texts: Iterable[str]) -> list[str]:
    return [text for text in texts if text]
