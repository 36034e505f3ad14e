"""How a strategy parameter is declared: once, in the room that uses it, with its unit and source.

`app/settings.py` composes the declarations into one tree and `docs/configuration.md` is written
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
    """Base of every group of parameters: checks each number against its declared range."""

    def __post_init__(self) -> None:
        for declared in fields(self):
            _check_range(declared.name, getattr(self, declared.name), declared.metadata)


def _check_range(name: str, value: Any, metadata: Any) -> None:
    low, high = metadata.get("low"), metadata.get("high")
    for number in value if isinstance(value, tuple) else (value,):
        if isinstance(number, bool) or not isinstance(number, int | float):
            continue
        too_low = low is not None and number < low
        too_high = high is not None and number > high
        if not math.isfinite(number) or too_low or too_high:
            raise ValueError(f"{name} is {number}; allowed is {low} to {high} ({metadata['unit']})")
