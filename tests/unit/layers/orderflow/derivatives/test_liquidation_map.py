"""The map of liquidations to come: built up, shrunk, passed, aged, and felt when near."""

from collections.abc import Iterable

import pytest

from domain.derivatives import LiquidationCluster
from domain.directions import Direction
from layers.orderflow.derivatives import isolated_liquidation_price
from layers.orderflow.derivatives.clusters import proximity
from tests.unit.layers.orderflow.derivatives.observed import (
    BACKGROUND,
    NOON_MS,
    PARAMETERS,
    build_up,
    having_seen,
)

Points = Iterable[tuple[float, float, float]]
LONG, SHORT = Direction
SHAPE = PARAMETERS.liquidation_map
BTC_RATE = 0.004
NOW = (0, 1110, 100)


def clusters(points: Points, price: float = 100, base: str = "BTC") -> list[LiquidationCluster]:
    return list(having_seen(points, base).reading(NOON_MS, price).clusters)


def quantities(points: Points, price: float = 100) -> dict[tuple[Direction, float], float]:
    """Base units in each cluster, by direction and price rounded to a tenth."""
    return {
        (each.liquidated, round(each.price, 1)): each.notional / each.price
        for each in clusters(points, price)
    }


def test_rise_of_open_interest_makes_clusters_on_both_sides() -> None:
    found = clusters([*build_up(), NOW])
    expected = {
        (direction, leverage): isolated_liquidation_price(100, leverage, BTC_RATE, direction)
        for direction in Direction
        for leverage in (10, 20, 25)
    }
    assert sorted(each.price for each in found) == pytest.approx(
        sorted(expected.values()), rel=1e-3
    )
    assert all((each.price < 100) is (each.liquidated is LONG) for each in found)


def test_each_contract_counts_on_both_sides_spread_over_the_tiers() -> None:
    found = quantities([*build_up(), NOW])
    ten_times = {side: found[side, price] for side, price in ((LONG, 90.4), (SHORT, 109.6))}
    assert ten_times == pytest.approx({LONG: 35.0, SHORT: 35.0}, abs=0.5)


def test_clusters_are_told_nearest_first_and_not_too_many() -> None:
    found = clusters([*build_up(), NOW])
    distances = [each.distance_percent for each in found]
    assert distances == sorted(distances)
    assert len(found) == SHAPE.most_clusters
    assert found[0].distance_percent == pytest.approx(100 * abs(found[0].price / 100 - 1))


def test_fall_of_open_interest_shrinks_all_by_its_share() -> None:
    before = quantities([*build_up(), NOW])
    after = quantities([*build_up(), (5, 555, 100), (0, 555, 100)])
    assert after == pytest.approx({where: size / 2 for where, size in before.items()})


@pytest.mark.parametrize(
    ("extreme", "gone", "kept"),
    [(90.3, (LONG, 90.4), (SHORT, 109.6)), (109.7, (SHORT, 109.6), (LONG, 90.4))],
)
def test_liquidation_price_once_passed_is_gone(
    extreme: float, gone: tuple[Direction, float], kept: tuple[Direction, float]
) -> None:
    found = quantities([*build_up(), (200, 1110, extreme), NOW])
    assert gone not in found
    assert kept in found


def test_liquidation_price_passed_before_the_position_opened_stays() -> None:
    found = quantities([*BACKGROUND, (450, 1010, 85), (405, 1010, 100), (400, 1110, 100), NOW])
    assert (LONG, 90.4) in found


def test_price_now_passes_as_well() -> None:
    assert (LONG, 90.4) in quantities([*build_up(), NOW], price=91)
    assert (LONG, 90.4) not in quantities([*build_up(), NOW], price=90)


