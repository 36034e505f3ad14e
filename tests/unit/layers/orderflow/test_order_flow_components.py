"""Each component: where its anchors lie, what strengthens it, what turns it, what is missing."""

import math
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.derivatives import OpenInterestMeaning
from domain.directions import Direction
from domain.evidence import Evidence
from domain.order_book import BookReading, BookSide
from domain.order_flow import OrderFlow
from domain.tape import TapeReading
from layers.orderflow import OrderFlowParameters, score_order_flow
from layers.orderflow.parameters import COMPONENT_NAMES
from layers.shapes import clip, confirmed, distance_of_share, ramp
from tests.builders.order_flow import (
    AS_OF,
    WINDOW_SECONDS,
    make_book,
    make_broken_wall,
    make_cluster,
    make_derivatives,
    make_funding,
    make_large,
    make_open_interest,
    make_positioning,
    make_tape,
    make_wall,
    make_window,
)

PARAMETERS = OrderFlowParameters()


def component(name: str, **readings: Any) -> Evidence:
    score = score_order_flow(OrderFlow(**readings), AS_OF, PARAMETERS)
    return score.evidence[COMPONENT_NAMES.index(name)]


def of_book(book: BookReading) -> float:
    return component("book_imbalance", book=book).bullishness


def of_tape(tape: TapeReading) -> float:
    return component("trade_flow", tape=tape).bullishness


def of_large(book: BookReading | None = None, tape: TapeReading | None = None) -> float:
    return component("large_orders", book=book, tape=tape).bullishness


def of_positions(**changes: Any) -> float:
    return component("open_interest", derivatives=make_derivatives(**changes)).bullishness


def test_what_is_not_a_number_stays_so_through_every_shape() -> None:
    anchors = PARAMETERS.book_imbalance.anchors
    assert math.isnan(clip(math.nan, -1.0, 1.0))
    assert math.isnan(ramp(math.nan, 0.0, 1.0))
    assert math.isnan(distance_of_share(math.nan, anchors))
    assert math.isnan(confirmed(math.nan, 1.0, 0.5))


def test_a_ramp_without_a_way_is_a_step() -> None:
    assert [ramp(value, 1.0, 1.0) for value in (0.9, 1.0, 1.1)] == [0.0, 1.0, 1.0]


@pytest.mark.parametrize(
    ("bids_share", "expected"),
    [(0.5, 50), (0.55, 50), (0.6, 70), (0.7, 80), (0.8, 90), (1.0, 90), (0.4, 30), (0.2, 10)],
)
def test_imbalance_passes_through_its_anchors(bids_share: float, expected: float) -> None:
    evidence = component("book_imbalance", book=make_book(2.0 * bids_share - 1.0))
    assert evidence.bullishness == pytest.approx(expected)
    assert evidence.value == pytest.approx(bids_share)


def test_imbalance_is_that_of_ten_levels() -> None:
    book = make_book(0.2)
    others = tuple(
        each if each.levels == 10 else replace(each, by_size=-1.0, by_value=-1.0)
        for each in book.imbalances
    )
    assert of_book(replace(book, imbalances=others)) == of_book(book)


@pytest.mark.parametrize("hint", [{"micro_price": 100.05}, {"imbalance_velocity": 0.05}])
def test_what_agrees_strengthens_an_imbalance_and_what_does_not_weakens_it(
    hint: dict[str, float],
) -> None:
    assert of_book(make_book(0.2, **hint)) == pytest.approx(71.5)
    assert of_book(make_book(-0.2, **hint)) == pytest.approx(31.5)
    assert of_book(make_book(0.0, **hint)) == 50.0


def test_a_locked_book_has_no_side_to_its_micro_price() -> None:
    book = make_book(0.2, asks=make_book().bids)
    assert of_book(book) == pytest.approx(70.0)


def test_a_thin_book_is_easier_to_move_either_way() -> None:
    half_thin = {"depth_ratio": 0.25, "is_thin": True}
    assert of_book(make_book(0.2, **half_thin)) == pytest.approx(73.0)
    assert of_book(make_book(-0.2, **half_thin)) == pytest.approx(27.0)
    assert of_book(make_book(0.2, depth_ratio=0.5, is_thin=True)) == pytest.approx(70.0)
    assert of_book(make_book(0.2, depth_ratio=None)) == pytest.approx(70.0)


