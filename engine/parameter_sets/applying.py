"""Lays a set of values over declared parameters; whatever does not fit stops it, all of it told."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from difflib import get_close_matches
from typing import Any

from domain.errors import ConfigurationError
from domain.parameters import Parameters

Values = Mapping[str, float | int]
"""Numbers by their dotted name: "risk.levels.stop_atr_multiple"."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Leaf:
    """One value on its way: the groups it lies in from the outside in, its name, the number."""

    path: tuple[str, ...]
    name: str
    value: float | int


def apply(groups: Mapping[str, Parameters], values: Values) -> dict[str, Parameters]:
    """The groups with the values in them; what is not named stays.

    Raises `ConfigurationError` with every name that is unknown, that no number can be set for, or
    whose number is not allowed, also together with the others of its group.
    """
    known = known_names(groups)
    problems = [_unknown(name, known) for name in sorted(values.keys() - known.keys())]
    leaves = []
    for name in sorted(values.keys() & known.keys()):
        try:
            leaves.append(_leaf(name, values[name], known[name]))
        except ValueError as error:
            problems.append(f"{name}: {error}")
    changed = {}
    for name, group in groups.items():
        try:
            changed[name] = _rebuilt(group, (name,), leaves)
        except ValueError as error:
            problems.append(str(error))
    if problems:
        raise ConfigurationError("; ".join(problems))
    return changed


def known_names(groups: Mapping[str, Parameters]) -> dict[str, Any]:
    """Every number that a set may name, by its dotted name, as it is now."""
    found: dict[str, Any] = {}
    for name, group in groups.items():
        inner = {each.name: getattr(group, each.name) for each in fields(group)}
        nested = {key: value for key, value in inner.items() if isinstance(value, Parameters)}
        numbers = {key: value for key, value in inner.items() if _is_number(value)}
        found |= {f"{name}.{key}": value for key, value in numbers.items()}
        found |= {f"{name}.{key}": value for key, value in known_names(nested).items()}
    return found


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _leaf(name: str, value: float, present: float) -> _Leaf:
    *path, last = name.split(".")
    if not _is_number(value):
        raise ValueError(f"{value!r} is no number")
    if isinstance(present, int):
        if not float(value).is_integer():
            raise ValueError(f"{value:g} is no whole number")
        return _Leaf(path=tuple(path), name=last, value=int(value))
    return _Leaf(path=tuple(path), name=last, value=float(value))


def _rebuilt(group: Parameters, path: tuple[str, ...], leaves: Sequence[_Leaf]) -> Parameters:
    """The group with its own values and those of the groups in it, checked as a whole."""
    changes: dict[str, Any] = {leaf.name: leaf.value for leaf in leaves if leaf.path == path}
    for each in fields(group):
        inner = getattr(group, each.name)
        if isinstance(inner, Parameters):
            changes[each.name] = _rebuilt(inner, (*path, each.name), leaves)
    try:
        return replace(group, **changes)
    except ValueError as error:
        raise ValueError(f"{'.'.join(path)}: {error}") from error


def _unknown(name: str, known: Mapping[str, Any]) -> str:
    near = get_close_matches(name, list(known), n=1)
    advice = f"; did you mean {near[0]}?" if near else ""
    return f"{name}: there is no such number that decides on a trade{advice}"
