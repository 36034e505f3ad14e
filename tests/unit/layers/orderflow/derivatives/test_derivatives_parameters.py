"""Thresholds that contradict each other are refused by name."""

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import Any

import pytest

from domain.parameters import Parameters
from layers.orderflow.derivatives.map_parameters import LiquidationMapShape
from layers.orderflow.derivatives.parameters import (
    FundingShape,
    LiquidationShape,
    OpenInterestShape,
    PositioningShape,
)
from tests.unit.layers.orderflow.derivatives.observed import PARAMETERS


@pytest.mark.parametrize(
    ("group", "changes", "said"),
    [
        (OpenInterestShape, {"quiet": 2.0}, "quiet is 2.0; it must be below full, which is 1.0"),
        (OpenInterestShape, {"span": 1.0}, "span is 1.0; it must lie between shortest_span"),
        (OpenInterestShape, {"longest_span": 4.0}, "longest_span, which is 4.0"),
        (FundingShape, {"neutral": 0.001}, "neutral is 0.001; it must be below full"),
        (PositioningShape, {"crowd_extreme": 85.0}, "crowd_extreme is 85.0; it must be below"),
        (PositioningShape, {"top_clear": 80.0}, "top_clear is 80.0; it must be below top_full"),
        (PositioningShape, {"top_clear": 40.0}, "must be at least 50.0"),
        (LiquidationShape, {"full_notional": 10.0}, "it must be below full_notional"),
        (LiquidationMapShape, {"leverages": (5.0,)}, "leverages and shares need as many numbers"),
        (LiquidationMapShape, {"leverages": (), "shares": ()}, "at least 1"),
        (LiquidationMapShape, {"leverages": (5.0, 10.0, 20.0, 100.0)}, "leverages go up to 100.0"),
    ],
)
def test_contradicting_thresholds_are_refused(
    group: Callable[..., Parameters], changes: dict[str, Any], said: str
) -> None:
    with pytest.raises(ValueError, match=said):
        group(**changes)


def test_every_threshold_says_what_it_is() -> None:
    declared = [each for group in groups(PARAMETERS) for each in thresholds(group)]
    assert len(declared) > 30
    for metadata in declared:
        assert all(metadata[key] for key in ("doc", "unit", "source"))


def groups(outer: Parameters) -> Iterator[Parameters]:
    yield outer
    for each in fields(outer):
        value = getattr(outer, each.name)
        if isinstance(value, Parameters):
            yield from groups(value)


def thresholds(group: Parameters) -> list[Any]:
    return [
        each.metadata
        for each in fields(group)
        if not isinstance(getattr(group, each.name), Parameters)
    ]
