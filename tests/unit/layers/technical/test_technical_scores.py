"""Directions, coverage and ages of whole scores."""

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from domain.directions import Direction
from domain.evidence import LayerName
from domain.parameters import Parameters
from domain.timeframes import Timeframe
from layers.technical import (
    Past,
    TechnicalParameters,
    TechnicalScores,
    score_histories,
    score_history,
    score_snapshots,
)
from layers.technical.indicator_parameters import Periods, RsiShape, VolumeShape
from layers.technical.parameters import INDICATOR_NAMES, IndicatorWeights
from layers.technical.pattern_parameters import BreakoutShape
from tests.unit.layers.technical.markets import (
    Floats,
    Market,
    columns_of,
    from_minutes,
    part,
    random_market,
    seen_at,
    series_of,
    snapshot,
)

PARAMETERS = TechnicalParameters()
MARKET = random_market(7, candles=1200)
ROWS_WHILE_YOUNG = 800


def score(market: Market = MARKET) -> TechnicalScores:
    return score_snapshots([snapshot(market)], PARAMETERS)


def trending(step: float) -> Floats:
    """1m columns that climb by waves, with more volume on the way up (for a positive step)."""
    count = 1600 * 15
    wave = 40.0 * np.abs(np.sin(np.arange(count) / 97.0))
    close = 1000.0 + step * (np.arange(count) / 20.0 + wave)
    opened = np.concatenate((close[:1], close[:-1]))
    volume = np.where((close - opened) * step > 0, 30.0, 10.0)
    high, low = np.maximum(opened, close) + 0.1, np.minimum(opened, close) - 0.1
    return np.vstack([opened, high, low, close, volume, volume / 2.0])


def test_a_clear_rise_is_long_and_a_clear_fall_is_short() -> None:
    for step, direction in ((1.0, Direction.LONG), (-1.0, Direction.SHORT)):
        history = score_history(from_minutes(trending(step), 29_000_000), PARAMETERS)
        found = [history.direction(row) for row in range(ROWS_WHILE_YOUNG, len(history))]
        assert found.count(direction) > len(found) / 3
        assert found.count(direction) > 4 * found.count(direction.opposite)


def test_pairs_scored_together_have_the_bits_of_each_alone() -> None:
    newest = MARKET[Timeframe.M15].last_index
    shorter = seen_at(MARKET, newest - 300)
    pasts = [
        Past(candles=MARKET),
        Past(candles=random_market(8, candles=1200)),
        Past(candles=shorter),
        Past(candles={}),
        Past(candles=MARKET, first=newest - 30),
    ]
    together = score_histories(pasts, PARAMETERS)
    for past, scores in zip(pasts, together, strict=True):
        alone = score_history(past.candles, PARAMETERS, first=past.first, last=past.last)
        for name in ("indices", "bullishness", "coverage", "components", "signs", "atr"):
            assert getattr(scores, name).tobytes() == getattr(alone, name).tobytes(), name
        for row in range(0, len(scores), 50):
            assert repr(scores.layer_score(row)) == repr(alone.layer_score(row))


def test_direction_needs_lean_and_enough_supporting_indicators() -> None:
    history = score_history(MARKET, PARAMETERS)
    above = history.bullishness > 55.0
    below = history.bullishness < 45.0
    is_long = above & (history.support_count_long >= 3)
    is_short = below & (history.support_count_short >= 3)
    assert (history.signs == is_long.astype(int) - is_short.astype(int)).all()
    assert is_long.any()
    assert is_short.any()
    stricter = replace(PARAMETERS, minimum_supporting=10)
    assert not score_history(MARKET, stricter).signs.any()


def test_support_counts_count_components_beyond_55_and_45() -> None:
    history = score_history(MARKET, PARAMETERS)
    assert (history.support_count_long == (history.components > 55.0).sum(axis=1)).all()
    assert (history.support_count_short == (history.components < 45.0).sum(axis=1)).all()


def test_score_is_the_weighted_mean_stretched_by_the_timeframes() -> None:
    scores = score()
    weights = np.array(PARAMETERS.weights.shares())
    raw = float(weights @ scores.components[0]) - 50.0
    expected = 50.0 + raw * scores.explanation.multiplier[0]
    assert scores.bullishness[0] == pytest.approx(expected)


