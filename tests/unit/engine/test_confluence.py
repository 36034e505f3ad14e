"""How five layers become one score, by hand."""

from dataclasses import replace
from typing import Any

import pytest

from domain.decisions import Discard, Tier
from domain.directions import Direction
from domain.evidence import LayerName
from domain.market_regime import Regime
from engine.confluence import abstain
from engine.confluence_parameters import ConfluenceParameters
from engine.market_regime import regime_multiplier
from tests.fakes.clock import AFTERNOON
from tests.unit.engine.layer_scores import (
    AGREED,
    ALL,
    ALONE,
    MEMORY,
    ONCHAIN,
    ORDERFLOW,
    SENTIMENT,
    TECHNICAL,
    Supports,
    for_long,
    judge,
    mirrored,
    say,
)

LONG, SHORT = Direction.LONG, Direction.SHORT
EVERYONE: Supports = dict.fromkeys(LayerName, 90.0)


def without(*names: LayerName, supports: Supports = AGREED) -> Supports:
    return {name: value for name, value in supports.items() if name not in names}


def test_supports_are_weighted_and_added_up() -> None:
    agreed = judge(for_long(AGREED))
    assert agreed.raw_score == pytest.approx(76.5)
    assert agreed.score == pytest.approx(76.5)
    assert agreed.coverage == pytest.approx(1.0)
    assert (agreed.tier, agreed.threshold, agreed.discards) == (Tier.MEDIUM, 65.0, ())


def test_short_is_scored_by_its_own_support() -> None:
    agreed = judge(mirrored(for_long(AGREED)), SHORT)
    assert agreed.score == pytest.approx(76.5)
    assert agreed.tier is Tier.MEDIUM
    assert judge(for_long(AGREED), SHORT).score == pytest.approx(23.5)


def test_weights_are_renormalised_over_the_layers_that_are_on() -> None:
    two = replace(ALL, layers=(TECHNICAL, ORDERFLOW))
    assert two.weights() == pytest.approx({TECHNICAL: 0.35 / 0.6, ORDERFLOW: 0.25 / 0.6})
    alone = ALONE
    assert alone.weights() == {TECHNICAL: 1.0}
    agreed = judge(for_long(AGREED), parameters=two)
    assert agreed.raw_score == pytest.approx((0.35 * 90 + 0.25 * 80) / 0.6)
    assert agreed.coverage == pytest.approx(1.0)


def test_layer_that_is_off_is_not_heard() -> None:
    two = replace(ALL, layers=(TECHNICAL, ORDERFLOW))
    everyone, both = for_long(AGREED), for_long(without(ONCHAIN, SENTIMENT, MEMORY))
    assert judge(everyone, parameters=two) == judge(both, parameters=two)


def test_missing_layer_counts_as_fifty_and_costs_coverage() -> None:
    agreed = judge(for_long(without(ORDERFLOW)))
    assert agreed.raw_score == pytest.approx(76.5 - 0.25 * 30)
    assert agreed.coverage == pytest.approx(0.75)
    assert agreed.score == pytest.approx(69.0 * (1 - 0.25 * 0.25))
    assert agreed.discards == (Discard.LOW_SCORE,)


@pytest.mark.parametrize(
    ("age", "factor"),
    [
        (0.0, 1.0),
        (299.9, 1.0),
        (300.0, 0.7),
        (899.9, 0.7),
        (900.0, 0.4),
        (1799.9, 0.4),
        (1800.0, 0.2),
        (1e9, 0.2),
        (float("nan"), 0.2),
    ],
)
def test_age_pulls_a_layer_towards_fifty_step_by_step(age: float, factor: float) -> None:
    agreed = judge(for_long(AGREED, onchain=age))
    assert agreed.raw_score == pytest.approx(76.5 - 0.2 * 20 * (1 - factor))
    assert agreed.coverage == pytest.approx(0.8 + 0.2 * factor)


def test_layer_with_half_of_its_components_covers_half() -> None:
    layers = [*for_long(without(TECHNICAL)), say(TECHNICAL, 90.0, coverage=0.5)]
    agreed = judge(layers)
    assert agreed.raw_score == pytest.approx(76.5)
    assert agreed.coverage == pytest.approx(1 - 0.175)
    assert agreed.score == pytest.approx(76.5 * (1 - 0.25 * 0.175))