@pytest.mark.parametrize(("minutes", "is_known"), [(1430, True), (1440, False)])
def test_position_is_forgotten_after_the_horizon(minutes: float, is_known: bool) -> None:
    opened = [(minutes + 5, 1000, 100), (minutes, 1100, 100), (600, 1100, 98)]
    background = [(500 - 10 * n, 1100 + n, 98 + 0.4 * n) for n in range(11)]
    found = quantities([*opened, *background, NOW])
    assert any(size > 10 for size in found.values()) is is_known


def test_rise_across_a_hole_opens_nothing() -> None:
    assert not clusters([(60, 1000, 100), (40, 1100, 100), (0, 1100, 100)])


def test_patience_bridges_a_longer_hole() -> None:
    points = [*BACKGROUND, (440, 1010, 100), (400, 1110, 100), NOW]
    assert len(having_seen(points, patience=1).reading(NOON_MS, 100).clusters) != 6
    assert len(having_seen(points, patience=3).reading(NOON_MS, 100).clusters) == 6


def test_map_that_knows_little_of_open_interest_has_no_clusters() -> None:
    points = [*build_up(), NOW]
    assert clusters(points)
    assert not clusters([(at, 1e6 + quantity, price) for at, quantity, price in points])


def test_answer_that_was_overtaken_changes_no_map() -> None:
    points = [*build_up(), NOW]
    assert clusters([*points, (200, 1e6, 50)]) == clusters(points)


def test_one_rise_alone_stands_out_of_nothing() -> None:
    assert not clusters([(405, 1000, 100), (400, 1100, 100), NOW])


def test_smaller_coin_is_liquidated_earlier() -> None:
    largest = clusters([*build_up(), NOW], base="BTC")
    other = clusters([*build_up(), NOW], base="WIF")
    assert other[0].distance_percent < largest[0].distance_percent


@pytest.mark.parametrize(
    ("base", "rate"), [("BTC", 0.004), ("ETH", 0.004), ("SOL", 0.005), ("1000PEPE", 0.01)]
)
def test_maintenance_rate_follows_the_coin(base: str, rate: float) -> None:
    assert SHAPE.maintenance.rate_of(base) == rate


def test_no_clusters_without_a_price_or_fresh_open_interest() -> None:
    seen = having_seen([*build_up(), NOW])
    assert not seen.reading(NOON_MS, None).clusters
    assert not seen.reading(NOON_MS + 3 * 60_000, 100).clusters


def test_open_interest_that_fell_to_nothing_leaves_no_clusters() -> None:
    assert not clusters([*build_up(), (10, 0, 100), (0, 0, 100)])


def at(liquidated: Direction, distance_percent: float) -> LiquidationCluster:
    price = 100 - liquidated.sign * distance_percent
    return LiquidationCluster(
        liquidated=liquidated, price=price, notional=1e6, distance_percent=distance_percent
    )


@pytest.mark.parametrize(
    ("near", "felt"),
    [
        ((), 0.0),
        ((at(SHORT, 0.0),), 1.0),
        ((at(SHORT, 0.1),), 0.8),
        ((at(LONG, 0.1),), -0.8),
        ((at(SHORT, 0.5),), 0.0),
        ((at(SHORT, 3.0), at(LONG, 4.0)), 0.0),
        ((at(SHORT, 0.1), at(LONG, 0.2)), 0.8),
        ((at(SHORT, 0.2), at(LONG, 0.1)), -0.8),
        ((at(SHORT, 0.2), at(LONG, 0.2)), 0.0),
    ],
)
def test_nearest_cluster_is_felt_with_the_sign_of_its_side(
    near: tuple[LiquidationCluster, ...], felt: float
) -> None:
    assert proximity(near, SHAPE.near) == pytest.approx(felt)


def test_reading_feels_a_cluster_as_price_comes_near() -> None:
    seen = having_seen([*build_up(), NOW])
    long_end = isolated_liquidation_price(100, 10, BTC_RATE, LONG)
    felt = seen.reading(NOON_MS, long_end * 1.001).proximity
    assert felt == pytest.approx(-0.8, abs=0.05)
    assert seen.reading(NOON_MS, 100).proximity == 0
