"""The decision function on known markets."""

from dataclasses import replace
from datetime import timedelta
from functools import cache

import pytest

from domain.candles import CLOSE
from domain.decisions import Decision, Discard, Tier
from domain.directions import Direction
from domain.errors import StaleDataError
from domain.evidence import LayerName
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.timeframes import Timeframe
from engine.confluence_parameters import ConfluenceParameters
from engine.decide import AVAILABLE_LAYERS, DecisionParameters, decide, decide_all
from layers.technical import TechnicalParameters, score_snapshots
from tests.unit.engine.layer_scores import ALONE
from tests.unit.layers.technical.markets import Market, random_market, seen_at, snapshot

PARAMETERS = DecisionParameters(confluence=ALONE)
LONG = Direction.LONG


@cache
def market_that_gives(direction: Direction | None) -> Market:
    """The first random market with a signal that way, or without a direction."""
    for seed in range(300):
        market = random_market(seed, candles=1200)
        decision = decide(snapshot(market), PARAMETERS)
        if decision.direction is direction and decision.is_signal is (direction is not None):
            return market
    raise AssertionError(f"no market gives {direction}")


def judged(direction: Direction | None, parameters: DecisionParameters = PARAMETERS) -> Decision:
    return decide(snapshot(market_that_gives(direction)), parameters)


@pytest.mark.parametrize("direction", Direction)
def test_market_with_a_quorum_gives_a_signal_with_its_numbers(
    direction: Direction,
) -> None:
    market = market_that_gives(direction)
    decision = decide(snapshot(market), PARAMETERS)
    scores = score_snapshots([snapshot(market)], PARAMETERS.technical)
    assert decision.is_signal
    assert decision.direction is direction
    assert decision.tier in (Tier.MEDIUM, Tier.HIGH)
    assert decision.score >= decision.threshold >= 65.0
    assert decision.close == market[Timeframe.M15].value(CLOSE, -1)
    assert decision.atr == scores.atr[0]
    assert decision.atr_ratio == scores.atr_ratio[0]
    assert decision.coverage == 1.0
    assert (decision.regime, decision.layers_on) == (Regime.UNKNOWN, 1)
    (layer,) = decision.layers
    assert layer.layer is LayerName.TECHNICAL
    assert direction.support(layer.bullishness) == decision.raw_score == decision.score


def test_market_without_a_direction_is_discarded_as_neutral() -> None:
    decision = judged(None)
    assert decision.direction is None
    assert (decision.score, decision.raw_score, decision.tier) == (50.0, 50.0, None)
    assert decision.discards == (Discard.NO_DIRECTION,)
    assert decision.atr is not None
    (layer,) = decision.layers
    assert 45 <= layer.bullishness <= 55
    assert layer.evidence


def test_lean_that_too_few_indicators_share_is_told_as_such() -> None:
    demanding = replace(PARAMETERS, technical=TechnicalParameters(minimum_supporting=10))
    decision = judged(LONG, demanding)
    assert decision.direction is None
    assert decision.discards == (Discard.TOO_FEW_INDICATORS,)


def test_score_below_the_bar_is_discarded_with_its_direction() -> None:
    strict = replace(ALONE, medium_threshold=90.0, high_threshold=95.0)
    decision = judged(LONG, replace(PARAMETERS, confluence=strict))
    assert decision.direction is Direction.LONG
    assert decision.discards == (Discard.LOW_SCORE,)
    assert not decision.is_signal


@pytest.mark.parametrize("direction", Direction)
def test_candles_of_a_quarter_of_an_hour_ago_give_no_signal(direction: Direction) -> None:
    fresh = snapshot(market_that_gives(direction))
    late = replace(fresh, as_of=fresh.as_of + timedelta(minutes=15))
    decision = decide(late, PARAMETERS)
    assert Discard.LOW_COVERAGE in decision.discards
    assert decision.score < decide(fresh, PARAMETERS).score
    assert decision.layers[0].age_seconds == 900.0


@pytest.mark.parametrize("timeframe", [Timeframe.M1, Timeframe.M5, Timeframe.H1])
def test_missing_timeframe_costs_coverage(timeframe: Timeframe) -> None:
    whole = snapshot(market_that_gives(LONG))
    rest = {key: series for key, series in whole.candles.items() if key is not timeframe}
    assert decide(replace(whole, candles=rest), PARAMETERS).coverage < 1.0


@pytest.mark.parametrize("candles", [1, 14, 15, 60, 199])
def test_short_history_gives_no_signal_and_no_crash(candles: int) -> None:
    for seed in range(10):
        decision = decide(snapshot(random_market(seed, candles=candles)), PARAMETERS)
        assert not decision.is_signal
        assert decision.direction is None
        assert decision.atr is None or decision.atr > 0


def test_snapshot_without_any_candle_gives_no_signal_and_no_crash() -> None:
    empty = replace(snapshot(market_that_gives(LONG)), candles={})
    decision = decide(empty, PARAMETERS)
    assert (decision.direction, decision.atr, decision.atr_ratio) == (None, None, None)
    assert decision.coverage == 0.0
    assert decision.discards == (Discard.NO_DIRECTION,)


def test_nothing_to_decide_gives_nothing() -> None:
    assert decide_all([], PARAMETERS) == []


def test_candle_that_closes_after_the_boundary_cannot_be_shown_to_the_function() -> None:
    market = market_that_gives(LONG)
    closed = snapshot(seen_at(market, market[Timeframe.M15].last_index - 4))
    for timeframe, series in market.items():
        with pytest.raises(StaleDataError, match="closes after"):
            MarketSnapshot(
                instrument=closed.instrument, as_of=closed.as_of, candles={timeframe: series}
            )


def test_every_layer_that_can_be_switched_on_is_asked() -> None:
    everyone = ConfluenceParameters(layers=tuple(AVAILABLE_LAYERS))
    decision = judged(LONG, replace(PARAMETERS, confluence=everyone))
    assert {layer.layer for layer in decision.layers} == AVAILABLE_LAYERS
