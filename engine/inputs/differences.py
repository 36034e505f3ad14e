"""Where two values of the same kind differ, field by field."""

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, is_dataclass
from typing import Final

from domain.evidence import Evidence

_ABSENT: Final = "not there"


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One field by its dotted name ("layers[technical].bullishness"), as stored and as made anew.

    `lines` is the unified diff of a text of several lines.
    """

    name: str
    stored: str
    recomputed: str
    lines: tuple[str, ...] = ()


def differences(stored: object, recomputed: object) -> tuple[Difference, ...]:
    """Every leaf that is not the same, in the order of the fields.

    Numbers are compared exactly. Where one side has no such part, the whole is one difference.
    """
    return tuple(_compare("", stored, recomputed))


def _compare(name: str, stored: object, recomputed: object) -> Iterator[Difference]:
    old, new = _parts(stored), _parts(recomputed)
    if old is None or new is None:
        if not _is_same(stored, recomputed):
            yield Difference(name=name, stored=_shown(stored), recomputed=_shown(recomputed))
        return
    for key in (*old, *(key for key in new if key not in old)):
        yield from _compare(
            f"{name}{key}".lstrip("."), old.get(key, _ABSENT), new.get(key, _ABSENT)
        )


def _parts(value: object) -> Mapping[str, object] | None:
    """What a value is made of, by the ending of its name; None for a leaf."""
    if is_dataclass(value) and not isinstance(value, type):
        return {f".{each.name}": getattr(value, each.name) for each in fields(value)}
    if isinstance(value, Mapping):
        return {f".{key}": part for key, part in value.items()}
    if isinstance(value, tuple | list):
        return {f"[{label}]": part for label, part in zip(_labels(value), value, strict=True)}
    return None


def _labels(values: Sequence[object]) -> list[str]:
    """Layers and evidence go by their names, whatever else is in a row by its number from 0."""
    names = [str(_name_of(each) or number) for number, each in enumerate(values)]
    return names if len(set(names)) == len(names) else [str(at) for at in range(len(names))]


def _name_of(value: object) -> object:
    return getattr(value, "layer", None) or (value.name if isinstance(value, Evidence) else None)


def _is_same(stored: object, recomputed: object) -> bool:
    """Equal, or both not a number; JSON has no NaN, so that one is stored as nothing."""
    if isinstance(recomputed, float) and math.isnan(recomputed):
        return stored is None or (isinstance(stored, float) and math.isnan(stored))
    return stored == recomputed


def _shown(value: object) -> str:
    """As a person reads it, and exact: a float with all of its digits."""
    return repr(float(value)) if isinstance(value, float) else str(value)
