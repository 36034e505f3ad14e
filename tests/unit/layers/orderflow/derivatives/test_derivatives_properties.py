"""No look-ahead, bounded memory, and leans that change their sign in the mirror."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.derivatives import (
    DerivativesReading,
    Funding,
    Liquidation,
    OpenInterestMeaning,
    OpenInterestReading,
    Positioning,
)
from domain.directions import Direction
from layers.orderflow.derivatives import (
    DerivativesTracker,
    crowd_lean,
    funding_lean,
    liquidation_lean,
    open_interest_lean,
)
from layers.orderflow.derivatives.liquidations import RecentLiquidations
from tests.unit.layers.orderflow.derivatives.observed import (
    MINUTE_MS,
    NOON_MS,
    PARAMETERS,
    build_up,
    having_seen,
    noon_in,
    observed,
    tracker,
)

Event = tuple[int, float, float, Direction]

events = st.lists(
    st.tuples(
        st.integers(-200 * 60_000, 10 * 60_000),
        st.floats(900, 1200),
        st.floats(85, 115),
        st.sampled_from(Direction),
    ),
    max_size=60,
)
shares = st.one_of(st.none(), st.floats(0, 1))
rates = st.floats(-0.01, 0.01)
percents = st.floats(-5, 5)


def observe(watching: DerivativesTracker, event: Event) -> None:
    """An event that is of every kind at once."""
    since_noon, size, price, side = event
    at_ms = NOON_MS + since_noon
    watching.observe_open_interest(observed(at_ms, size), price)
    watching.observe_liquidation(Liquidation(at_ms, price, size, side))
    watching.observe_funding(
        Funding(rate=size / 1e6, next_at=noon_in(since_noon / MINUTE_MS + 60)), at_ms
    )
    watching.observe_positioning(
        Positioning(
            exchange_ms=at_ms,
            crowd_long_share=size / 1e4,
            top_accounts_long_share=None,
            top_positions_long_share=None,
        )
    )


@settings(max_examples=80)
@given(events)
def test_reading_is_the_same_whatever_came_later(happened: list[Event]) -> None:
    in_order = sorted(happened, key=lambda event: event[0])
    then, later = having_seen(build_up()), having_seen(build_up())
    for event in in_order:
        if event[0] <= 0:
            observe(then, event)
        observe(later, event)
    assert later.reading(NOON_MS, 100) == then.reading(NOON_MS, 100)


def test_reading_with_clusters_is_the_same_whatever_came_later() -> None:
    points = [*build_up(), (6, 1100, 100), (0, 1110, 101)]
    reading = having_seen(points).reading(NOON_MS, 101)
    assert reading.clusters
    assert reading.open_interest is not None
    since = [(-minute, 1110.0 + 90 * minute, 100.0 - 9 * minute) for minute in range(1, 10)]
    assert having_seen([*points, *since]).reading(NOON_MS, 101) == reading


def test_liquidations_do_not_pile_up() -> None:
    recent = RecentLiquidations(300_000, 600_000)
    for second in range(10_000):
        recent.add(Liquidation(second * 1000, 1, 1, Direction.LONG))
    assert len(recent) == 900


@given(rates, st.floats(-60, 600))
def test_funding_mirrored_leans_the_other_way(rate: float, minutes: float) -> None:
    one, mirrored = (
        funding_lean(Funding(rate=each, next_at=noon_in(minutes)), NOON_MS, PARAMETERS)
        for each in (rate, -rate)
    )
    assert one == -mirrored
    assert -1 <= one <= 1


@given(shares, shares, shares)
def test_positioning_mirrored_leans_the_other_way(
    crowd: float | None, accounts: float | None, positions: float | None
) -> None:
    one, mirrored = (
        crowd_lean(
            Positioning(
                exchange_ms=NOON_MS,
                crowd_long_share=seen_from(crowd),
                top_accounts_long_share=seen_from(accounts),
                top_positions_long_share=seen_from(positions),
            ),
            PARAMETERS,
        )
        for seen_from in (as_is, mirrored_share)
    )
    assert one == pytest.approx(-mirrored, abs=1e-9)
    assert -1 <= one <= 1


@given(percents, percents)
def test_market_mirrored_in_price_leans_the_other_way(change: float, price_change: float) -> None:
    price = 100 * (1 + price_change / 100)
    one, mirrored = (
        0.0 if reading is None else open_interest_lean(reading, PARAMETERS)
        for reading in (after(change, price), after(change, 100 * 100 / price))
    )
    assert one == -mirrored
    assert -1 <= one <= 1


@given(st.floats(0, 1e8), st.floats(0, 1e8), st.floats(-1, 1))
def test_liquidations_mirrored_lean_the_other_way(
    longs: float, shorts: float, proximity: float
) -> None:
    reading = replace(
        tracker().reading(NOON_MS, None),
        longs_liquidated=longs,
        shorts_liquidated=shorts,
        proximity=proximity,
    )
    mirrored = replace(
        reading, longs_liquidated=shorts, shorts_liquidated=longs, proximity=-proximity
    )
    assert liquidation_lean(reading, PARAMETERS) == -liquidation_lean(mirrored, PARAMETERS)


def test_market_mirrored_in_price_has_its_clusters_on_the_other_side() -> None:
    # Linear margin is not symmetric in the logarithm of price: second order, 1 / leverage squared.
    points = [(at, quantity, 1.02 * price) for at, quantity, price in [*build_up(), (0, 1110, 99)]]
    reflected = [(at, quantity, 100 * 100 / price) for at, quantity, price in points]
    near = nearest(having_seen(points).reading(NOON_MS, 100))
    mirrored = nearest(having_seen(reflected).reading(NOON_MS, 100))
    assert near[Direction.LONG] < 2 < 5 < near[Direction.SHORT]
    for side, distance in near.items():
        assert mirrored[side.opposite] == pytest.approx(distance, abs=0.4)


def nearest(reading: DerivativesReading) -> dict[Direction, float]:
    """Distance of the nearest cluster of each direction."""
    return {each.liquidated: each.distance_percent for each in reversed(reading.clusters)}


def after(change: float, price: float) -> OpenInterestReading | None:
    seen = having_seen([(5, 1000, 100), (0, 1000 * (1 + change / 100), price)])
    return seen.reading(NOON_MS, price).open_interest


def as_is(share: float | None) -> float | None:
    return share


def mirrored_share(share: float | None) -> float | None:
    return None if share is None else 1 - share


def test_every_meaning_has_a_lean() -> None:
    reading = after(2, 101)
    assert reading is not None
    leans = {
        meaning: open_interest_lean(replace(reading, meaning=meaning), PARAMETERS)
        for meaning in OpenInterestMeaning
    }
    assert leans.pop(OpenInterestMeaning.QUIET) == 0
    assert all(leans.values())
