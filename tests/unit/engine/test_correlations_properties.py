"""Correlations: the same as by the textbook, and nothing that comes later changes them."""

import statistics
from datetime import timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.correlations import CorrelationParameters, CorrelationState
from tests.unit.engine.candles_of_returns import AS_OF, LAST, make_series

PARAMETERS = CorrelationParameters(returns=24, least_common_returns=12)
SYMBOLS = ("AUSDT", "BUSDT", "CUSDT")

markets = st.tuples(st.integers(0, 2**32 - 1), st.integers(0, 30))
"""A seed, and how many hours are told later than the instant asked about."""


def make_returns(seed: int, count: int) -> list[list[float]]:
    random = Random(seed)
    common = [random.gauss(0, 0.01) for _ in range(count)]
    return [[each + random.gauss(0, 0.01) for each in common] for _ in SYMBOLS]


@settings(max_examples=60)
@given(markets)
def test_later_candles_change_nothing(market: tuple[int, int]) -> None:
    seed, later = market
    returns = make_returns(seed, 40 + later)
    early, late = CorrelationState(PARAMETERS), CorrelationState(PARAMETERS)
    for symbol, each in zip(SYMBOLS, returns, strict=True):
        early.observe(symbol, make_series(each[:40]))
        late.observe(symbol, make_series(each, LAST + later))
    late.correlations(AS_OF + timedelta(hours=later), SYMBOLS)
    assert late.correlations(AS_OF, SYMBOLS) == early.correlations(AS_OF, SYMBOLS)


@settings(max_examples=60)
@given(markets)
def test_values_are_those_of_the_standard_library(market: tuple[int, int]) -> None:
    returns = make_returns(market[0], 30)
    state = CorrelationState(PARAMETERS)
    for symbol, each in zip(SYMBOLS, returns, strict=True):
        state.observe(symbol, make_series(each))
    found = state.correlations(AS_OF, SYMBOLS)
    assert len(found.values) == 3
    for (one, other), value in found.values.items():
        first, second = (returns[SYMBOLS.index(symbol)][-24:] for symbol in (one, other))
        assert value == pytest.approx(statistics.correlation(first, second))


@settings(max_examples=40)
@given(markets, st.lists(st.integers(1, 39), max_size=5))
def test_answer_does_not_depend_on_how_candles_came(
    market: tuple[int, int], cuts: list[int]
) -> None:
    returns = make_returns(market[0], 40)
    whole, parts = CorrelationState(PARAMETERS), CorrelationState(PARAMETERS)
    for symbol, each in zip(SYMBOLS, returns, strict=True):
        series = make_series(each)
        whole.observe(symbol, series)
        for cut in (*cuts, 40):
            parts.observe(symbol, make_series(each[:cut], LAST - 40 + cut))
        parts.observe(symbol, series)
    assert parts.correlations(AS_OF, SYMBOLS) == whole.correlations(AS_OF, SYMBOLS)
