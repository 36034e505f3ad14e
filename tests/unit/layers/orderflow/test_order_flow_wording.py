"""What a subscriber reads, word for word. A diff here is a product decision: read it."""

from pathlib import Path

import pytest

from domain.order_flow import OrderFlow
from layers.figures import counted, dollars, signed_percent, span
from layers.orderflow import OrderFlowParameters, score_order_flow
from tests.builders.order_flow import AS_OF
from tests.unit.layers.orderflow.scenes import SCENES

GOLDEN = Path(__file__).parent / "evidence.txt"


def told(name: str, flow: OrderFlow) -> str:
    """A scene's score and evidence, one line each."""
    answer = score_order_flow(flow, AS_OF, OrderFlowParameters())
    lines = [f"{name}: {answer.bullishness:.1f}, coverage {answer.coverage:.2f}"]
    lines += [f"  {item.bullishness:5.1f} {item.text}" for item in answer.evidence]
    return "\n".join(lines)


def test_evidence_is_worded_as_agreed(pytestconfig: pytest.Config) -> None:
    text = "\n\n".join(told(name, flow) for name, flow in SCENES.items()) + "\n"
    if pytestconfig.getoption("--update-golden"):
        GOLDEN.write_text(text, encoding="utf-8")
    assert text == GOLDEN.read_text(encoding="utf-8"), "run with --update-golden, read the diff"


@pytest.mark.parametrize(
    ("notional", "expected"),
    [
        (0.0, "$0"),
        (85.4, "$85"),
        (999.4, "$999"),
        (999.7, "$1.0k"),
        (4_200_000.0, "$4.2M"),
        (310_000.0, "$310k"),
        (999_960.0, "$1.0M"),
        (99_960.0, "$100k"),
        (1_500_000_000.0, "$1.5B"),
    ],
)
def test_dollars_are_told_in_three_digits_or_fewer(notional: float, expected: str) -> None:
    assert dollars(notional) == expected


@pytest.mark.parametrize(
    ("seconds", "expected"),
    [
        (0.4, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (300.0, "5 min"),
        (3600.0, "1 h"),
        (4800.0, "1 h 20 min"),
        (28_800.0, "8 h"),
    ],
)
def test_spans_are_told_in_the_units_one_waits_in(seconds: float, expected: str) -> None:
    assert span(seconds) == expected


@pytest.mark.parametrize(
    ("value", "expected"), [(1.24, "+1.2%"), (-1.26, "-1.3%"), (-0.04, "+0.0%"), (0.0, "+0.0%")]
)
def test_a_change_that_rounds_to_nothing_does_not_look_like_a_fall(
    value: float, expected: str
) -> None:
    assert signed_percent(value, 1) == expected


def test_one_is_singular() -> None:
    assert (counted(1, "large buy"), counted(2, "large buy")) == ("1 large buy", "2 large buys")
