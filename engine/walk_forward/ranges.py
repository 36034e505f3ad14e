"""What is searched: parameters by their dotted name, each with the range it may lie in."""

import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from domain.errors import ConfigurationError
from domain.parameters import Parameters, parameter

_NUMBER: Final = r"(-?\d+(?:\.\d+)?)"
_RANGE: Final = re.compile(
    rf"([a-z]\w*(?:\.\w+)+)\s+{_NUMBER}\s+to\s+{_NUMBER}(?:\s*,\s*(?:(log)|step\s+{_NUMBER}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRange:
    """A parameter and the values it may take, both ends included.

    With a `step` only low, low + step, ...; with `is_log` evenly on a logarithmic scale;
    `is_whole` for a parameter that counts something.
    """

    name: str
    low: float
    high: float
    step: float | None = None
    is_log: bool = False
    is_whole: bool = False

    def place_of(self, value: float) -> float:
        """Where a value lies in the range, 0 at its low end, 1 at its high one."""
        if self.is_log:
            return math.log(value / self.low) / math.log(self.high / self.low)
        return (value - self.low) / (self.high - self.low)

    def holds(self, value: float) -> bool:
        """Whether a value is one of those that are searched."""
        if not self.low <= value <= self.high:
            return False
        steps = (value - self.low) / self.step if self.step else 0.0
        return math.isclose(steps, round(steps), abs_tol=1e-9)


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclaredNumber:
    """A number of the strategy: its value in force, and the range it may lie in at all."""

    value: float | int
    low: float | None
    high: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParameters(Parameters):
    """What a walk-forward optimisation may change."""

    ranges: tuple[str, ...] = parameter(
        (
            "confluence.medium_threshold 65 to 80, step 0.5",
            "risk.levels.stop_atr_multiple 1 to 3, step 0.1",
            "risk.levels.minimum_net_reward_to_risk 1 to 2, step 0.1",
            "risk.levels.trail_atr_multiple 0.5 to 2, step 0.1",
            "risk.lifecycle.maximum_hold_candles 4 to 16",
        ),
        doc='each as "name low to high", behind it ", log" or ", step 0.5" where wanted',
        unit="ranges",
        source="own choice: which signals there are, and where and when they end",
    )

    def __post_init__(self) -> None:
        Parameters.__post_init__(self)
        names = [parse_range(text).name for text in self.ranges]
        if not names or len(set(names)) < len(names):
            raise ValueError("ranges must name at least one parameter, and each only once")


def parse_range(text: str) -> SearchRange:
    """A range as it is written. Raises `ValueError` that says how it must look."""
    found = _RANGE.fullmatch(text.strip())
    if found is None:
        raise ValueError(
            f'the range "{text}" is not understood; write "confluence.medium_threshold 65 to 80", '
            'behind it ", log" or ", step 0.5" where wanted'
        )
    name, low, high, log, step = found.groups()
    made = SearchRange(
        name=name,
        low=float(low),
        high=float(high),
        step=float(step) if step else None,
        is_log=log is not None,
    )
    _check_shape(made)
    return made


def ranges_of(
    parameters: SearchParameters, declared: Mapping[str, DeclaredNumber]
) -> tuple[SearchRange, ...]:
    """The ranges, checked against what is declared of the parameters.

    Raises `ConfigurationError` that names every range that is wrong.
    """
    ranges = [_fitted(parse_range(text), declared) for text in parameters.ranges]
    complaints = [each for each in ranges if isinstance(each, str)]
    if complaints:
        raise ConfigurationError(f"[search] of the strategy file: {'; '.join(complaints)}")
    return tuple(each for each in ranges if isinstance(each, SearchRange))


def start_of(
    ranges: Iterable[SearchRange], declared: Mapping[str, DeclaredNumber]
) -> dict[str, float | int] | None:
    """The values in force, to be tried first; None where one is not searched at all."""
    values = {each.name: declared[each.name].value for each in ranges}
    return values if all(each.holds(values[each.name]) for each in ranges) else None


def _check_shape(made: SearchRange) -> None:
    if made.low >= made.high:
        raise ValueError(f"{made.name}: the low end must be below the high one")
    if made.is_log and made.low <= 0:
        raise ValueError(f"{made.name}: a logarithmic range must lie above 0")
    if made.step is not None and not 0 < made.step <= made.high - made.low:
        raise ValueError(f"{made.name}: the step must be above 0 and fit into the range")


def _fitted(wanted: SearchRange, declared: Mapping[str, DeclaredNumber]) -> SearchRange | str:
    """The range as the parameter allows it, or what is wrong with it."""
    known = declared.get(wanted.name)
    if known is None:
        return f"{wanted.name} is no number of the strategy file"
    is_low = known.low is not None and wanted.low < known.low
    is_high = known.high is not None and wanted.high > known.high
    if is_low or is_high:
        return (
            f"{wanted.name} {wanted.low:g} to {wanted.high:g}: allowed is "
            f"{known.low} to {known.high}"
        )
    return _whole(wanted) if isinstance(known.value, int) else wanted


def _whole(wanted: SearchRange) -> SearchRange | str:
    numbers = (wanted.low, wanted.high, wanted.step or 1.0)
    if not all(number.is_integer() for number in numbers):
        return f"{wanted.name} counts something: only whole numbers are allowed"
    return SearchRange(
        name=wanted.name,
        low=wanted.low,
        high=wanted.high,
        step=wanted.step,
        is_log=wanted.is_log,
        is_whole=True,
    )