def test_complete_candles_are_fully_covered() -> None:
    assert score().coverage[0] == pytest.approx(1.0)


@pytest.mark.parametrize("missing", list(Timeframe))
def test_a_missing_timeframe_costs_coverage_and_adds_no_lean(missing: Timeframe) -> None:
    history = score_history(MARKET, PARAMETERS)
    partial = {key: series for key, series in MARKET.items() if key is not missing}
    for number in history.indices[-40:].tolist():
        whole = score(seen_at(MARKET, number))
        less = score_snapshots(
            [replace(snapshot(seen_at(MARKET, number)), candles=seen_at(partial, number))],
            PARAMETERS,
        )
        assert less.coverage[0] < whole.coverage[0]
        if missing in {Timeframe.M1, Timeframe.M5}:
            assert abs(less.bullishness[0] - 50.0) <= abs(whole.bullishness[0] - 50.0) + 1e-9


def test_a_late_timeframe_counts_as_missing() -> None:
    hours = MARKET[Timeframe.H1]
    late = {**MARKET, Timeframe.H1: part(hours, hours.first_index, hours.last_index - 1)}
    assert np.isnan(score(late).explanation.others[0, 0])
    assert score(late).coverage[0] == pytest.approx(0.9)


def test_without_15m_candles_everything_is_neutral() -> None:
    whole = snapshot(MARKET)
    others: Market = {key: MARKET[key] for key in Timeframe if key is not Timeframe.M15}
    scores = score_snapshots([whole, replace(whole, candles=others)], PARAMETERS)
    assert scores.bullishness[1] == 50.0
    assert scores.coverage[1] == 0.0
    assert np.isnan(scores.close[1])
    assert scores.direction(1) is None
    assert scores.indices[0] == scores.indices[1]


def young(candles: int) -> Market:
    """The market with only its newest 15m candles, all else as it is."""
    series = MARKET[Timeframe.M15]
    return {**MARKET, Timeframe.M15: part(series, series.last_index - candles + 1, 10**9)}


def unknown_in(scores: TechnicalScores) -> set[str]:
    values = scores.explanation.values[0]
    return {name for name, gone in zip(INDICATOR_NAMES, np.isnan(values), strict=True) if gone}


@pytest.mark.parametrize("candles", [200, 250, 999])
def test_a_young_listing_misses_only_the_stack_and_the_larger_trend(candles: int) -> None:
    scores = score(young(candles))
    assert unknown_in(scores) == {"ema_structure"}
    assert scores.coverage[0] == pytest.approx(0.85)
    assert scores.trend[0] == 0.0
    assert scores.explanation.backdrop[0] == 0.0


def test_a_listing_is_grown_up_with_1000_candles() -> None:
    scores = score(young(1000))
    assert scores.coverage[0] == pytest.approx(1.0)
    assert scores.trend[0] == pytest.approx(score().trend[0], abs=1e-2)


def test_without_a_converged_atr_only_what_needs_none_is_known() -> None:
    needs_no_atr = {"volume"}
    assert needs_no_atr.isdisjoint(unknown_in(score(young(135))))
    scores = score(young(134))
    assert np.isnan(scores.atr[0])
    assert {"rsi", "macd", "stochrsi", "pattern"} <= unknown_in(scores)
    assert scores.direction(0) is None


@pytest.mark.parametrize(("candles", "is_known"), [(249, False), (250, True)])
@pytest.mark.parametrize(("timeframe", "place"), [(Timeframe.H1, 0), (Timeframe.M5, 1)])
def test_another_timeframe_has_a_trend_from_250_candles_on(
    timeframe: Timeframe, place: int, candles: int, is_known: bool
) -> None:
    series = MARKET[timeframe]
    short = part(series, series.last_index - candles + 1, series.last_index)
    others = score({**MARKET, timeframe: short}).explanation.others[0]
    assert np.isfinite(others[place]) == is_known


