"""What lets a backtest skip minutes is held against the live code that it skips."""

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.candles import Candle, CandleSeries
from domain.directions import Direction
from domain.evidence import LayerName, LayerScore
from domain.signals import FollowedSignal, SignalState
from domain.timeframes import Timeframe, to_ms
from engine.backtest.day_estimate import DayEstimate
from engine.backtest.foresight import next_event_ms
from engine.backtest.reach import reach_of
from engine.confluence import combine
from engine.confluence_parameters import ConfluenceParameters
from engine.lifecycle import next_candle_index, start_course
from engine.lifecycle.quiet import is_quiet
from layers.technical import TechnicalParameters, reordered, score_history
from risk.day import compute_day
from tests.unit.engine.minutes import make_minutes
from tests.unit.layers.technical.markets import random_market
from tests.unit.risk.trade_builders import make_round_signal

OPEN_STATES = (SignalState.TRIGGERED, SignalState.TP1, SignalState.TP2)

Path = list[tuple[float, float, float, float]]

seeds = st.integers(0, 2**32 - 1)


def wandering(seed: int) -> Path:
    """More minutes than the longest hold, as gains from the entry; the stop lies 2 away."""
    rng = np.random.default_rng(seed)
    closes = np.round(np.cumsum(rng.normal(0.0, rng.uniform(0.05, 0.4), 130)), 2)
    reach = np.round(np.abs(rng.normal(0.0, 0.3, (2, 130))), 2)
    return [
        (close, close + up, close - down, close)
        for close, up, down in zip(closes.tolist(), *reach.tolist(), strict=True)
    ]


def open_trade(direction: Direction, state: SignalState = SignalState.TRIGGERED) -> FollowedSignal:
    signal = make_round_signal(direction)
    course = replace(
        start_course(signal),
        state=state,
        triggered_at=signal.decision.as_of + timedelta(minutes=1),
        extreme=signal.plan.targets[1].price if state is SignalState.TP2 else None,
    )
    return FollowedSignal(signal=signal, course=course, ledger_hash="")


def series_of(path: Path, direction: Direction) -> CandleSeries:
    return CandleSeries.of(make_minutes(path, direction))


@settings(max_examples=40, deadline=None)
@given(
    seed=seeds,
    direction=st.sampled_from(Direction),
    state=st.sampled_from(OPEN_STATES),
)
def test_no_candle_that_the_follower_would_look_at_is_passed_over(
    seed: int, direction: Direction, state: SignalState
) -> None:
    followed, series = open_trade(direction, state), series_of(wandering(seed), direction)
    first = next_candle_index(followed.signal, followed.course) - series.first_index
    candles: list[Candle] = [series.candle(at) for at in range(first, len(series))]
    eventful = [each for each in candles if not is_quiet(followed.signal, followed.course, each)]
    assert next_event_ms(followed, series) == to_ms(eventful[0].closed_at)


@settings(max_examples=40, deadline=None)
@given(seed=seeds, direction=st.sampled_from(Direction), step=st.floats(0.5, 3.0))
def test_no_minute_at_which_the_day_reaches_a_step_is_passed_over(
    seed: int, direction: Direction, step: float
) -> None:
    followed, series = open_trade(direction), series_of(wandering(seed), direction)
    equity, symbol = Decimal(10_000), followed.signal.plan.symbol
    estimate = DayEstimate(equity=10_000.0, step_percent=step, series=lambda _symbol: series)
    first_ms, stop_ms = to_ms(series.candle(0).closed_at), next_event_ms(followed, series)
    danger = estimate.next_danger_ms([followed], [], first_ms, stop_ms)
    for at in range(len(series)):
        candle = series.candle(at)
        day = compute_day(
            candle.closed_at.date(),
            equity,
            ended=[],
            live=[followed],
            prices={symbol: Decimal(repr(candle.close))},
        )
        is_reached = day.total_percent <= -Decimal(repr(step))
        if to_ms(candle.closed_at) < stop_ms and is_reached:
            assert danger is not None
            assert danger <= to_ms(candle.closed_at)


@pytest.mark.parametrize("layers", [tuple(LayerName), (LayerName.TECHNICAL, LayerName.MEMORY)])
@pytest.mark.parametrize("seed", [0, 1, 2])
def test_reach_is_the_score_when_every_other_layer_says_the_best(
    seed: int, layers: tuple[LayerName, ...]
) -> None:
    parameters = ConfluenceParameters(layers=layers)
    market = random_market(seed, candles=1200)
    last = market[Timeframe.M15].last_index
    scores = score_history(market, TechnicalParameters(), first=last - 40)
    scores = reordered(scores, np.flatnonzero(scores.signs).tolist())
    others = [each for each in layers if each is not LayerName.TECHNICAL]
    speaks: dict[LayerName, Any] = {each: np.ones(len(scores), dtype=np.bool_) for each in others}
    reach = reach_of(scores, speaks, parameters)
    assert len(scores)
    for row in range(len(scores)):
        direction, as_of = scores.direction(row), scores.closed_at(row)
        assert direction is not None
        best = 100.0 if direction is Direction.LONG else 0.0
        said = [LayerScore(each, best, 0.0, 1.0, ()) for each in others]
        multiplier = parameters.with_regime if LayerName.SENTIMENT in layers else 1.0
        combined = combine(
            direction, [scores.layer_score(row, as_of), *said], multiplier, as_of, parameters
        )
        assert min(100.0, reach.score[row]) == pytest.approx(combined.score)
        assert reach.coverage[row] == pytest.approx(combined.coverage)
        assert reach.threshold[row] == combined.threshold
