"""The decision function with five voices, as they come and go."""

from dataclasses import replace

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from domain.decisions import Decision, Discard
from domain.directions import NEUTRAL, Direction
from domain.evidence import LayerName
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.memory import Memory, PairClass, Trend
from domain.sentiment import LapsedRegime, Sentiment
from domain.timeframes import to_ms
from engine.confluence_parameters import ConfluenceParameters
from engine.decide import DecisionParameters, decide
from layers.memory import score_band
from tests.unit.engine.layer_scores import MEMORY, ONCHAIN, ORDERFLOW, SENTIMENT, TECHNICAL
from tests.unit.engine.outside_readings import (
    MINUTE_MS,
    agreeing,
    leaning_market,
    memory_of,
    outside_views,
)

FIVE = DecisionParameters()
TWO = DecisionParameters(confluence=ConfluenceParameters(layers=(TECHNICAL, ORDERFLOW)))
LONG = Direction.LONG
PARTS = {"order_flow": ORDERFLOW, "onchain": ONCHAIN, "sentiment": SENTIMENT, "memory": MEMORY}
parts = st.sampled_from(["order_flow", "onchain", "sentiment"])


def share_of(decision: Decision, layer: LayerName) -> float:
    return next(share.score_without for share in decision.shares if share.layer is layer)


def without(market: MarketSnapshot, part: str) -> MarketSnapshot:
    return replace(market, **{part: None})  # type: ignore[arg-type]  # every part may be None


def silenced(market: MarketSnapshot, part: str) -> MarketSnapshot:
    """The part as its tracker tells it when all its providers have been silent for too long."""
    told = market.sentiment
    if part != "sentiment" or told is None:
        return without(market, part)
    at_ms = to_ms(market.as_of)
    since_ms = at_ms - 40 * MINUTE_MS
    known = told.regime
    lapsed = None if known is None else LapsedRegime(regime=known.regime, since_ms=since_ms)
    return replace(market, sentiment=Sentiment(at_ms=at_ms, lapsed_regime=lapsed))


def is_no_better(worse: Decision, better: Decision) -> bool:
    """Neither a higher score nor a signal where there was none.

    Below 50 the direction is lost, and a regime that favours it makes the score lower still.
    """
    is_lower = worse.score <= max(better.score, NEUTRAL) + 1e-9
    return is_lower and (not worse.is_signal or better.is_signal)


@pytest.mark.parametrize("direction", Direction)
def test_all_five_are_asked_and_the_regime_is_that_of_sentiment(direction: Direction) -> None:
    regime = Regime.RISK_ON if direction is LONG else Regime.RISK_OFF
    market = agreeing(direction, regime)
    quiet = decide(market, FIVE)
    assert quiet.setup is not None
    decision = decide(replace(market, memory=memory_of(quiet.setup, market, won=30, lost=5)), FIVE)
    assert [layer.layer for layer in decision.layers] == list(LayerName)
    assert [share.layer for share in decision.shares] == list(LayerName)
    assert all(layer.coverage > 0.0 for layer in decision.layers)
    assert all(direction.support(layer.bullishness) > NEUTRAL for layer in decision.layers)
    assert (decision.regime, decision.regime_multiplier) == (regime, 1.1)
    assert decision.coverage > quiet.coverage
    assert decision.score > quiet.score
    told = 50 + (decision.raw_score * decision.coverage_factor - 50) * 1.1
    assert decision.score == pytest.approx(told)
    assert decision.is_signal


def test_setup_tells_what_later_trades_are_compared_by() -> None:
    decision = decide(agreeing(LONG), FIVE)
    setup = decision.setup
    assert setup is not None
    assert (setup.direction, setup.regime) == (LONG, Regime.RISK_ON)
    assert (setup.trend, setup.pair_class) == (Trend.UP, PairClass.MAJOR)
    assert setup.score_band == score_band(share_of(decision, MEMORY))


@pytest.mark.parametrize(("won", "lost"), [(300, 0), (0, 300)])
def test_what_memory_says_does_not_change_what_it_will_remember(won: int, lost: int) -> None:
    market = agreeing(LONG)
    quiet = decide(market, FIVE)
    assert quiet.setup is not None
    said = decide(replace(market, memory=memory_of(quiet.setup, market, won=won, lost=lost)), FIVE)
    assert said.score != quiet.score
    assert said.setup == quiet.setup


