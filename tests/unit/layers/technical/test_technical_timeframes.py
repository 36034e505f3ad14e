"""The multi-timeframe multiplier."""

import numpy as np
import pytest

from layers.technical.multi_timeframe import OtherTimeframes, covered, multiplier
from layers.technical.parameters import TechnicalParameters
from layers.technical.timeframe_wording import timeframe_evidence
from tests.unit.layers.technical.frames import one

SHAPE = TechnicalParameters().timeframes
UNKNOWN = float("nan")


def reading(hour: float, five_minutes: float, minute: float) -> OtherTimeframes:
    return OtherTimeframes(hour=one(hour), five_minutes=one(five_minutes), minute=one(minute))


@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize(
    ("hour", "five_minutes", "minute", "expected"),
    [
        (1.0, 1.0, 1.0, 1.5),
        (0.7, 0.7, 0.7, 1.5),
        (1.0, -1.0, 1.0, 1.2),
        (1.0, 1.0, 0.0, 1.2),
        (0.0, 1.0, 1.0, 1.0),
        (-0.7, 1.0, 1.0, 0.7),
        (-1.0, 1.0, 1.0, 0.5),
    ],
)
def test_named_cases_for_both_sides(
    side: float, hour: float, five_minutes: float, minute: float, expected: float
) -> None:
    others = reading(side * hour, side * five_minutes, side * minute)
    assert multiplier(one(side), others, SHAPE).item() == pytest.approx(expected)


@pytest.mark.parametrize("known", [-1.0, -0.5, 0.0, 0.5, 1.0])
def test_what_is_missing_never_beats_what_it_could_be(known: float) -> None:
    full = multiplier(one(1.0), reading(known, known, known), SHAPE).item()
    for missing in (
        reading(UNKNOWN, known, known),
        reading(known, UNKNOWN, known),
        reading(known, known, UNKNOWN),
    ):
        assert multiplier(one(1.0), missing, SHAPE).item() <= full


def test_each_missing_timeframe_costs_coverage() -> None:
    assert covered(reading(0.0, 0.0, 0.0), SHAPE).item() == 1.0
    assert covered(reading(UNKNOWN, 0.0, 0.0), SHAPE).item() == pytest.approx(0.9)
    assert covered(reading(UNKNOWN, UNKNOWN, UNKNOWN), SHAPE).item() == pytest.approx(0.8)


def test_evidence_tells_each_timeframe() -> None:
    evidence = timeframe_evidence([0.9, -0.5, np.nan], 1.2)
    assert evidence.text == "1h up, 5m down, 1m not known: strength x1.2"
    assert evidence.weight == 0.0
    assert evidence.bullishness == pytest.approx(50.0 + 50.0 * 0.4 / 3.0)
