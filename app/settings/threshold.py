"""One threshold of the strategy as it was declared, and a walk over all of them."""

import math
from collections.abc import Iterator
from dataclasses import Field, dataclass, fields
from decimal import Decimal
from enum import Enum
from typing import Any, get_args, get_origin, get_type_hints

from pydantic import BaseModel

from domain.parameters import Parameters, is_switch_mixed_up

TablePath = tuple[str, ...]
"""The names of a table of the strategy file, from the root: ("risk", "sizing")."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Threshold:
    """One declared threshold: where it stands in the strategy file, and what it may hold.

    `kind` is its declared type.
    """

    table: TablePath
    name: str
    kind: Any
    default: Any
    doc: str
    unit: str
    source: str
    low: float | None
    high: float | None

    @property
    def path(self) -> TablePath:
        """Tables and name, from the root of the strategy file."""
        return (*self.table, self.name)

    @property
    def allowed(self) -> str:
        """What it may hold, in words."""
        kind = _kind_in_words(self.kind)
        if not self.range_text:
            return f"{kind} ({self.unit})"
        joint = ", each " if isinstance(self.default, tuple) else ", "
        return f"{kind}{joint}{self.range_text} ({self.unit})"

    @property
    def range_text(self) -> str:
        """The declared range, empty when there is none."""
        if self.low is not None and self.high is not None:
            return f"{self.low:,.12g} to {self.high:,.12g}"
        if self.low is not None:
            return f"at least {self.low:,.12g}"
        return "" if self.high is None else f"at most {self.high:,.12g}"

    def is_refused(self, value: object) -> bool:
        """Whether a value, or one in a list, lies outside the declared range, or is true or false
        where that makes no sense. Validation by type takes true for the number 1.
        """
        values = value if isinstance(value, list | tuple) else (value,)
        is_mixed_up = is_switch_mixed_up(value, self.default)
        return is_mixed_up or any(self._is_beyond(each) for each in values)

    def _is_beyond(self, value: object) -> bool:
        if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
            return False
        too_low = self.low is not None and value < self.low
        too_high = self.high is not None and value > self.high
        return too_low or too_high or not math.isfinite(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """One table of the strategy file: its group of parameters and what stands directly in it."""

    path: TablePath
    group: type[Parameters]
    thresholds: tuple[Threshold, ...]
    inner_names: tuple[str, ...]

    @property
    def title(self) -> str:
        """The table's name with dots, as in the strategy file."""
        return ".".join(self.path)

    @property
    def names(self) -> tuple[str, ...]:
        """Every key that may stand in this table."""
        return (*(threshold.name for threshold in self.thresholds), *self.inner_names)


def tables(strategy: type[BaseModel]) -> list[Table]:
    """Every table of the strategy file, an outer one before those inside it."""
    groups = (
        (name, field.annotation, field.default) for name, field in strategy.model_fields.items()
    )
    return [table for name, group, default in groups for table in _of(group, default, (name,))]


def _of(group: Any, default: Any, path: TablePath) -> Iterator[Table]:
    kinds = get_type_hints(group)
    inner = [name for name, kind in kinds.items() if _is_group(kind)]
    leaves = [declared for declared in fields(group) if declared.name not in inner]
    yield Table(
        path=path,
        group=group,
        thresholds=tuple(
            _threshold(each, kinds[each.name], getattr(default, each.name), path) for each in leaves
        ),
        inner_names=tuple(inner),
    )
    for name in inner:
        yield from _of(kinds[name], getattr(default, name), (*path, name))


def _is_group(kind: Any) -> bool:
    return isinstance(kind, type) and issubclass(kind, Parameters)


def _threshold(declared: "Field[Any]", kind: Any, default: Any, table: TablePath) -> Threshold:
    return Threshold(
        table=table, name=declared.name, kind=kind, default=default, **declared.metadata
    )


def _kind_in_words(kind: Any) -> str:
    if get_origin(kind) is tuple:
        return f"a list of {_several(get_args(kind)[0])}"
    if kind is bool:
        return "true or false"
    if issubclass(kind, Enum):
        return _choices(kind)
    if kind is int:
        return "a whole number"
    return "text" if kind is str else "a number"


def _several(kind: Any) -> str:
    if issubclass(kind, Enum):
        return _choices(kind)
    if kind is str:
        return "texts"
    return "whole numbers" if kind is int else "numbers"


def _choices(kind: type[Enum]) -> str:
    *others, last = (str(member.value) for member in kind)
    return f"{', '.join(others)} or {last}" if others else last
