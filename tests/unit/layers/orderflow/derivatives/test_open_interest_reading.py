"""Open interest against price: what a change means, and over which time it is measured."""

from itertools import product

import pytest

from domain.derivatives import OpenInterestMeaning, OpenInterestReading
from layers.orderflow.derivatives import DerivativesTracker
from tests.unit.layers.orderflow.derivatives.observed import (
    MINUTE_MS,
    NOON_MS,
    ago,
    having_seen,
    observed,
    tracker,
)

QUIET = OpenInterestMeaning.QUIET
MIRROR = {
    OpenInterestMeaning.NEW_LONGS: OpenInterestMeaning.NEW_SHORTS,
    OpenInterestMeaning.NEW_SHORTS: OpenInterestMeaning.NEW_LONGS,
    OpenInterestMeaning.SHORT_COVERING: OpenInterestMeaning.LONG_LIQUIDATION,
    OpenInterestMeaning.LONG_LIQUIDATION: OpenInterestMeaning.SHORT_COVERING,
    QUIET: QUIET,
}


def five_minutes(quantity: float, price: float) -> OpenInterestReading:
    """From 1,000 at a price of 100."""
    seen = having_seen([(5, 1000, 100), (0, quantity, price)])
    reading = seen.reading(NOON_MS, price).open_interest
    assert reading is not None
    return reading


@pytest.mark.parametrize(
    ("quantity", "price", "meaning"),
    [
        (1010, 101, OpenInterestMeaning.NEW_LONGS),
        (1010, 99, OpenInterestMeaning.NEW_SHORTS),
        (990, 101, OpenInterestMeaning.SHORT_COVERING),
        (990, 99, OpenInterestMeaning.LONG_LIQUIDATION),
        (1000.9, 101, QUIET),
        (1010, 100.04, QUIET),
        (1010, 100, QUIET),
        (1000, 99, QUIET),
    ],
)
def test_change_of_open_interest_and_price_has_a_meaning(
    quantity: float, price: float, meaning: OpenInterestMeaning
) -> None:
    assert five_minutes(quantity, price).meaning is meaning


def test_changes_are_told_in_percent_over_the_time_they_cover() -> None:
    seen = having_seen([(6, 900, 90), (5.2, 1000, 100), (4.9, 1, 1), (0.1, 1020, 99)])
    reading = seen.reading(NOON_MS, 99).open_interest
    assert reading is not None
    assert reading.exchange_ms == ago(0.1)
    assert reading.quantity == 1020
    assert reading.change_percent == pytest.approx(2.0)
    assert reading.price_change_percent == pytest.approx(-1.0)
    assert reading.span_seconds == pytest.approx(5.1 * 60)


@pytest.mark.parametrize(
    ("quantity", "price"), list(product((985, 999.5, 1000.5, 1020), (97, 99.96, 100.05001, 104)))
)
def test_mirrored_price_means_the_mirror(quantity: float, price: float) -> None:
    mirrored = five_minutes(quantity, 100 * 100 / price)
    assert mirrored.meaning is MIRROR[five_minutes(quantity, price).meaning]


@pytest.mark.parametrize(("oldest", "is_known"), [(3, True), (2, True), (1.9, False)])
def test_growing_history_serves_from_the_shortest_span(oldest: float, is_known: bool) -> None:
    reading = having_seen([(oldest, 1000, 100), (0, 1010, 101)]).reading(NOON_MS, 101)
    assert (reading.open_interest is not None) is is_known


@pytest.mark.parametrize(("before", "is_known"), [(10, True), (10.1, False)])
def test_hole_is_bridged_up_to_the_longest_span(before: float, is_known: bool) -> None:
    reading = having_seen([(before, 1000, 100), (0, 1010, 101)]).reading(NOON_MS, 101)
    assert (reading.open_interest is not None) is is_known


@pytest.mark.parametrize(
    ("newest", "patience", "is_known"),
    [(2, 1, True), (2.1, 1, False), (4, 2, True), (4.1, 2, False)],
)
def test_open_interest_is_unknown_once_too_old(
    newest: float, patience: float, is_known: bool
) -> None:
    seen = having_seen([(newest + 5, 1000, 100), (newest, 1010, 101)], patience=patience)
    assert (seen.reading(NOON_MS, 101).open_interest is not None) is is_known


PERIOD_MS = 5 * MINUTE_MS


def having_seen_periods(first: float, last: float) -> DerivativesTracker:
    """Told, minutes before noon, as polls of 15 s find it at a venue that dates it to its marks."""
    watching = tracker()
    for poll_ms in range(ago(first) + 7_000, ago(last) + 1, 15_000):
        mark_ms = poll_ms // PERIOD_MS * PERIOD_MS
        marks = (mark_ms - ago(60)) // PERIOD_MS
        told = observed(mark_ms, 1000 + 10 * marks, PERIOD_MS)
        watching.observe_open_interest(told, 100 + marks)
    return watching


def test_open_interest_that_is_told_of_periods_is_known_at_every_close() -> None:
    for close in (45, 30, 15, 0):
        reading = having_seen_periods(60, close).reading(ago(close), 100).open_interest
        assert reading is not None
        assert reading.exchange_ms == ago(close + 5)
        assert reading.span_seconds == 300
        assert reading.meaning is OpenInterestMeaning.NEW_LONGS


@pytest.mark.parametrize(("newest", "is_known"), [(7, True), (7.1, False)])
def test_a_period_is_no_more_than_its_length_older(newest: float, is_known: bool) -> None:
    seen = tracker()
    seen.observe_open_interest(observed(ago(newest + 5), 1000, PERIOD_MS), 100)
    seen.observe_open_interest(observed(ago(newest), 1010, PERIOD_MS), 101)
    assert (seen.reading(NOON_MS, 101).open_interest is not None) is is_known


def test_a_late_reading_finds_the_period_it_needs() -> None:
    points = [(16.9, 1000, 100), (6.9, 1010, 101)]
    later = [(1.9, 5, 5), (-3.1, 5, 5), (-8, 5, 5)]
    readings = []
    for told in (points, [*points, *later]):
        seen = tracker()
        for minutes, quantity, price in told:
            seen.observe_open_interest(observed(ago(minutes), quantity, PERIOD_MS), price)
        readings.append(seen.reading(ago(1.95), 101).open_interest)
    assert readings[0] is not None
    assert readings[0] == readings[1]


def test_patience_stretches_the_hole_that_is_bridged() -> None:
    seen = having_seen([(30, 1000, 100), (0, 1010, 101)], patience=3)
    reading = seen.reading(NOON_MS, 101).open_interest
    assert reading is not None
    assert reading.span_seconds == 1800


def test_answer_that_was_overtaken_is_left_out() -> None:
    seen = having_seen([(5, 1000, 100), (0, 1010, 101), (1, 5, 5), (0, 7, 7)])
    reading = seen.reading(NOON_MS, 101).open_interest
    assert reading is not None
    assert reading.quantity == 1010


def test_rise_from_nothing_has_no_percent() -> None:
    assert having_seen([(5, 0, 100), (0, 10, 100)]).reading(NOON_MS, 100).open_interest is None


@pytest.mark.parametrize(
    ("quantity", "price"),
    [(-1.0, 1.0), (float("nan"), 1.0), (float("inf"), 1.0), (1.0, 0.0), (1.0, float("nan"))],
)
def test_number_that_no_market_has_is_refused(quantity: float, price: float) -> None:
    with pytest.raises(ValueError, match=f"open interest {quantity} at price {price}"):
        tracker().observe_open_interest(observed(NOON_MS, quantity), price)
