"""No close that could be a signal is left out, and none knows what comes after it."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candles import CandleSeries
from domain.decisions import Decision
from domain.errors import InvalidDataError
from domain.evidence import LayerName
from domain.market import MarketSnapshot
from domain.market_regime import Regime
from domain.memory import FEATURES, Likeness, Memory, Origin, OutcomeCount
from domain.order_flow import OrderFlow
from domain.sentiment import RegimeReading, Sentiment
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, from_ms, to_ms
from engine.backtest.candidates import Candidates, find_candidates
from engine.backtest.observations import NOTHING_OBSERVED, Observations, observed_at
from engine.backtest.values import Observation, PairHistory, TestedStrategy
from engine.confluence_parameters import ConfluenceParameters
from engine.decide import DecisionParameters, decide, decide_rows
from tests.builders.any_order_flow import order_flows
from tests.unit.layers.technical.markets import (
    INSTRUMENT,
    Market,
    bits,
    columns_of,
    mirrored,
    random_market,
    seen_at,
    series_of,
)

EPOCH, NEVER = from_ms(0), from_ms(10**13)
CANDLES = 1200
ROWS = 40
MEMORY_OF_LONGS = OutcomeCount(trades=60, wins=55, total_r=70.0)

seeds = st.integers(0, 2**32 - 1)
thresholds = st.floats(50.0, 75.0)


@dataclass
class EveryOtherClose(Observations):
    """The same flow and regime, as of every other close."""

    flow: OrderFlow | None
    regime: Regime | None

    def observation(self, symbol: str, as_of: datetime) -> Observation | None:
        at_ms = to_ms(as_of)
        if at_ms // Timeframe.M15.milliseconds % 2:
            return None
        return Observation(
            known_at=as_of, order_flow=self._flow(at_ms), sentiment=self._sentiment(at_ms)
        )

    def _flow(self, at_ms: int) -> OrderFlow | None:
        if self.flow is None:
            return None
        book, tape, positions = self.flow.book, self.flow.tape, self.flow.derivatives
        return replace(
            self.flow,
            book=None if book is None else replace(book, exchange_ms=at_ms),
            tape=None if tape is None else replace(tape, at_ms=at_ms),
            derivatives=None if positions is None else replace(positions, at_ms=at_ms),
        )

    def _sentiment(self, at_ms: int) -> Sentiment | None:
        if self.regime is None:
            return None
        reading = RegimeReading(
            regime=self.regime,
            since_ms=at_ms,
            btc_change_percent=1.5,
            cap_change_percent=1.0,
            dominance_change_points=0.0,
        )
        return Sentiment(at_ms=at_ms, answered_ms=at_ms, regime=reading)


def listed(market: Market) -> PairHistory:
    """A pair that is so young that nothing of it only warms up."""
    return PairHistory(
        instrument=INSTRUMENT,
        candles=market,
        finest=Timeframe.M1,
        listed_ms=market[Timeframe.M15].first_index * Timeframe.M15.milliseconds,
    )


def strategy_of(threshold: float, *layers: LayerName, needed: int = 2) -> TestedStrategy:
    confluence = ConfluenceParameters(
        layers=layers,
        medium_threshold=threshold,
        minimum_coverage=0.3,
        coverage_penalty=0.1,
        minimum_supporting_layers=needed,
    )
    return TestedStrategy(decision=DecisionParameters(confluence=confluence))


def found_in(
    market: Market, strategy: TestedStrategy, observed: Observations = NOTHING_OBSERVED
) -> Candidates:
    return find_candidates(listed(market), strategy, begin_of(market), NEVER, observed)


def begin_of(market: Market) -> datetime:
    """The first of the newest closes, which are those that tests look at."""
    return market[Timeframe.M15].closed_at - (ROWS - 1) * Timeframe.M15.length


def snapshots_of(
    market: Market, observed: Observations, memory: Memory | None
) -> list[MarketSnapshot]:
    first = market[Timeframe.M15].last_index - ROWS + 1
    found = []
    for number in range(first, market[Timeframe.M15].last_index + 1):
        as_of = from_ms((number + 1) * Timeframe.M15.milliseconds)
        seen = observed_at(observed, INSTRUMENT.symbol, as_of)
        found.append(
            MarketSnapshot(
                instrument=INSTRUMENT,
                as_of=as_of,
                candles=seen_at(market, number),
                order_flow=None if seen is None else seen.order_flow,
                sentiment=None if seen is None else seen.sentiment,
                memory=None if memory is None else replace(memory, at_ms=to_ms(as_of)),
            )
        )
    return found


def decisions_of(
    market: Market,
    strategy: TestedStrategy,
    observed: Observations = NOTHING_OBSERVED,
    memory: Memory | None = None,
) -> list[Decision]:
    snapshots = snapshots_of(market, observed, memory)
    return [decide(each, strategy.decision) for each in snapshots]


def closes_of(candidates: Candidates) -> set[datetime]:
    return {candidates.scores.closed_at(row) for row in range(len(candidates.scores))}


@settings(max_examples=5, deadline=None)
@given(seed=seeds, threshold=thresholds)
def test_candles_alone_leave_out_no_signal_and_explain_what_they_leave_out(
    seed: int, threshold: float
) -> None:
    market, strategy = (
        random_market(seed, candles=CANDLES),
        strategy_of(threshold, LayerName.TECHNICAL),
    )
    candidates, decisions = found_in(market, strategy), decisions_of(market, strategy)
    signals = {each.as_of for each in decisions if each.is_signal}
    assert signals == closes_of(candidates)
    assert candidates.decided == len(decisions)
    told = [reason for each in decisions for reason in each.discards]
    assert candidates.discards == {reason: told.count(reason) for reason in set(told)}


@settings(max_examples=5, deadline=None)
@given(
    seed=seeds,
    threshold=thresholds,
    flow=st.none() | order_flows(),
    regime=st.none() | st.sampled_from(Regime),
    layers=st.sets(st.sampled_from(list(LayerName))),
    needed=st.integers(1, 3),
    remembers=st.booleans(),
)
def test_no_answer_of_another_layer_makes_a_signal_of_what_was_left_out(
    seed: int,
    threshold: float,
    flow: OrderFlow | None,
    regime: Regime | None,
    layers: set[LayerName],
    needed: int,
    remembers: bool,
) -> None:
    market = random_market(seed, candles=CANDLES)
    on = tuple(each for each in LayerName if each in layers | {LayerName.TECHNICAL})
    strategy, observed = strategy_of(threshold, *on, needed=needed), EveryOtherClose(flow, regime)
    memory = _memory_of_all(found_in(market, strategy), strategy) if remembers else None
    decisions = decisions_of(market, strategy, observed, memory)
    signals = {each.as_of for each in decisions if each.is_signal}
    assert signals <= closes_of(found_in(market, strategy, observed))


def _memory_of_all(candidates: Candidates, strategy: TestedStrategy) -> Memory:
    """Every setup that comes was won nearly always before."""
    counts: dict[Likeness, Mapping[Origin, OutcomeCount]] = {}
    rows = range(len(candidates.scores))
    snapshots = [
        MarketSnapshot(instrument=INSTRUMENT, as_of=candidates.scores.closed_at(row), candles={})
        for row in rows
    ]
    for decision in decide_rows(snapshots, candidates.scores, rows, strategy.decision):
        if decision.setup is not None:
            for features in range(1, len(FEATURES) + 1):
                likeness = decision.setup.likeness(features)
                counts[likeness] = {Origin.LIVE: MEMORY_OF_LONGS}
    return Memory(at_ms=0, counts=counts)


@settings(max_examples=20, deadline=None)
@given(seed=seeds, cut=st.integers(1, 30), shift=st.integers(1, 40))
def test_candidates_up_to_a_close_do_not_change_with_what_comes_after_it(
    seed: int, cut: int, shift: int
) -> None:
    market, strategy = random_market(seed, candles=CANDLES), strategy_of(52.0, LayerName.TECHNICAL)
    boundary = (market[Timeframe.M15].last_index - cut + 1) * Timeframe.M15.milliseconds
    other = {key: _altered(series, boundary, shift) for key, series in market.items()}
    one, two = (
        find_candidates(listed(each), strategy, begin_of(each), from_ms(boundary + 1))
        for each in (market, other)
    )
    whole = found_in(other, strategy)
    rows = range(len(one.scores))
    assert bits(one.scores, rows) == bits(two.scores, range(len(two.scores)))
    assert bits(one.scores, rows) == bits(whole.scores, rows)
    assert one.discards == two.discards


def _altered(series: CandleSeries, boundary: int, shift: int) -> CandleSeries:
    columns = columns_of(series)
    begin = boundary // series.timeframe.milliseconds - series.first_index
    columns[:4, begin:] += shift
    return series_of(series.timeframe, series.first_index, columns)


@settings(max_examples=20, deadline=None)
@given(seed=seeds)
def test_mirrored_market_has_the_mirrored_candidates(seed: int) -> None:
    market, strategy = random_market(seed, candles=CANDLES), strategy_of(52.0, LayerName.TECHNICAL)
    flipped = mirrored(market, 1024.0)
    upright, mirror = found_in(market, strategy), found_in(flipped, strategy)
    assert upright.scores.indices.tolist() == mirror.scores.indices.tolist()
    assert np.array_equal(upright.scores.signs, -mirror.scores.signs)


@settings(max_examples=20, deadline=None)
@given(seed=seeds, threshold=thresholds)
def test_rows_of_a_history_are_decided_on_as_the_snapshot_of_their_moment(
    seed: int, threshold: float
) -> None:
    market, strategy = (
        random_market(seed, candles=CANDLES),
        strategy_of(threshold, LayerName.TECHNICAL),
    )
    candidates = found_in(market, strategy)
    by_close = {each.as_of: each for each in snapshots_of(market, NOTHING_OBSERVED, None)}
    rows = range(len(candidates.scores))
    snapshots = [by_close[candidates.scores.closed_at(row)] for row in rows]
    fast = decide_rows(snapshots, candidates.scores, rows, strategy.decision)
    assert repr(fast) == repr([decide(each, strategy.decision) for each in snapshots])


def test_only_closes_of_the_span_are_scored() -> None:
    market, strategy = random_market(5, candles=CANDLES), strategy_of(50.0, LayerName.TECHNICAL)
    last = market[Timeframe.M15].closed_at
    start, end = last - timedelta(hours=8), last - timedelta(hours=1)
    found = find_candidates(listed(market), strategy, start, end)
    closes = closes_of(found_in(market, strategy))
    assert closes_of(found) == {each for each in closes if start <= each < end}
    assert closes_of(found) < closes
    assert found.decided == (end - start) // timedelta(minutes=15)


def test_closes_whose_windows_reach_back_beyond_the_history_only_warm_up() -> None:
    market, strategy = random_market(5, candles=2300), strategy_of(50.0, LayerName.TECHNICAL)
    grown = replace(listed(market), listed_ms=None)
    found = find_candidates(grown, strategy, EPOCH, NEVER)
    assert found.warming_up + found.decided == 2300
    first = market[Timeframe.M15].first_index + found.warming_up
    assert reaches_back(market, first)
    assert not reaches_back(market, first - 1)


def reaches_back(market: Market, number: int) -> bool:
    closed_ms = (number + 1) * Timeframe.M15.milliseconds
    return all(
        ANCHORED_WINDOWS[key].start_of(key.last_closed_index(closed_ms)) >= series.first_index
        for key, series in market.items()
    )


def test_observation_from_the_future_is_refused() -> None:
    class Prophet(Observations):
        def observation(self, symbol: str, as_of: datetime) -> Observation:
            return Observation(known_at=as_of + timedelta(seconds=1))

    strategy = strategy_of(50.0, LayerName.TECHNICAL, LayerName.ORDERFLOW)
    with pytest.raises(InvalidDataError, match="was only known at"):
        found_in(random_market(5, candles=CANDLES), strategy, Prophet())
