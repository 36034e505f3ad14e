"""What a short history may do to a score: silence readings and cover less, never lean further.

The final score is not higher than with the whole history but by what was silenced and had spoken
against the direction. That includes one half of a reading against its other half: price below VWAP
but near enough for a bounce, a touched band in a squeeze, support and resistance both near.
"""

from typing import NamedTuple

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.directions import NEUTRAL, Direction
from domain.evidence import LayerName
from domain.timeframes import Timeframe
from engine.confluence import combine
from engine.confluence_parameters import ConfluenceParameters
from layers.technical import TechnicalParameters, TechnicalScores, score_snapshots
from layers.technical.parameters import INDICATOR_NAMES
from layers.technical.shapes import by_trend
from tests.unit.layers.technical.markets import Market, part, random_market, snapshot

PARAMETERS = TechnicalParameters()
STANDS_ON_THE_SLOW_AVERAGES = {
    "rsi",
    "ema_structure",
    "vwap",
    "bollinger",
    "support_resistance",
    "pattern",
}
# RSI, MACD and ATR of the shorter window have converged, but not to the last bit.
TOLERANCE = 0.02
WHOLE, SHORT = 0, 1
seeds = st.integers(0, 2**32 - 1)
young_ages = st.integers(200, 999)


class Compared(NamedTuple):
    """Scores with the whole and the short history, and what that took from the opposition."""

    scores: TechnicalScores
    silenced: float

    def final_score(self, row: int) -> float:
        """The confluence score of a row for the side that the short history leans to."""
        leans_long = self.scores.bullishness[SHORT] > NEUTRAL
        direction = Direction.LONG if leans_long else Direction.SHORT
        layer, as_of = self.scores.layer_score(row), self.scores.closed_at(row)
        return combine(
            direction,
            [layer],
            1.0,
            as_of,
            ConfluenceParameters(layers=(LayerName.TECHNICAL,)),
        ).score


def compared(seed: int, candles: int, *, all_young: bool) -> Compared:
    market = random_market(seed, candles=1300)
    short = listed_for(market, candles, all_young=all_young)
    scores = score_snapshots([snapshot(market), snapshot(short)], PARAMETERS)
    side = np.sign(scores.bullishness[SHORT] - NEUTRAL)
    gained = (scores.components[SHORT] - scores.components[WHOLE]) * side
    weighted = np.array(PARAMETERS.weights.shares()) * np.maximum(gained, 0.0)
    return Compared(scores, float(weighted.sum() * scores.explanation.multiplier.max()))


def listed_for(market: Market, candles: int, *, all_young: bool) -> Market:
    """A pair that has no more than so many 15m candles, or was listed so many ago."""
    first = market[Timeframe.M15].last_index - candles + 1
    listed_at = first * Timeframe.M15.milliseconds
    young = list(Timeframe) if all_young else [Timeframe.M15]
    starts = {timeframe: -(-listed_at // timeframe.milliseconds) for timeframe in young}
    return {
        timeframe: part(series, starts.get(timeframe, 0), series.last_index)
        for timeframe, series in market.items()
        if starts.get(timeframe, 0) <= series.last_index
    }


@settings(max_examples=40)
@given(seed=seeds, candles=young_ages, all_young=st.booleans())
def test_a_short_history_lets_no_reading_lean_further(
    seed: int, candles: int, all_young: bool
) -> None:
    scores = compared(seed, candles, all_young=all_young).scores
    leans = scores.components - NEUTRAL
    for position, name in enumerate(INDICATOR_NAMES):
        lean, full_lean = leans[SHORT, position], leans[WHOLE, position]
        if name not in STANDS_ON_THE_SLOW_AVERAGES:
            assert lean == pytest.approx(full_lean, abs=TOLERANCE)
        elif name in {"rsi", "ema_structure"}:
            assert abs(lean) <= abs(full_lean) + TOLERANCE
    told = scores.explanation
    assert (told.rising[SHORT] <= told.rising[WHOLE] + TOLERANCE).all()
    assert (told.falling[SHORT] <= told.falling[WHOLE] + TOLERANCE).all()
    assert scores.components[SHORT, INDICATOR_NAMES.index("ema_structure")] == NEUTRAL


@settings(max_examples=40)
@given(seed=seeds, candles=st.integers(1, 999), all_young=st.booleans())
def test_a_pair_with_less_than_1000_candles_is_never_fully_covered(
    seed: int, candles: int, all_young: bool
) -> None:
    scores = compared(seed, candles, all_young=all_young).scores
    assert scores.coverage[SHORT] <= 0.85 + 1e-9
    assert scores.coverage[SHORT] < scores.coverage[WHOLE]
    assert scores.trend[SHORT] == 0.0


@settings(max_examples=100)
@given(seed=seeds, candles=young_ages, all_young=st.booleans())
def test_a_short_history_raises_no_score_but_by_what_it_silenced(
    seed: int, candles: int, all_young: bool
) -> None:
    both = compared(seed, candles, all_young=all_young)
    short, whole = both.final_score(SHORT), both.final_score(WHOLE)
    assert short <= whole + both.silenced + TOLERANCE
    if both.silenced < TOLERANCE:
        assert short < whole


@pytest.mark.parametrize(
    ("anchors", "expected"),
    [((50.0, 60.0, 90.0), 0.0), ((30.0, 50.0, 70.0), 0.0), ((55.0, 60.0, 90.0), 5.0)],
)
def test_an_unknown_trend_gives_the_least_of_its_anchors(
    anchors: tuple[float, float, float], expected: float
) -> None:
    down, flat, up = anchors
    unknown = np.array([np.nan])
    assert by_trend(unknown, down=down, flat=flat, up=up) == pytest.approx(expected)
    mirror = {"down": 100.0 - up, "flat": 100.0 - flat, "up": 100.0 - down}
    assert by_trend(unknown, **mirror) == pytest.approx(-expected)
