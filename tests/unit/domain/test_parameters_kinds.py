"""A switch is not a number, and a number is not a switch."""

from dataclasses import dataclass

import pytest

from domain.parameters import Parameters, parameter


@dataclass(frozen=True, slots=True, kw_only=True)
class SomeParameters(Parameters):
    weight: float = parameter(1.0, doc="a weight", unit="share", source="a test", low=0, high=2)
    hours: tuple[int, ...] = parameter((1, 2), doc="hours", unit="hours", source="a test")
    is_on: bool = parameter(True, doc="a switch", unit="switch", source="a test")


@pytest.mark.parametrize(
    ("name", "value"), [("weight", True), ("hours", (1, True)), ("is_on", 1), ("is_on", "yes")]
)
def test_a_value_of_the_wrong_kind_is_refused_by_name(name: str, value: object) -> None:
    with pytest.raises(ValueError, match=name):
        SomeParameters(**{name: value})  # type: ignore[arg-type]  # the very mistake


def test_values_of_their_kind_are_taken() -> None:
    SomeParameters(weight=1, hours=(3,), is_on=False)