def test_technical_and_orderflow_together_just_cover_enough() -> None:
    agreed = judge(for_long(without(ONCHAIN, SENTIMENT, MEMORY, supports=EVERYONE)))
    assert agreed.coverage == pytest.approx(0.6)
    assert agreed.discards == ()


def test_below_six_tenths_of_coverage_there_is_no_signal() -> None:
    agreed = judge(for_long(without(ORDERFLOW, ONCHAIN, supports=EVERYONE)))
    assert agreed.coverage == pytest.approx(0.55)
    assert Discard.LOW_COVERAGE in agreed.discards
    assert agreed.tier is None


@pytest.mark.parametrize(
    ("supports", "is_quorum"),
    [
        ({TECHNICAL: 100.0, ORDERFLOW: 55.1}, True),
        ({TECHNICAL: 100.0, ORDERFLOW: 55.0}, False),
        ({TECHNICAL: 100.0, MEMORY: 60.0}, True),
        ({TECHNICAL: 100.0}, False),
        ({TECHNICAL: 55.0, ORDERFLOW: 100.0, ONCHAIN: 100.0}, False),
        ({TECHNICAL: 55.1, ORDERFLOW: 100.0, ONCHAIN: 100.0}, True),
    ],
    ids=str,
)
def test_two_layers_must_agree_and_technical_must_be_one(
    supports: Supports, is_quorum: bool
) -> None:
    layers = for_long({**dict.fromkeys(LayerName, 50.0), **supports})
    for direction, said in ((LONG, layers), (SHORT, mirrored(layers))):
        discards = judge(said, direction).discards
        assert (Discard.TOO_FEW_LAYERS not in discards) is is_quorum


def test_where_one_layer_is_on_it_decides_alone() -> None:
    alone = ALONE
    assert judge(for_long({TECHNICAL: 80.0}), parameters=alone).tier is Tier.HIGH
    weak = judge(for_long({TECHNICAL: 54.0}), parameters=alone)
    assert weak.discards == (Discard.TOO_FEW_LAYERS, Discard.LOW_SCORE)
    nobody = judge([], parameters=alone)
    assert (nobody.score, nobody.coverage) == (50 * 0.75, 0.0)
    assert len(nobody.discards) == 3


@pytest.mark.parametrize(
    ("score", "hour", "tier"),
    [
        (64.9, 14, None),
        (65.0, 14, Tier.MEDIUM),
        (79.9, 14, Tier.MEDIUM),
        (80.0, 14, Tier.HIGH),
        (69.9, 4, None),
        (70.0, 4, Tier.MEDIUM),
        (84.9, 4, Tier.MEDIUM),
        (85.0, 4, Tier.HIGH),
    ],
)
def test_tiers_begin_at_sixty_five_and_eighty_and_five_higher_in_poor_hours(
    score: float, hour: int, tier: Tier | None
) -> None:
    found = judge(for_long({TECHNICAL: score}), hour=hour, parameters=ALONE)
    assert found.score == score
    assert found.tier is tier
    assert found.discards == (() if tier else (Discard.LOW_SCORE,))


def test_poor_hours_are_the_dead_zone_and_the_evening() -> None:
    raised = [hour for hour in range(24) if judge(for_long(AGREED), hour=hour).threshold == 70.0]
    assert raised == [4, 5, 6, 7, 20, 21, 22, 23]


@pytest.mark.parametrize(
    ("regime", "asset", "for_longs", "for_shorts"),
    [
        (Regime.UNKNOWN, "SOL", 0.95, 0.95),
        (Regime.RISK_ON, "SOL", 1.1, 0.7),
        (Regime.RISK_ON, "BTC", 1.1, 0.7),
        (Regime.BTC_SEASON, "BTC", 1.1, 0.7),
        (Regime.BTC_SEASON, "SOL", 1.0, 1.0),
        (Regime.RISK_OFF, "SOL", 0.7, 1.1),
        (Regime.CHOPPY, "BTC", 0.95, 0.95),
    ],
)
def test_regime_acts_on_the_distance_from_fifty(
    regime: Regime, asset: str, for_longs: float, for_shorts: float
) -> None:
    layers = for_long(AGREED)
    longs = judge(layers, LONG, regime=regime, asset=asset).score
    shorts = judge(mirrored(layers), SHORT, regime=regime, asset=asset).score
    assert longs == pytest.approx(50 + 26.5 * for_longs)
    assert shorts == pytest.approx(50 + 26.5 * for_shorts)


