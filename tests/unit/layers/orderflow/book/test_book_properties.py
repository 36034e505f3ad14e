"""Promises that hold for any book: bounds, symmetry, no look-ahead, reading changes nothing."""

import random
from dataclasses import replace
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.order_book import BookReading
from tests.unit.layers.orderflow.book.books import (
    QUARTER_HOUR_MS,
    START_MS,
    RandomMarket,
    Step,
    mirrored,
    other,
    play,
    read,
    tape_of,
    tracker,
)

SEEDS = st.integers(0, 2**32)
CENTRE = 2.0**20
BOUNDARY = START_MS + QUARTER_HOUR_MS


def market(seed: int, count: int = 200, at_ms: int = START_MS + 30_000) -> list[Step]:
    return RandomMarket(random.Random(seed), centre=CENTRE, at_ms=at_ms).steps(count)


def last_reading(steps: list[Step]) -> BookReading:
    return read(play(steps), steps[-1].at_ms)


@settings(max_examples=50)
@given(SEEDS)
def test_shares_and_ratios_stay_in_their_bounds(seed: int) -> None:
    reading = last_reading(market(seed))
    for imbalance in reading.imbalances:
        assert -1.0 <= imbalance.by_size <= 1.0
        assert -1.0 <= imbalance.by_value <= 1.0
    assert reading.best_bid <= reading.micro_price <= reading.best_ask
    assert 0.0 <= reading.spoofing <= 1.0
    for wall in reading.walls:
        assert wall.size_ratio > 5.0
        assert wall.age_seconds >= 1.0
        assert 0.0 <= wall.absorbed_share <= 1.0
        assert wall.distance_percent > 0.0
        assert (wall.price, wall.quantity) in (*reading.bids, *reading.asks)
    for broken in reading.broken_walls:
        assert broken.size_ratio > 5.0
        assert 0.0 <= broken.age_seconds <= 30.0
        assert broken.side.sign * (broken.price - reading.mid) > 0.0


@settings(max_examples=60)
@given(SEEDS)
def test_a_mirrored_market_reads_as_the_mirror(seed: int) -> None:
    """Reflection keeps distances but not values, so what weighs with the price is only close."""
    steps = market(seed)
    reading = last_reading(steps)
    mirror = last_reading([mirrored(step, CENTRE) for step in steps])
    for here, there in zip(reading.imbalances, mirror.imbalances, strict=True):
        assert there.by_size == -here.by_size
        assert there.by_value == pytest.approx(-here.by_value, abs=1e-3)
    assert mirror.steady_imbalance == pytest.approx(-reading.steady_imbalance, abs=1e-12)
    assert there_is_minus(reading.imbalance_velocity, mirror.imbalance_velocity)
    assert there_is_minus(reading.flow_imbalance, mirror.flow_imbalance)
    assert mirror.last_flow_imbalance == -reading.last_flow_imbalance
    assert mirror.micro_price == pytest.approx(2.0 * CENTRE - reading.micro_price, rel=1e-12)
    assert mirror.spread_ratio == reading.spread_ratio
    if reading.depth_ratio is not None:
        assert mirror.depth_ratio == pytest.approx(reading.depth_ratio, rel=1e-3)
    assert mirror.spoofing == reading.spoofing
    assert walls_of(mirror) == walls_of(reflected(reading))
    assert set(mirror.broken_walls) == set(reflected(reading).broken_walls)


def there_is_minus(here: float | None, there: float | None) -> bool:
    return there is None if here is None else there == -here


def reflected(reading: BookReading) -> BookReading:
    return replace(
        reading,
        walls=tuple(
            replace(wall, side=other(wall.side), price=2.0 * CENTRE - wall.price)
            for wall in reading.walls
        ),
        broken_walls=tuple(
            replace(broken, side=other(broken.side), price=2.0 * CENTRE - broken.price)
            for broken in reading.broken_walls
        ),
    )


def walls_of(reading: BookReading) -> set[object]:
    """Walls without their distance, which is in percent of a mid price that is not the same."""
    return {replace(wall, distance_percent=0.0) for wall in reading.walls}


@settings(max_examples=40)
@given(SEEDS)
def test_reading_in_between_changes_nothing(seed: int) -> None:
    steps = market(seed)
    watched = tracker(tape_of(steps))
    for number, step in enumerate(steps):
        watched.update(step.at_ms, step.bids, step.asks)
        if number % 3:
            watched.reading(step.at_ms + number)
            watched.problem_at(step.at_ms + 60_000)
    assert watched.reading(steps[-1].at_ms) == last_reading(steps)


@settings(max_examples=40)
@given(SEEDS, st.integers(0, 45_000))
def test_what_comes_after_a_boundary_does_not_show_in_its_reading(seed: int, lead: int) -> None:
    steps = market(seed, count=200, at_ms=BOUNDARY - lead)
    known = [step for step in steps if step.at_ms <= BOUNDARY]
    present = tracker(tape_of(steps))
    for step in known:
        present.update(step.at_ms, step.bids, step.asks)
    passed = play(steps)
    assert passed.reading(BOUNDARY) == present.reading(BOUNDARY)
    assert passed.problem_at(BOUNDARY) == present.problem_at(BOUNDARY)


@settings(max_examples=40)
@given(SEEDS)
def test_trades_after_the_instant_do_not_show_in_its_reading(seed: int) -> None:
    steps = market(seed)
    at_ms = steps[-1].at_ms
    with_later = play(
        [
            replace(step, trades=[*step.trades, (side, price, at_ms + 1, 1e6)])
            for step in steps
            for side, price, _, _ in [step.trades[0] if step.trades else (None, 0.0, 0, 0.0)]
            if side is not None
        ]
    )
    without = play([step for step in steps if step.trades])
    newest = max(step.at_ms for step in steps if step.trades)
    assert with_later.reading(newest) == without.reading(newest)


@settings(max_examples=40)
@given(SEEDS)
def test_flow_over_the_window_is_the_sum_of_the_formula_over_its_updates(seed: int) -> None:
    steps = market(seed)
    begin_ms = steps[-1].at_ms - 10_000
    flows, sizes = [], []
    for before, now in pairwise(steps):
        if now.at_ms > begin_ms:
            flows.append(_formula(before, now))
            sizes.append((now.bids[0][1] + now.asks[0][1]) / 2.0)
    expected = sum(flows) * len(sizes) / sum(sizes)
    assert last_reading(steps).flow_imbalance == pytest.approx(expected)


def _formula(before: Step, now: Step) -> float:
    (old_bid, old_bid_size), (bid, bid_size) = before.bids[0], now.bids[0]
    (old_ask, old_ask_size), (ask, ask_size) = before.asks[0], now.asks[0]
    return (
        (bid >= old_bid) * bid_size
        - (bid <= old_bid) * old_bid_size
        - (ask <= old_ask) * ask_size
        + (ask >= old_ask) * old_ask_size
    )
