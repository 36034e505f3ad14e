"""Promises of the order-flow layer that hold for any readings."""

import math
from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.evidence import Evidence, LayerScore
from domain.order_book import BookReading, BookSide, Imbalance
from domain.order_flow import OrderFlow
from domain.tape import TapeReading
from layers.orderflow import OrderFlowParameters, score_order_flow
from layers.orderflow.parameters import COMPONENT_NAMES
from tests.builders.any_order_flow import books, derivatives, order_flows, tapes
from tests.builders.mirrored_order_flow import mirrored
from tests.builders.order_flow import (
    AS_OF,
    IMBALANCE_LEVELS,
    make_broken_wall,
    make_funding,
    make_wall,
    make_window,
)
from tests.unit.layers.orderflow.scenes import SCENES

PARAMETERS = OrderFlowParameters()
EXACT = 1e-9
shares = st.floats(0.0, 1.0)
ANCHORED = {
    place
    for shape in (PARAMETERS.book_imbalance, PARAMETERS.trade_flow)
    for share, _ in shape.anchors
    for place in (share, 1.0 - share)
}
BEFORE_ANCHORS = [place - 0.0005 for place in sorted(ANCHORED)]


def score(flow: OrderFlow | None) -> LayerScore:
    return score_order_flow(flow, AS_OF, PARAMETERS)


def named(flow: OrderFlow, name: str) -> Evidence:
    return score(flow).evidence[COMPONENT_NAMES.index(name)]


@settings(max_examples=150)
@given(flow=order_flows())
def test_a_mirrored_market_gets_the_mirrored_score(flow: OrderFlow) -> None:
    upright, flipped = score(flow), score(mirrored(flow))
    assert flipped.bullishness == pytest.approx(100.0 - upright.bullishness, abs=EXACT)
    assert flipped.coverage == upright.coverage
    assert flipped.age_seconds == upright.age_seconds
    for ours, theirs in zip(upright.evidence, flipped.evidence, strict=True):
        assert theirs.bullishness == pytest.approx(100.0 - ours.bullishness, abs=EXACT)
        assert (theirs.value is None) == (ours.value is None)


@settings(max_examples=150)
@given(flow=order_flows())
def test_every_number_stays_in_its_range(flow: OrderFlow) -> None:
    check_ranges(score(flow))


@settings(max_examples=150)
@given(flow=order_flows())
def test_every_component_is_told_in_short_plain_words(flow: OrderFlow) -> None:
    for item in score(flow).evidence:
        assert 0 < len(item.text) <= 120
        assert not item.text[0].islower()
        assert not set(item.text) & set("<>&*_`\n")
        assert item.value is not None or "not known" in item.text


@settings(max_examples=60)
@given(flow=order_flows())
def test_the_score_never_leans_further_than_its_components(flow: OrderFlow) -> None:
    answer = score(flow)
    distances = [item.bullishness - 50.0 for item in answer.evidence]
    assert min(0.0, *distances) - EXACT <= answer.bullishness - 50.0 <= max(0.0, *distances) + EXACT


@settings(max_examples=60)
@given(book=books(), tape=tapes(), facts=derivatives(), part=st.sampled_from(["tape", "book"]))
def test_losing_a_part_leaves_its_components_neutral_and_lowers_coverage(
    book: BookReading, tape: TapeReading, facts: Any, part: str
) -> None:
    whole = OrderFlow(book=book, tape=tape, derivatives=facts)
    lost, owned = {
        "tape": (replace(whole, tape=None), ("trade_flow",)),
        "book": (replace(whole, book=None), ("book_imbalance", "spoof_penalty")),
    }[part]
    for name in owned:
        assert named(lost, name).bullishness == 50.0
        assert named(lost, name).value is None
    assert score(lost).coverage <= score(whole).coverage
    for name in {"funding_rate", "open_interest"}:
        assert named(lost, name) == named(whole, name)


@settings(max_examples=60)
@given(flow=order_flows())
def test_losing_the_derivatives_never_makes_a_bullish_score_of_them_higher(
    flow: OrderFlow,
) -> None:
    ours = (named(flow, "funding_rate"), named(flow, "open_interest"))
    if all(item.bullishness >= 50.0 for item in ours):
        assert score(replace(flow, derivatives=None)).bullishness <= score(flow).bullishness + EXACT


@settings(max_examples=60)
@given(flow=order_flows(), tape=tapes(), ratios=st.tuples(shares, shares))
def test_more_buying_never_lowers_the_score(
    flow: OrderFlow, tape: TapeReading, ratios: tuple[float, float]
) -> None:
    less, more = (
        replace(flow, tape=_with_ratio(tape, ratio)) for ratio in (min(ratios), max(ratios))
    )
    assert_not_lower(more, less, "trade_flow")


@settings(max_examples=60)
@given(flow=order_flows(), book=books(), imbalances=st.tuples(shares, shares))
def test_more_bids_never_lower_the_score(
    flow: OrderFlow, book: BookReading, imbalances: tuple[float, float]
) -> None:
    less, more = (
        replace(flow, book=_with_imbalance(book, 2.0 * share - 1.0))
        for share in (min(imbalances), max(imbalances))
    )
    assert_not_lower(more, less, "book_imbalance")


