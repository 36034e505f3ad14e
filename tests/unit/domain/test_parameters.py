"""Declared ranges hold, whatever a settings file says."""

from dataclasses import dataclass, fields, replace
from typing import Any

import pytest

from domain.parameters import Parameters, parameter
from engine.confluence_parameters import ConfluenceParameters
from engine.issue import IssueParameters
from engine.opportunity import ScannerParameters
from engine.timing import TimingParameters


@dataclass(frozen=True, slots=True, kw_only=True)
class Example(Parameters):
    share: float = parameter(0.5, doc="a share", unit="share", source="here", low=0, high=1)
    above: float = parameter(1.0, doc="no upper end", unit="seconds", source="here", low=0)
    hours: tuple[int, ...] = parameter(
        (1, 2), doc="some hours", unit="hours", source="here", low=0, high=23
    )
    is_on: bool = parameter(False, doc="a switch", unit="switch", source="here")
    name: str = parameter("a", doc="a name", unit="name", source="here")


def test_both_ends_of_the_range_are_allowed() -> None:
    Example(share=0.0, hours=(0, 23))
    Example(share=1.0, above=1e12)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"share": 1.01}, r"share is 1.01; allowed is 0 to 1 \(share\)"),
        ({"share": -0.01}, "share is -0.01"),
        ({"above": -1}, "above is -1"),
        ({"hours": (4, 24)}, "hours is 24"),
        ({"share": float("nan")}, "share is nan"),
        ({"above": float("inf")}, "above is inf"),
    ],
)
def test_number_out_of_range_is_refused_by_name(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        Example(**changes)


def test_switches_and_names_have_no_range() -> None:
    assert Example(is_on=True, name="b").is_on


@pytest.mark.parametrize(
    "group", [ConfluenceParameters(), IssueParameters(), ScannerParameters(), TimingParameters()]
)
def test_engine_parameter_is_told_with_unit_source_and_words(group: Parameters) -> None:
    for declared in fields(group):
        assert all(declared.metadata[key] for key in ("doc", "unit", "source")), declared.name
    assert replace(group) == group
