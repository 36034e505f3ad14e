"""What the tracker still knows at an instant, and what it no longer does."""

import pytest

from domain.derivatives import Funding, Positioning
from domain.directions import Direction
from layers.orderflow.derivatives.timeline import Timeline
from tests.unit.layers.orderflow.derivatives.observed import (
    NOON_MS,
    ago,
    liquidation,
    noon_in,
    tracker,
)

LONG, SHORT = Direction


def positioning(minutes: float, crowd: float = 0.6) -> Positioning:
    return Positioning(
        exchange_ms=ago(minutes),
        crowd_long_share=crowd,
        top_accounts_long_share=None,
        top_positions_long_share=None,
    )


def test_nothing_is_known_at_first() -> None:
    reading = tracker().reading(NOON_MS, 100)
    assert reading.at_ms == NOON_MS
    known = (reading.open_interest, reading.funding, reading.funding_exchange_ms)
    assert (*known, reading.positioning) == (None, None, None, None)
    assert (reading.clusters, reading.proximity) == ((), 0.0)
    assert (reading.longs_liquidated, reading.shorts_liquidated) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("minutes", "patience", "is_known"),
    [(0, 1, True), (15, 1, True), (15.1, 1, False), (30, 2, True), (30.1, 2, False)],
)
def test_positioning_is_unknown_once_too_old(
    minutes: float, patience: float, is_known: bool
) -> None:
    watching = tracker(patience=patience)
    watching.observe_positioning(positioning(minutes))
    assert (watching.reading(NOON_MS, 100).positioning is not None) is is_known


@pytest.mark.parametrize(
    ("minutes", "patience", "is_known"),
    [(0, 1, True), (5, 1, True), (5.1, 1, False), (10, 2, True), (10.1, 2, False)],
)
def test_funding_is_unknown_once_too_old(minutes: float, patience: float, is_known: bool) -> None:
    watching = tracker(patience=patience)
    watching.observe_funding(Funding(rate=0.001, next_at=noon_in(60)), ago(minutes))
    reading = watching.reading(NOON_MS, 100)
    assert (reading.funding is not None) is is_known
    assert reading.funding_exchange_ms == (ago(minutes) if is_known else None)


@pytest.mark.parametrize(("settles_in", "is_known"), [(1, True), (0, True), (-1, False)])
def test_funding_that_was_settled_is_not_to_come(settles_in: float, is_known: bool) -> None:
    watching = tracker()
    watching.observe_funding(Funding(rate=0.001, next_at=noon_in(settles_in)), ago(2))
    assert (watching.reading(NOON_MS, 100).funding is not None) is is_known


def test_late_reading_finds_what_was_known_then() -> None:
    watching = tracker()
    for minutes in (14, -9):
        watching.observe_positioning(positioning(minutes, crowd=0.5 + minutes / 100))
    for minutes in (4, -9):
        watching.observe_funding(Funding(rate=minutes / 1e4, next_at=noon_in(60)), ago(minutes))
        watching.observe_liquidation(liquidation(minutes, 100, 1, LONG))
    reading = watching.reading(NOON_MS, 100)
    assert reading.positioning == positioning(14, crowd=0.64)
    assert reading.funding == Funding(rate=4e-4, next_at=noon_in(60))
    assert reading.longs_liquidated == 100


def test_period_that_is_known_is_left_out() -> None:
    watching = tracker()
    watching.observe_positioning(positioning(5, crowd=0.6))
    watching.observe_positioning(positioning(5, crowd=0.7))
    watching.observe_positioning(positioning(6, crowd=0.8))
    assert watching.reading(NOON_MS, 100).positioning == positioning(5, crowd=0.6)


def test_liquidations_of_five_minutes_are_summed_by_side_in_quote_currency() -> None:
    watching = tracker()
    for minutes, price, quantity, side in (
        (0.5, 100, 3, LONG),
        (-1, 100, 7, LONG),
        (5, 100, 11, LONG),
        (4.99, 110, 2, LONG),
        (0, 120, 5, SHORT),
    ):
        watching.observe_liquidation(liquidation(minutes, price, quantity, side))
    reading = watching.reading(NOON_MS, 100)
    assert reading.longs_liquidated == pytest.approx(300 + 220)
    assert reading.shorts_liquidated == pytest.approx(600)


@pytest.mark.parametrize("patience", [0.0, -1.0, float("nan"), float("inf")])
def test_patience_must_be_above_zero(patience: float) -> None:
    with pytest.raises(ValueError, match="patience is"):
        tracker(patience=patience)


def test_timeline_keeps_no_more_than_it_must() -> None:
    timeline = Timeline[int](1000)
    for at_ms in range(0, 100_000, 100):
        timeline.add(at_ms, at_ms)
    assert len(timeline) == 11
    assert timeline.newest(99_950, 0) == (99_900, 99_900)
    assert timeline.newest(98_000, 0) is None
