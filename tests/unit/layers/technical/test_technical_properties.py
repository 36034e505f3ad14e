"""Promises that hold for any market: symmetry, no look-ahead, same bits whichever way computed."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.timeframes import ANCHORED_WINDOWS, Timeframe
from layers.technical import (
    TechnicalParameters,
    TechnicalScores,
    score_history,
    score_snapshots,
)
from tests.unit.layers.technical.markets import (
    Floats,
    Market,
    anchored_only,
    bits,
    columns_of,
    mirrored,
    random_market,
    seen_at,
    series_of,
    snapshot,
)

PARAMETERS = TechnicalParameters()
BLOCK = ANCHORED_WINDOWS[Timeframe.M15].block
seeds = st.integers(0, 2**32 - 1)


def score(*markets: Market) -> TechnicalScores:
    return score_snapshots([snapshot(market) for market in markets], PARAMETERS)


@settings(max_examples=60)
@given(seed=seeds, missing=st.sampled_from([(), ("1h",), ("5m",), ("1m",), ("1h", "1m")]))
def test_a_mirrored_market_gets_the_mirrored_score(seed: int, missing: tuple[str, ...]) -> None:
    whole = random_market(seed, candles=1200)
    market = {key: series for key, series in whole.items() if key.value not in missing}
    about = market[Timeframe.M15].value(3, -1)
    scores = score(market, mirrored(market, about))
    told = scores.explanation
    upright, flipped = 0, 1
    assert scores.components[flipped] == pytest.approx(100.0 - scores.components[upright], abs=1e-6)
    assert scores.bullishness[flipped] == pytest.approx(100.0 - scores.bullishness[upright])
    assert told.rising[flipped] == pytest.approx(told.falling[upright], abs=1e-6)
    assert told.falling[flipped] == pytest.approx(told.rising[upright], abs=1e-6)
    assert told.others[flipped] == pytest.approx(-told.others[upright], abs=1e-6, nan_ok=True)
    assert told.backdrop[flipped] == pytest.approx(-told.backdrop[upright], abs=1e-6)
    assert told.multiplier[flipped] == pytest.approx(told.multiplier[upright], abs=1e-6)
    assert scores.trend[flipped] == pytest.approx(-scores.trend[upright], abs=1e-6)
    assert scores.atr[flipped] == pytest.approx(scores.atr[upright])
    assert scores.coverage[flipped] == scores.coverage[upright]
    assert scores.signs[flipped] == -scores.signs[upright]
    assert scores.support_count_long[flipped] == scores.support_count_short[upright]
    assert scores.support_count_short[flipped] == scores.support_count_long[upright]


@settings(max_examples=25)
@given(seed=seeds, data=st.data())
def test_history_row_equals_the_snapshot_of_that_moment_bit_by_bit(
    seed: int, data: st.DataObject
) -> None:
    market = random_market(seed)
    history = score_history(market, PARAMETERS)
    edge = -int(history.indices[0]) % BLOCK
    rows = {0, edge - 1, edge, len(history) - 1, data.draw(st.integers(0, len(history) - 1))}
    for row in sorted(rows):
        live = score(seen_at(market, int(history.indices[row])))
        assert bits(live, [0]) == bits(history, [row])


@settings(max_examples=25)
@given(seed=seeds, back=st.integers(0, BLOCK))
def test_scores_do_not_depend_on_history_before_the_anchor(seed: int, back: int) -> None:
    market = random_market(seed, candles=2200)
    number = market[Timeframe.M15].last_index - back
    everything, no_more_than_needed = seen_at(market, number), anchored_only(market, number)
    assert len(no_more_than_needed[Timeframe.M15]) < len(everything[Timeframe.M15])
    assert bits(score(everything), [0]) == bits(score(no_more_than_needed), [0])


@settings(max_examples=25)
@given(seed=seeds, back=st.integers(1, 400))
def test_candles_after_a_row_change_nothing_at_it(seed: int, back: int) -> None:
    market = random_market(seed, candles=1000)
    number = market[Timeframe.M15].last_index - back
    other = _changed_after(market, number, seed)
    before, after = score_history(market, PARAMETERS), score_history(other, PARAMETERS)
    untouched = np.flatnonzero(before.indices <= number).tolist()
    assert bits(before, untouched) == bits(after, untouched)
    assert bits(before, [-1]) != bits(after, [-1])


def _changed_after(market: Market, number: int, seed: int) -> Market:
    """Every candle that closes after 15m candle `number` is replaced by nonsense."""
    rng = np.random.default_rng(seed)
    changed = {}
    boundary = (number + 1) * Timeframe.M15.milliseconds
    for timeframe, series in market.items():
        columns = columns_of(series)
        first = timeframe.last_closed_index(boundary) + 1 - series.first_index
        columns[:, first:] *= rng.uniform(0.5, 2.0, columns[:, first:].shape)
        changed[timeframe] = series_of(timeframe, series.first_index, columns)
    return changed


@settings(max_examples=20)
@given(seed=seeds, lengths=st.lists(st.integers(1, 1600), min_size=2, max_size=6))
def test_a_batch_equals_each_of_its_pairs_alone_bit_by_bit(seed: int, lengths: list[int]) -> None:
    late = [(length % 3 == 0) for length in lengths]
    markets = [
        random_market(seed + position, candles=length, last=1_950_123 - is_late)
        for position, (length, is_late) in enumerate(zip(lengths, late, strict=True))
    ]
    together = score(*markets)
    for row, market in enumerate(markets):
        assert bits(score(market), [0]) == bits(together, [row])


@settings(max_examples=40)
@given(
    seed=seeds,
    kind=st.sampled_from(["calm", "jumps", "flat", "no volume", "stopped", "tiny prices"]),
    candles=st.sampled_from([1, 2, 14, 15, 60, 199, 200, 201, 700]),
)
def test_scores_stay_in_range_whatever_the_market(seed: int, kind: str, candles: int) -> None:
    market = _odd(random_market(seed, candles=candles), kind, seed)
    for scores in (score(market), score_history(market, PARAMETERS)):
        assert_in_range(scores)


def _odd(market: Market, kind: str, seed: int) -> Market:
    return {
        timeframe: series_of(
            timeframe, series.first_index, _odd_columns(columns_of(series), kind, seed)
        )
        for timeframe, series in market.items()
    }


def _odd_columns(columns: Floats, kind: str, seed: int) -> Floats:
    prices = slice(0, 4)
    if kind == "jumps":
        rng = np.random.default_rng(seed)
        columns[prices] *= np.exp(np.cumsum(rng.choice([0.0, 3.0, -3.0], columns.shape[1])) % 9.0)
    elif kind == "flat":
        columns[prices] = 400.0
    elif kind == "no volume":
        columns[4:] = 0.0
    elif kind == "stopped":
        half = columns.shape[1] // 2
        columns[prices, half:] = columns[3, half - 1]
        columns[4:, half:] = 0.0
    elif kind == "tiny prices":
        columns[prices] *= 1e-9
    return columns


def assert_in_range(scores: TechnicalScores) -> None:
    for array in (scores.bullishness, scores.components):
        assert np.isfinite(array).all()
        assert ((array >= 0.0) & (array <= 100.0)).all()
    assert ((scores.coverage >= 0.0) & (scores.coverage <= 1.0)).all()
    assert ((scores.trend >= -1.0) & (scores.trend <= 1.0)).all()
    told = scores.explanation
    for confidence in (told.rising, told.falling):
        assert ((confidence >= 0.0) & (confidence <= 100.0)).all()
    assert ((told.multiplier >= 0.5) & (told.multiplier <= 1.5)).all()
    assert (scores.components[np.isnan(told.values)] == 50.0).all()
    for row in range(0, len(scores), 97):
        evidence = scores.layer_score(row).evidence
        assert all(0 < len(each.text) <= 70 and each.text[-1] != "." for each in evidence)
        assert sum(each.weight for each in evidence) == pytest.approx(1.0)