def test_unknown_regime_costs_nothing_where_the_layer_that_tells_it_is_off() -> None:
    silent = replace(ALL, layers=(TECHNICAL, ORDERFLOW))
    for direction in Direction:
        assert regime_multiplier(direction, Regime.UNKNOWN, "BTC", silent) == 1.0


def test_shares_tell_what_each_layer_adds_and_what_it_changes() -> None:
    agreed = judge(for_long(without(MEMORY), onchain=600.0), regime=Regime.RISK_ON)
    shares = {share.layer: share for share in agreed.shares}
    onchain = shares[ONCHAIN]
    assert (onchain.weight, onchain.freshness) == pytest.approx((0.2, 0.7))
    assert (onchain.support, onchain.fresh_support) == pytest.approx((70.0, 64.0))
    memory = shares[MEMORY]
    assert (memory.freshness, memory.support, memory.fresh_support) == (0.0, 50.0, 50.0)
    assert memory.score_without == agreed.score
    assert agreed.raw_score == pytest.approx(0.35 * 90 + 0.25 * 80 + 0.2 * 64 + 6 + 5)
    assert agreed.coverage_factor == pytest.approx(1 - 0.25 * (1 - 0.84))
    told = 50 + (agreed.raw_score * agreed.coverage_factor - 50) * 1.1
    assert (agreed.score, agreed.multiplier) == pytest.approx((told, 1.1))


def test_score_without_a_layer_is_the_score_had_it_been_missing() -> None:
    layers = for_long(AGREED, orderflow=400.0)
    for share in judge(layers, regime=Regime.RISK_OFF).shares:
        rest = [layer for layer in layers if layer.layer is not share.layer]
        assert share.score_without == judge(rest, regime=Regime.RISK_OFF).score


def test_coverage_is_paid_for_before_the_regime_is_asked() -> None:
    agreed = judge(for_long(without(ORDERFLOW)), regime=Regime.RISK_ON)
    assert agreed.score == pytest.approx(50 + (69.0 * 0.9375 - 50) * 1.1)


def test_regime_never_lifts_a_score_over_a_hundred() -> None:
    assert judge(for_long(dict.fromkeys(LayerName, 100.0)), regime=Regime.RISK_ON).score == 100.0


def test_without_a_direction_everything_is_neutral() -> None:
    heard = [say(TECHNICAL, 51.0), say(ORDERFLOW, 90.0, coverage=0.6)]
    nothing = abstain(Discard.NO_DIRECTION, heard, AFTERNOON, ALL)
    assert (nothing.score, nothing.raw_score) == (50.0, 50.0)
    assert nothing.coverage == pytest.approx(0.35 + 0.25 * 0.6)
    assert (nothing.tier, nothing.threshold) == (None, 65.0)
    assert nothing.discards == (Discard.NO_DIRECTION,)
    assert (nothing.shares, nothing.coverage_factor, nothing.multiplier) == ((), 1.0, 1.0)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"layers": (ORDERFLOW,)}, "must contain technical"),
        ({"layers": (TECHNICAL, TECHNICAL)}, "only once"),
        ({"layers": ()}, "must contain technical"),
        ({"layers": (TECHNICAL,), "technical_weight": 0.0}, "weight above 0"),
        ({"high_threshold": 60.0}, "must not be below"),
        ({"fresh_factors": (1.0, 0.5)}, "one number more"),
        ({"fresh_factors": (0.2, 0.4, 0.7, 1.0)}, "must fall"),
        ({"fresh_seconds": (900.0, 300.0, 1800.0)}, "must rise"),
    ],
)
def test_contradicting_parameters_are_refused(changes: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        replace(ALL, **changes)


@pytest.mark.parametrize(
    ("age", "coverage", "is_quorum"),
    [(0.0, 0.5, True), (0.0, 0.49, False), (899.0, 1.0, True), (1800.0, 1.0, False)],
)
def test_layer_that_is_old_or_mostly_unknown_confirms_nothing(
    age: float, coverage: float, is_quorum: bool
) -> None:
    layers = [say(TECHNICAL, 90.0), say(ORDERFLOW, 70.0, age=age, coverage=coverage)]
    parameters = ConfluenceParameters(layers=(TECHNICAL, ORDERFLOW))
    for direction, said in ((LONG, layers), (SHORT, mirrored(layers))):
        discards = judge(said, direction, parameters=parameters).discards
        assert (Discard.TOO_FEW_LAYERS not in discards) is is_quorum
