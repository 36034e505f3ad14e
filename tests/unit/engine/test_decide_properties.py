"""Promises of the decision function for any market."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candles import CLOSE, CandleSeries
from domain.decisions import Decision
from domain.market import MarketSnapshot
from domain.timeframes import Timeframe
from engine.decide import DecisionParameters, decide, decide_all
from tests.unit.engine.layer_scores import ALONE
from tests.unit.layers.technical.markets import (
    Market,
    columns_of,
    mirrored,
    random_market,
    seen_at,
    series_of,
    snapshot,
)

PARAMETERS = DecisionParameters(confluence=ALONE)
EAGER = DecisionParameters(confluence=replace(ALONE, medium_threshold=57.0, high_threshold=62.0))
"""Most markets with a direction give a signal."""

seeds = st.integers(0, 2**32 - 1)


@settings(max_examples=60)
@given(seed=seeds, missing=st.sampled_from([(), ("1h",), ("5m",), ("1m",), ("1h", "1m")]))
def test_mirrored_market_gives_the_mirrored_decision(seed: int, missing: tuple[str, ...]) -> None:
    whole = random_market(seed, candles=1200)
    market = {key: series for key, series in whole.items() if key.value not in missing}
    about = market[Timeframe.M15].value(CLOSE, -1)
    upright, flipped = decide_all([snapshot(market), snapshot(mirrored(market, about))], EAGER)
    if upright.direction is None or flipped.direction is None:
        assert upright.direction is flipped.direction
    else:
        assert flipped.direction is upright.direction.opposite
    assert flipped.score == pytest.approx(upright.score, abs=1e-6)
    assert flipped.raw_score == pytest.approx(upright.raw_score, abs=1e-6)
    assert flipped.atr == pytest.approx(upright.atr, abs=1e-6)
    assert flipped.atr_ratio == pytest.approx(upright.atr_ratio, abs=1e-6)
    for one, other in zip(upright.layers, flipped.layers, strict=True):
        assert other.bullishness == pytest.approx(100.0 - one.bullishness, abs=1e-6)
    if all(abs(upright.score - limit) > 1e-6 for limit in (upright.threshold, 62.0)):
        assert _unmirrored(flipped) == _unmirrored(upright)


def _unmirrored(decision: Decision) -> Decision:
    """What must be the same on both sides, bit for bit."""
    return replace(
        decision,
        direction=None,
        score=0,
        raw_score=0,
        atr=None,
        atr_ratio=None,
        layers=(),
        setup=None,
        shares=(),
    )


@settings(max_examples=20)
@given(seed=seeds, lengths=st.lists(st.integers(1, 1400), min_size=2, max_size=6))
def test_batch_decides_on_each_pair_as_if_it_were_alone(seed: int, lengths: list[int]) -> None:
    snapshots = [
        _named(snapshot(random_market(seed + k, candles=length, last=1_950_123)), f"P{k}USDT")
        for k, length in enumerate(lengths)
    ]
    together = decide_all(snapshots, EAGER)
    alone = [decide(one, EAGER) for one in snapshots]
    assert [repr(decision) for decision in together] == [repr(decision) for decision in alone]
    assert [decision.symbol for decision in together] == [f"P{k}USDT" for k in range(len(lengths))]


def _named(one: MarketSnapshot, symbol: str) -> MarketSnapshot:
    return replace(one, instrument=replace(one.instrument, symbol=symbol))


@settings(max_examples=25)
@given(seed=seeds, back=st.integers(1, 300))
def test_what_happens_later_changes_no_decision(seed: int, back: int) -> None:
    market = random_market(seed, candles=900)
    number = market[Timeframe.M15].last_index - back
    other = {timeframe: _nonsense_after(timeframe, market, number, seed) for timeframe in Timeframe}
    before = decide(snapshot(seen_at(market, number)), EAGER)
    after = decide(snapshot(seen_at(other, number)), EAGER)
    assert repr(before) == repr(after)


def _nonsense_after(timeframe: Timeframe, market: Market, number: int, seed: int) -> CandleSeries:
    series = market[timeframe]
    columns = columns_of(series)
    boundary = (number + 1) * Timeframe.M15.milliseconds
    first = timeframe.last_closed_index(boundary) + 1 - series.first_index
    columns[:, first:] *= np.random.default_rng(seed).uniform(0.5, 2.0, columns[:, first:].shape)
    return series_of(timeframe, series.first_index, columns)


@settings(max_examples=60)
@given(
    seed=seeds,
    candles=st.sampled_from([1, 2, 14, 15, 199, 200, 201, 700]),
    kind=st.sampled_from(["usual", "flat", "no volume", "wild"]),
)
def test_decision_is_in_range_and_consistent_whatever_the_market(
    seed: int, candles: int, kind: str
) -> None:
    decision = decide(snapshot(_odd(random_market(seed, candles=candles), kind)), EAGER)
    assert 0 <= decision.score <= 100
    assert 0 <= decision.raw_score <= 100
    assert 0 <= decision.coverage <= 1
    assert decision.is_signal is (not decision.discards) is (decision.tier is not None)
    assert decision.is_signal <= (decision.direction is not None)
    assert decision.is_signal <= (decision.score >= decision.threshold)
    if decision.direction is None:
        assert decision.score == decision.raw_score == 50.0
    if decision.is_signal:
        assert decision.atr is not None
        assert decision.atr_ratio is not None
        assert candles >= PARAMETERS.technical.minimum_candles


def _odd(market: Market, kind: str) -> Market:
    changed = {}
    for timeframe, series in market.items():
        columns = columns_of(series)
        if kind == "flat":
            columns[:4] = 400.0
        elif kind == "no volume":
            columns[4:] = 0.0
        elif kind == "wild":
            columns[:4] *= np.exp(np.arange(columns.shape[1]) % 7)
        changed[timeframe] = series_of(timeframe, series.first_index, columns)
    return changed