@pytest.mark.parametrize(
    ("changed", "complaint"),
    [
        ({"ema_trend": 201}, "slowest 15m average needs 1005 candles to converge"),
        ({"ema_slow": 61}, "slowest 1h average needs 305 candles to converge"),
    ],
)
def test_an_average_that_can_never_converge_is_refused(
    changed: dict[str, int], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        Periods(**changed)
    assert Periods(**changed, convergence=4).convergence == 4


def test_zero_volume_silences_what_needs_volume() -> None:
    series = MARKET[Timeframe.M15]
    columns = columns_of(series)
    columns[4:] = 0.0
    scores = score({**MARKET, Timeframe.M15: series_of(Timeframe.M15, series.first_index, columns)})
    unknown = np.isnan(scores.explanation.values[0])
    assert [name for name, gone in zip(INDICATOR_NAMES, unknown, strict=True) if gone] == [
        "vwap",
        "obv",
        "volume",
    ]


def test_a_market_that_stopped_trading_says_nothing() -> None:
    series = MARKET[Timeframe.M15]
    columns = columns_of(series)
    columns[:4, -700:] = columns[3, -701]
    columns[4:, -700:] = 0.0
    stopped = {Timeframe.M15: series_of(Timeframe.M15, series.first_index, columns)}
    scores = score(stopped)
    assert scores.bullishness[0] == 50.0
    assert scores.coverage[0] == 0.0


def test_history_begins_with_the_candle_that_has_200_closed_ones() -> None:
    history = score_history(MARKET, PARAMETERS)
    series = MARKET[Timeframe.M15]
    assert history.indices.tolist() == list(range(series.first_index + 199, series.last_index + 1))


def test_nothing_to_score_gives_no_rows() -> None:
    short = part(MARKET[Timeframe.M15], 0, MARKET[Timeframe.M15].first_index + 198)
    assert len(score_snapshots([], PARAMETERS)) == 0
    assert len(score_history({}, PARAMETERS)) == 0
    assert len(score_history({Timeframe.M15: short}, PARAMETERS)) == 0


def test_atr_ratio_is_against_its_own_mean() -> None:
    history = score_history(MARKET, PARAMETERS)
    mean = np.convolve(history.atr, np.full(20, 0.05), mode="valid")
    assert history.atr_ratio[-len(mean) + 400 :] == pytest.approx(
        (history.atr[19:] / mean)[400:], rel=1e-6
    )


def test_layer_score_carries_age_and_evidence() -> None:
    scores = score()
    closed_at = scores.closed_at(0)
    fresh, late = scores.layer_score(0), scores.layer_score(0, closed_at + timedelta(minutes=4))
    assert fresh.layer is LayerName.TECHNICAL
    assert fresh.age_seconds == 0.0
    assert late.age_seconds == 240.0
    assert [each.name for each in fresh.evidence[:10]] == list(INDICATOR_NAMES)
    assert [each.bullishness for each in fresh.evidence[:10]] == scores.components[0].tolist()


def test_weights_add_up_to_one_and_are_relative() -> None:
    assert sum(getattr(IndicatorWeights(), name) for name in INDICATOR_NAMES) == pytest.approx(1.0)
    assert sum(IndicatorWeights(rsi=1.0).shares()) == pytest.approx(1.0)
    with pytest.raises(ValueError, match="at least one of them"):
        IndicatorWeights(**dict.fromkeys(INDICATOR_NAMES, 0.0))


@pytest.mark.parametrize(
    ("shape", "thresholds", "complaint"),
    [
        (RsiShape, {"oversold": 40.0}, "oversold is 40.0; it must be below neutral"),
        (VolumeShape, {"spike": 0.9}, "average is 1.0; it must be below spike"),
        (VolumeShape, {"surge": 2.0}, "spike is 2.0; it must be below surge"),
        (BreakoutShape, {"volume_full": 1.5}, "volume_from is 1.5; it must be below volume_full"),
    ],
)
def test_thresholds_out_of_order_are_refused(
    shape: type[Parameters], thresholds: dict[str, float], complaint: str
) -> None:
    with pytest.raises(ValueError, match=complaint):
        shape(**thresholds)


@pytest.mark.parametrize(
    ("bullishness", "is_neutral"), [(55.0, True), (55.1, False), (44.9, False)]
)
def test_neutral_band(bullishness: float, is_neutral: bool) -> None:
    assert PARAMETERS.is_neutral(bullishness) == is_neutral
