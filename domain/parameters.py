"""How a strategy parameter is declared: once, in the room that uses it, with its unit and source.

`app/settings/` composes the declarations into one tree and `docs/configuration.md` is written
from them, so a threshold never stands in two places.
"""

import math
from dataclasses import dataclass, field, fields
from typing import Any


def parameter(
    default: Any,
    *,
    doc: str,
    unit: str,
    source: str,
    low: float | None = None,
    high: float | None = None,
) -> Any:
    """Declare one field of a `Parameters` class.

    `unit` is what the number counts ("percent", "candles", "R"), `source` where the default comes
    from ("design 4.5"), `low` and `high` the allowed range, both ends included.
    """
    metadata = {"doc": doc, "unit": unit, "source": source, "low": low, "high": high}
    return field(default=default, metadata=metadata)


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameters:
    """Base of every group of parameters: checks each number against its declared range.

    Raises `ValueError` that names the parameter, also for a switch in place of a number or the
    other way round.
    """

    def __post_init__(self) -> None:
        for declared in fields(self):
            value = getattr(self, declared.name)
            _check_kind(declared.name, value, declared.default)
            _check_range(declared.name, value, declared.metadata)


def is_switch_mixed_up(value: Any, default: Any) -> bool:
    """Whether one of both, or anything in them, is true or false and the other is not.

    To Python `True` is the number 1, so it would pass for one.
    """
    is_switch = any(isinstance(each, bool) for each in _each_of(default))
    return any(isinstance(each, bool) is not is_switch for each in _each_of(value))


def _each_of(value: Any) -> tuple[Any, ...]:
    return tuple(value) if isinstance(value, tuple | list) else (value,)


def _check_kind(name: str, value: Any, default: Any) -> None:
    if is_switch_mixed_up(value, default):
        allowed = "true or false" if isinstance(default, bool) else "anything but true or false"
        raise ValueError(f"{name} is {value}; allowed is {allowed}")


def _check_range(name: str, value: Any, metadata: Any) -> None:
    low, high = metadata.get("low"), metadata.get("high")
    for number in _each_of(value):
        if isinstance(number, bool) or not isinstance(number, int | float):
            continue
        too_low = low is not None and number < low
        too_high = high is not None and number > high
        if not math.isfinite(number) or too_low or too_high:
            raise ValueError(f"{name} is {number}; allowed is {low} to {high} ({metadata['unit']})")
