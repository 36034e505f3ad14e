"""The guards of a backtest: a decision that knew the future, or another past, is found."""

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest

from domain.candles import CLOSE, HIGH, CandleSeries
from domain.decisions import Decision
from domain.errors import InvalidDataError
from domain.market import MarketSnapshot
from domain.timeframes import ANCHORED_WINDOWS, Timeframe
from engine.backtest.guards import (
    Guard,
    Judged,
    Sample,
    find_disagreements,
    refuse_disagreements,
)
from engine.decide import DecisionParameters, decide
from tests.unit.engine.layer_scores import ALONE
from tests.unit.layers.technical.markets import random_market, snapshot

PARAMETERS = DecisionParameters(confluence=ALONE)
M15 = Timeframe.M15


def live(seen: MarketSnapshot) -> Decision:
    return decide(seen, PARAMETERS)


def judged(seed: int = 3) -> Judged:
    seen = snapshot(random_market(seed, candles=2300))
    return Judged(snapshot=seen, decision=live(seen))


def with_other_candles(seen: MarketSnapshot, candles: CandleSeries) -> MarketSnapshot:
    return replace(seen, candles={**seen.candles, M15: candles})


def changed(series: CandleSeries, position: int, factor: float) -> CandleSeries:
    columns = np.asarray(series.columns).copy()
    columns[CLOSE, position] *= factor
    columns[HIGH, position] = max(columns[HIGH, position], columns[CLOSE, position])
    return CandleSeries(series.timeframe, series.first_index, memoryview(columns))  # type: ignore[arg-type] # numpy's stubs


def test_decisions_that_know_only_their_past_agree() -> None:
    assert find_disagreements([judged(seed) for seed in range(3)], live) == []


def test_a_decision_that_knew_another_market_is_named_with_its_fields() -> None:
    honest = judged()
    told = with_other_candles(honest.snapshot, changed(honest.snapshot.candles[M15], -1, 1.01))
    cheating = Judged(snapshot=honest.snapshot, decision=live(told))
    found = find_disagreements([cheating], live)
    assert {each.guard for each in found} == {Guard.LOOK_AHEAD, Guard.WARM_UP}
    assert all("close" in each.fields for each in found)
    with pytest.raises(InvalidDataError, match=r"2 of 1 recomputed.*look-ahead: BTCUSDT at"):
        refuse_disagreements(found, 1)


def test_a_decision_that_depends_on_how_much_is_loaded_fails_the_warm_up_guard_alone() -> None:
    honest = judged()
    assert len(honest.snapshot.candles[M15]) > ANCHORED_WINDOWS[M15].depth

    def counting(seen: MarketSnapshot) -> Decision:
        return replace(honest.decision, raw_score=float(len(seen.candles[M15])))

    counted = Judged(snapshot=honest.snapshot, decision=counting(honest.snapshot))
    [found] = find_disagreements([counted], counting)
    assert (found.guard, found.fields) == (Guard.WARM_UP, ("raw_score",))


def test_no_disagreement_is_no_error() -> None:
    refuse_disagreements([], 25)


@pytest.mark.parametrize("offered", [1, 7, 8, 9, 100, 1000])
def test_a_sample_stays_small_and_spreads_over_all_decisions(offered: int) -> None:
    sample, seen = Sample(8), judged()
    for number in range(offered):
        sample.add(seen.snapshot, numbered(seen.decision, number))
    kept = [int(each.decision.score) for each in sample.judged]
    assert kept[0] == 0
    assert min(offered, 4) <= len(kept) <= 8
    strides = {later - earlier for earlier, later in pairwise(kept)}
    assert len(strides) <= 1
    assert offered - kept[-1] <= max(strides, default=offered)


def test_a_sample_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="take at least 1"):
        Sample(0)


def numbered(decision: Decision, number: int) -> Decision:
    return replace(decision, score=float(number))