@settings(max_examples=60)
@given(flow=order_flows(), tape=tapes(), added=st.integers(1, 20))
def test_more_large_buys_never_lower_the_score(
    flow: OrderFlow, tape: TapeReading, added: int
) -> None:
    large = replace(tape.large, buys=tape.large.buys + added)
    less, more = replace(flow, tape=tape), replace(flow, tape=replace(tape, large=large))
    assert_not_lower(more, less, "large_orders")


@settings(max_examples=60)
@given(flow=order_flows(), book=books(), distance=st.floats(0.0, 3.0), age=st.floats(0.0, 90.0))
def test_support_and_a_break_upwards_never_lower_the_score(
    flow: OrderFlow, book: BookReading, distance: float, age: float
) -> None:
    support = make_wall(BookSide.BID, distance, age_seconds=age)
    opened = make_broken_wall(BookSide.ASK, age)
    without = replace(flow, book=book)
    held = replace(flow, book=replace(book, walls=(*book.walls, support)))
    broken = replace(flow, book=replace(book, broken_walls=(*book.broken_walls, opened)))
    assert_not_lower(held, without, "large_orders")
    assert_not_lower(broken, without, "large_orders")


@settings(max_examples=50)
@given(flow=order_flows(), facts=derivatives(), rates=st.tuples(shares, shares))
def test_more_funding_paid_by_longs_never_raises_the_score(
    flow: OrderFlow, facts: Any, rates: tuple[float, float]
) -> None:
    low, high = (
        replace(flow, derivatives=replace(facts, funding=make_funding((share - 0.5) / 100.0)))
        for share in (min(rates), max(rates))
    )
    assert_not_lower(low, high, "funding_rate")


@settings(max_examples=60)
@given(flow=order_flows(), book=books(), spoofing=st.tuples(shares, shares))
def test_spoofing_pulls_towards_neutral_and_never_turns_a_score(
    flow: OrderFlow, book: BookReading, spoofing: tuple[float, float]
) -> None:
    honest, spoofed = (
        score(replace(flow, book=replace(book, spoofing=part))).bullishness - 50.0
        for part in (min(spoofing), max(spoofing))
    )
    assert abs(spoofed) <= abs(honest) + EXACT
    assert spoofed * honest >= 0.0


@settings(max_examples=50)
@given(book=books(), tape=tapes(), share=st.floats(0.0, 0.999) | st.sampled_from(BEFORE_ANCHORS))
def test_a_small_step_of_a_share_is_a_small_step_of_the_score(
    book: BookReading, tape: TapeReading, share: float
) -> None:
    at, beyond = (
        OrderFlow(book=_with_imbalance(book, 2.0 * each - 1.0), tape=_with_ratio(tape, each))
        for each in (share, share + 0.001)
    )
    for name in ("book_imbalance", "trade_flow"):
        assert abs(named(beyond, name).bullishness - named(at, name).bullishness) < 1.0


@pytest.mark.parametrize("bad", [math.nan, math.inf, -math.inf])
def test_numbers_that_are_not_finite_do_not_leak(bad: float) -> None:
    poisoned = list(_each_number_replaced(SCENES["everything at once"], bad))
    assert len(poisoned) > 100
    for flow in poisoned:
        check_ranges(score(flow))


def check_ranges(answer: LayerScore) -> None:
    assert 0.0 <= answer.bullishness <= 100.0
    assert 0.0 <= answer.coverage <= 1.0
    assert 0.0 <= answer.age_seconds < math.inf
    assert tuple(item.name for item in answer.evidence) == COMPONENT_NAMES
    assert sum(item.weight for item in answer.evidence) == pytest.approx(1.0)
    for item in answer.evidence:
        assert 0.0 <= item.bullishness <= 100.0
        assert item.value is None or math.isfinite(item.value)
        assert item.value is not None or item.bullishness == 50.0


def assert_not_lower(more: OrderFlow, less: OrderFlow, name: str) -> None:
    assert named(more, name).bullishness >= named(less, name).bullishness - EXACT
    assert score(more).bullishness >= score(less).bullishness - EXACT


def _with_ratio(tape: TapeReading, ratio: float) -> TapeReading:
    """The tape with another buyers' share of the five minutes, all else the same."""
    windows = (
        make_window(300, ratio) if window.seconds == 300 else window for window in tape.windows
    )
    return replace(tape, windows=tuple(windows))


def _with_imbalance(book: BookReading, imbalance: float) -> BookReading:
    read = tuple(Imbalance(levels, imbalance, imbalance) for levels in IMBALANCE_LEVELS)
    return replace(book, imbalances=read)


def _each_number_replaced(value: Any, bad: float) -> Iterator[Any]:
    """Copies of a reading with one of its numbers replaced, one copy for each number."""
    if isinstance(value, float):
        yield bad
    elif isinstance(value, tuple):
        for at, item in enumerate(value):
            for changed in _each_number_replaced(item, bad):
                yield (*value[:at], changed, *value[at + 1 :])
    elif is_dataclass(value) and not isinstance(value, type):
        for declared in fields(value):
            for changed in _each_number_replaced(getattr(value, declared.name), bad):
                yield replace(value, **{declared.name: changed})
