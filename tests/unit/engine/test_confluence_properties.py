"""What holds for whatever five layers say."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.directions import NEUTRAL, Direction
from domain.evidence import LayerName, LayerScore
from domain.market_regime import Regime
from engine.confluence import Confluence
from engine.market_regime import regime_multiplier
from tests.unit.engine.layer_scores import ALL, TECHNICAL, judge, mirrored

MIRRORED_REGIME = {
    Regime.RISK_ON: Regime.RISK_OFF,
    Regime.RISK_OFF: Regime.RISK_ON,
    Regime.BTC_SEASON: Regime.BTC_SEASON,  # says nothing about the coin that is judged here
    Regime.CHOPPY: Regime.CHOPPY,
    Regime.UNKNOWN: Regime.UNKNOWN,
}
directions = st.sampled_from(Direction)
regimes = st.sampled_from(list(MIRRORED_REGIME))
ages = st.floats(0, 4000)


@st.composite
def some_layers(draw: st.DrawFn) -> list[LayerScore]:
    """Technical and any others."""
    others = draw(st.sets(st.sampled_from([name for name in LayerName if name is not TECHNICAL])))
    return [
        LayerScore(
            layer=name,
            bullishness=draw(st.floats(0, 100)),
            age_seconds=draw(ages),
            coverage=draw(st.floats(0, 1)),
            evidence=(),
        )
        for name in (TECHNICAL, *sorted(others))
    ]


def is_no_better(worse: Confluence, better: Confluence) -> bool:
    """Neither a higher score nor a signal where there was none."""
    is_lower = worse.score <= better.score + 1e-9
    return is_lower and (bool(worse.discards) or not better.discards)


@given(layers=some_layers(), direction=directions, regime=regimes)
def test_mirrored_layers_give_the_mirrored_direction_the_same_score(
    layers: list[LayerScore], direction: Direction, regime: Regime
) -> None:
    upright = judge(layers, direction, regime=regime)
    flipped = judge(mirrored(layers), direction.opposite, regime=MIRRORED_REGIME[regime])
    assert flipped.score == pytest.approx(upright.score, abs=1e-9)
    assert flipped.raw_score == pytest.approx(upright.raw_score, abs=1e-9)
    assert flipped.coverage == upright.coverage
    supports = [direction.support(layer.bullishness) for layer in layers]
    assume(all(abs(support - 55) > 1e-6 for support in supports))
    assume(all(abs(upright.score - limit) > 1e-6 for limit in (65, 80)))
    assert (flipped.discards, flipped.tier) == (upright.discards, upright.tier)


@given(layers=some_layers(), direction=directions, regime=regimes)
def test_scores_and_coverage_stay_in_range(
    layers: list[LayerScore], direction: Direction, regime: Regime
) -> None:
    found = judge(layers, direction, regime=regime)
    assert 0 <= found.score <= 100
    assert 0 <= found.raw_score <= 100 + 1e-9
    assert 0 <= found.coverage <= 1 + 1e-9
    assert (found.tier is None) is bool(found.discards)


@given(layers=some_layers(), direction=directions)
def test_order_in_which_layers_speak_does_not_matter(
    layers: list[LayerScore], direction: Direction
) -> None:
    assert judge(layers[::-1], direction) == judge(layers, direction)


@given(layers=some_layers(), direction=directions, data=st.data())
def test_more_support_from_a_layer_never_lowers_the_score(
    layers: list[LayerScore], direction: Direction, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(layers) - 1))
    support = direction.support(layers[at].bullishness)
    more = direction.support(data.draw(st.floats(support, 100)))
    better = _with(layers, at, bullishness=more)
    assert is_no_better(judge(layers, direction), judge(better, direction))


# Fail safe (design 2): what is missing, late or thin never helps. A layer that opposed and is gone
# counts as 50 (design 4.4) and costs coverage; it is never worth more than one that is there, fresh
# and silent.


@given(layers=some_layers(), direction=directions, regime=regimes, data=st.data())
def test_layer_never_helps_by_growing_old(
    layers: list[LayerScore], direction: Direction, regime: Regime, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(layers) - 1))
    older = _with(layers, at, age_seconds=layers[at].age_seconds + data.draw(ages))
    assert is_no_better(
        judge(older, direction, regime=regime), judge(layers, direction, regime=regime)
    )


@given(layers=some_layers(), direction=directions, regime=regimes, data=st.data())
def test_layer_that_does_not_oppose_never_helps_by_falling_silent(
    layers: list[LayerScore], direction: Direction, regime: Regime, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(layers) - 1))
    assume(direction.support(layers[at].bullishness) >= NEUTRAL)
    gone = layers[:at] + layers[at + 1 :]
    assert is_no_better(
        judge(gone, direction, regime=regime), judge(layers, direction, regime=regime)
    )


@given(layers=some_layers(), direction=directions, regime=regimes, data=st.data())
def test_coverage_falls_with_each_layer_that_goes(
    layers: list[LayerScore], direction: Direction, regime: Regime, data: st.DataObject
) -> None:
    order = data.draw(st.permutations(layers))
    left = [judge(order[gone:], direction, regime=regime) for gone in range(len(order) + 1)]
    coverages = [each.coverage for each in left]
    assert coverages == pytest.approx(sorted(coverages, reverse=True), abs=1e-12)
    assert coverages[-1] == 0.0


@given(direction=directions, regime=regimes, asset=st.sampled_from(["BTC", "SOL"]))
def test_regime_nobody_tells_is_no_better_than_any_that_does_not_oppose(
    direction: Direction, regime: Regime, asset: str
) -> None:
    told = regime_multiplier(direction, regime, asset, ALL)
    assume(told != ALL.against_regime)
    assert regime_multiplier(direction, Regime.UNKNOWN, asset, ALL) <= told


@given(direction=directions, regime=regimes, asset=st.sampled_from(["BTC", "SOL"]))
def test_regime_that_lapses_is_no_better_than_it_was(
    direction: Direction, regime: Regime, asset: str
) -> None:
    told = regime_multiplier(direction, regime, asset, ALL)
    gone = regime_multiplier(direction, Regime.UNKNOWN, asset, ALL, lapsed=regime)
    assert gone <= min(told, ALL.unknown_regime)


@given(layers=some_layers(), direction=directions, regime=regimes)
def test_shares_add_up_to_the_score_they_explain(
    layers: list[LayerScore], direction: Direction, regime: Regime
) -> None:
    found = judge(layers, direction, regime=regime)
    raw = sum(share.weight * share.fresh_support for share in found.shares)
    assert raw == pytest.approx(found.raw_score)
    told = 50 + (raw * found.coverage_factor - 50) * found.multiplier
    assert min(100.0, max(0.0, told)) == pytest.approx(found.score)
    assert [share.layer for share in found.shares] == list(LayerName)


@settings(max_examples=200)
@given(layers=some_layers(), direction=directions, regime=regimes, data=st.data())
def test_late_or_missing_layer_is_worth_no_more_than_one_that_is_there_and_neutral(
    layers: list[LayerScore], direction: Direction, regime: Regime, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(layers) - 1))
    silent = _with(layers, at, bullishness=NEUTRAL, age_seconds=0.0, coverage=1.0)
    neutral = judge(silent, direction, regime=regime)
    missing = judge(layers[:at] + layers[at + 1 :], direction, regime=regime)
    assert is_no_better(missing, neutral)
    fresh = judge(_with(layers, at, age_seconds=0.0), direction, regime=regime)
    aged = judge(layers, direction, regime=regime)
    assert aged.score <= max(fresh.score, neutral.score) + 1e-9


@given(layers=some_layers(), direction=directions, data=st.data())
def test_layer_that_rests_on_less_data_never_helps(
    layers: list[LayerScore], direction: Direction, data: st.DataObject
) -> None:
    at = data.draw(st.integers(0, len(layers) - 1))
    thinner = _with(layers, at, coverage=data.draw(st.floats(0, layers[at].coverage)))
    assert is_no_better(judge(thinner, direction), judge(layers, direction))


def _with(layers: list[LayerScore], at: int, **changes: float) -> list[LayerScore]:
    changed = replace(layers[at], **changes)  # type: ignore[arg-type]  # all of them are floats
    return [*layers[:at], changed, *layers[at + 1 :]]