@pytest.mark.parametrize(
    ("ratio", "expected"),
    [(0.5, 50), (0.52, 50), (0.6, 70), (0.75, 85), (0.9, 95), (1.0, 95), (0.4, 30), (0.1, 5)],
)
def test_trade_flow_passes_through_its_anchors(ratio: float, expected: float) -> None:
    windows = tuple(
        make_window(seconds, ratio if seconds == 300 else 0.5) for seconds in WINDOW_SECONDS
    )
    evidence = component("trade_flow", tape=make_tape(windows=windows))
    assert evidence.bullishness == pytest.approx(expected)
    assert evidence.value == pytest.approx(ratio)


def tape_of(ratio: float, confirming: float, seconds: int) -> TapeReading:
    windows = (
        make_window(each, {300: ratio, seconds: confirming}.get(each, 0.5))
        for each in WINDOW_SECONDS
    )
    return make_tape(windows=tuple(windows))


@pytest.mark.parametrize("seconds", [60, 900])
def test_a_minute_and_a_quarter_of_an_hour_confirm_five_minutes(seconds: int) -> None:
    assert of_tape(tape_of(0.6, 0.6, seconds)) == pytest.approx(71.5)
    assert of_tape(tape_of(0.6, 0.4, seconds)) == pytest.approx(68.5)
    assert of_tape(tape_of(0.4, 0.6, seconds)) == pytest.approx(31.5)


def test_a_window_confirms_as_far_as_it_is_covered() -> None:
    tape = tape_of(0.6, 0.6, 900)
    assert of_tape(replace(tape, covered_seconds=450.0)) == pytest.approx(70.75)


def test_a_burst_of_trades_strengthens_the_side_that_leads() -> None:
    buying, selling = tape_of(0.6, 0.5, 60), tape_of(0.4, 0.5, 60)
    assert of_tape(replace(buying, velocity_ratio=3.0)) == pytest.approx(73.0)
    assert of_tape(replace(selling, velocity_ratio=3.0)) == pytest.approx(27.0)
    assert of_tape(replace(buying, velocity_ratio=0.2)) == pytest.approx(70.0)


def test_divergence_and_exhaustion_pull_to_the_other_side() -> None:
    buying = tape_of(0.6, 0.5, 60)
    assert of_tape(replace(buying, exhaustion=-1.0)) == pytest.approx(55.0)
    assert of_tape(replace(buying, divergence=-1.0)) == pytest.approx(58.0)
    assert of_tape(replace(buying, divergence=1.0)) == pytest.approx(82.0)


def test_a_tape_covered_in_part_speaks_in_part() -> None:
    half = replace(tape_of(0.6, 0.5, 60), covered_seconds=150.0)
    assert of_tape(half) == pytest.approx(60.0)
    assert component("trade_flow", tape=replace(half, covered_seconds=59.0)).value is None


def test_large_trades_lean_to_their_side() -> None:
    assert of_large(tape=make_tape(large=make_large(12))) == pytest.approx(86.0)
    assert of_large(tape=make_tape(large=make_large(0, 12))) == pytest.approx(14.0)
    assert of_large(tape=make_tape(large=make_large(12, 12))) == 50.0


def test_one_large_trade_alone_says_little() -> None:
    assert of_large(tape=make_tape(large=make_large(1))) == pytest.approx(61.25)


def test_very_large_and_big_trades_count_more() -> None:
    large = make_tape(large=make_large(2, 2))
    very_large = replace(large, very_large=make_large(1))
    both = replace(very_large, big=make_large(1))
    assert 50.0 == of_large(tape=large) < of_large(tape=very_large) < of_large(tape=both)


def test_large_trades_of_half_a_window_push_half() -> None:
    tape = make_tape(large=make_large(12), covered_seconds=150.0)
    assert of_large(tape=tape) == pytest.approx(68.0)


@pytest.mark.parametrize(
    ("wall", "expected"),
    [
        (make_wall(BookSide.BID, 0.05), 65.0),
        (make_wall(BookSide.ASK, 0.05), 35.0),
        (make_wall(BookSide.BID, 0.55), 57.5),
        (make_wall(BookSide.BID, 1.0), 50.0),
        (make_wall(BookSide.BID, 0.05, age_seconds=2.5), 57.5),
        (make_wall(BookSide.BID, 0.05, absorbed_share=0.8), 53.0),
    ],
)
def test_a_wall_holds_the_price_when_near_old_and_not_eaten(wall: Any, expected: float) -> None:
    assert of_large(book=make_book(walls=(wall,))) == pytest.approx(expected)