def test_without_a_direction_nothing_is_compared() -> None:
    market = replace(leaning_market(LONG), candles={}, memory=Memory(at_ms=0))
    decision = decide(market, FIVE)
    assert (decision.setup, decision.shares) == (None, ())
    assert decision.layers[-1].coverage == 0.0
    assert "no direction" in decision.layers[-1].evidence[0].text


def test_layers_that_are_off_are_neither_asked_nor_tell_a_regime() -> None:
    decision = decide(agreeing(LONG, Regime.RISK_OFF), TWO)
    assert [layer.layer for layer in decision.layers] == [TECHNICAL, ORDERFLOW]
    assert (decision.regime, decision.regime_multiplier) == (Regime.UNKNOWN, 1.0)


@pytest.mark.parametrize("direction", Direction)
@pytest.mark.parametrize("regime", Regime)
def test_providers_that_die_one_after_another_stop_the_signals_and_living_ones_bring_them_back(
    direction: Direction, regime: Regime
) -> None:
    whole = agreeing(direction, None if regime is Regime.UNKNOWN else regime)
    setup = decide(whole, FIVE).setup
    assert setup is not None
    whole = replace(whole, memory=memory_of(setup, whole, won=30, lost=5))
    states = [whole]
    for part in ("memory", "onchain", "order_flow", "sentiment"):
        states.append(without(states[-1], part))
    decisions = [decide(state, FIVE) for state in states]
    coverages = [decision.coverage for decision in decisions]
    assert coverages == sorted(coverages, reverse=True)
    assert len(set(coverages)) == len(coverages)
    scores = [decision.score for decision in decisions[:4]]
    assert scores == sorted(scores, reverse=True)
    assert Discard.LOW_COVERAGE not in decisions[0].discards
    assert Discard.LOW_COVERAGE in decisions[3].discards
    assert not decisions[4].is_signal
    assert decide(whole, FIVE) == decisions[0]


@settings(max_examples=60)
@given(view=outside_views(), part=parts)
def test_part_that_did_not_object_never_helps_by_going(
    view: tuple[Direction, MarketSnapshot], part: str
) -> None:
    direction, market = view
    there = decide(market, FIVE)
    said = next(layer for layer in there.layers if layer.layer is PARTS[part])
    assume(direction.support(said.bullishness) >= NEUTRAL)
    assert is_no_better(decide(silenced(market, part), FIVE), there)


@settings(max_examples=60)
@given(view=outside_views())
def test_regime_nobody_tells_any_more_never_helps(view: tuple[Direction, MarketSnapshot]) -> None:
    _, market = view
    there, gone = decide(market, FIVE), decide(silenced(market, "sentiment"), FIVE)
    assert gone.regime is Regime.UNKNOWN
    assert gone.regime_multiplier <= there.regime_multiplier


def test_objection_of_a_lapsed_regime_holds_and_its_favour_does_not() -> None:
    multipliers = {
        direction: decide(silenced(agreeing(direction, Regime.RISK_OFF), "sentiment"), FIVE)
        for direction in Direction
    }
    assert multipliers[LONG].regime_multiplier == FIVE.confluence.against_regime
    assert multipliers[Direction.SHORT].regime_multiplier == FIVE.confluence.unknown_regime
    regime = next(
        item for item in multipliers[LONG].layers[3].evidence if item.name == "market_regime"
    )
    assert regime.text == "Market regime not known: risk-off until 40 min ago"


@settings(max_examples=60)
@given(
    view=outside_views(), part=st.sampled_from(["onchain", "sentiment"]), minutes=st.floats(0, 99)
)
def test_part_whose_providers_fall_silent_never_helps_by_growing_old(
    view: tuple[Direction, MarketSnapshot], part: str, minutes: float
) -> None:
    _, market = view
    reading = getattr(market, part)
    assume(reading is not None)
    older = replace(reading, answered_ms=reading.answered_ms - round(minutes * MINUTE_MS))
    aged = replace(market, **{part: older})
    assert is_no_better(decide(aged, FIVE), decide(market, FIVE))


@settings(max_examples=40)
@given(view=outside_views(), part=parts)
def test_score_told_without_a_layer_is_that_of_a_market_without_it(
    view: tuple[Direction, MarketSnapshot], part: str
) -> None:
    _, market = view
    there, gone = decide(market, FIVE), decide(without(market, part), FIVE)
    assume(gone.regime is there.regime)
    assert share_of(there, PARTS[part]) == pytest.approx(gone.score)