def test_walls_of_a_side_push_no_more_than_one_and_both_sides_cancel() -> None:
    bid, ask = make_wall(BookSide.BID, 0.05), make_wall(BookSide.ASK, 0.05)
    assert of_large(book=make_book(walls=(bid, bid, bid))) == pytest.approx(65.0)
    assert of_large(book=make_book(walls=(bid, ask))) == 50.0


def test_a_broken_wall_opens_the_way_and_is_forgotten() -> None:
    told = PARAMETERS.book.broken_seconds
    for age, expected in ((0.0, 65.0), (told / 2.0, 57.5), (told, 50.0)):
        book = make_book(broken_walls=(make_broken_wall(BookSide.ASK, age),))
        assert of_large(book=book) == pytest.approx(expected)


@pytest.mark.parametrize(
    ("rate", "expected"),
    [(0.0001, 50), (0.0003, 35), (0.0005, 20), (0.002, 20), (-0.0001, 50), (-0.0005, 80)],
)
def test_funding_is_contrarian_and_symmetric(rate: float, expected: float) -> None:
    funding = make_funding(rate, timedelta(hours=6))
    evidence = component("funding_rate", derivatives=make_derivatives(funding=funding))
    assert evidence.bullishness == pytest.approx(expected)
    assert evidence.value == rate


def test_funding_is_urgent_near_its_payment() -> None:
    near, far = (
        component(
            "funding_rate",
            derivatives=make_derivatives(funding=make_funding(0.0003, timedelta(hours=hours))),
        ).bullishness
        for hours in (1, 6)
    )
    assert near < far < 50.0


def test_funding_that_is_due_is_not_announced() -> None:
    funding = make_funding(0.0005, timedelta(0))
    evidence = component("funding_rate", derivatives=make_derivatives(funding=funding))
    assert evidence.text == "Funding +0.050%, longs crowded"


@pytest.mark.parametrize(
    ("change", "price_change", "meaning", "expected"),
    [
        (1.0, 0.5, OpenInterestMeaning.NEW_LONGS, 85.0),
        (1.0, -0.5, OpenInterestMeaning.NEW_SHORTS, 15.0),
        (-1.0, 0.5, OpenInterestMeaning.SHORT_COVERING, 60.5),
        (-1.0, -0.5, OpenInterestMeaning.LONG_LIQUIDATION, 39.5),
        (0.05, 0.5, OpenInterestMeaning.QUIET, 50.0),
    ],
)
def test_new_positions_say_more_than_positions_that_close(
    change: float, price_change: float, meaning: OpenInterestMeaning, expected: float
) -> None:
    interest = make_open_interest(change, price_change, meaning)
    assert of_positions(open_interest=interest) == pytest.approx(expected)


def test_a_crowd_is_faded_and_top_traders_are_followed() -> None:
    crowd = of_positions(positioning=make_positioning(0.9, 0.5, 0.5))
    top = of_positions(positioning=make_positioning(0.5, 0.8, 0.8))
    assert crowd == pytest.approx(37.5)
    assert top == pytest.approx(62.5)


def test_forced_buying_is_bullish_executed_or_expected() -> None:
    assert of_positions(shorts_liquidated=2e6) == pytest.approx(56.0)
    assert of_positions(longs_liquidated=2e6) == pytest.approx(44.0)
    near = make_cluster(Direction.SHORT, 0.1)
    assert of_positions(clusters=(near,), proximity=1.0) == pytest.approx(54.0)


def test_open_interest_without_long_shares_is_most_of_its_data() -> None:
    def coverage(**changes: Any) -> float:
        flow = OrderFlow(derivatives=make_derivatives(funding=None, **changes))
        return score_order_flow(flow, AS_OF, PARAMETERS).coverage

    assert coverage() == pytest.approx(0.10)
    assert coverage(positioning=None) == pytest.approx(0.07)
    assert coverage(positioning=make_positioning(0.5, None, None)) == pytest.approx(0.08)
    assert coverage(open_interest=None) == pytest.approx(0.03)
    assert coverage(open_interest=None, positioning=None) == 0.0


def test_liquidations_alone_are_too_little_data_to_speak() -> None:
    alone = {"open_interest": None, "positioning": None, "shorts_liquidated": 2e6}
    evidence = component("open_interest", derivatives=make_derivatives(**alone))
    assert (evidence.value, evidence.bullishness) == (None, 50.0)
