"""From candles to scores: one closing candle of many pairs, or many candles of one pair."""

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from domain.candles import CandleSeries
from domain.market import MarketSnapshot
from domain.timeframes import ANCHORED_WINDOWS, Timeframe, to_ms
from layers.technical.combining import Combined, combine
from layers.technical.frame import Frame
from layers.technical.framing import frame_of
from layers.technical.indicators import (
    Common,
    Indicators,
    common_of,
    indicators_of,
    or_neutral,
    price_unit,
)
from layers.technical.multi_timeframe import OtherTimeframes, other_timeframes
from layers.technical.parameters import TechnicalParameters
from layers.technical.scores import (
    Explanation,
    Integers,
    TechnicalScores,
    by_row,
    joined,
    reordered,
)
from layers.technical.shapes import Floats, total


def score_snapshots(
    snapshots: Sequence[MarketSnapshot], parameters: TechnicalParameters
) -> TechnicalScores:
    """Score the newest 15m candle of each snapshot; rows in the order of the snapshots.

    What is missing (a timeframe, history) reads neutral and lowers coverage.
    """
    groups: dict[int, list[int]] = {}
    for position, snapshot in enumerate(snapshots):
        groups.setdefault(_newest_candle(snapshot), []).append(position)
    if len(groups) <= 1:
        number = next(iter(groups), 0)
        return _score(frame_of([s.candles for s in snapshots], number, 1, parameters), parameters)
    parts = [
        _score(frame_of([snapshots[i].candles for i in members], number, 1, parameters), parameters)
        for number, members in groups.items()
    ]
    placed = [position for members in groups.values() for position in members]
    return reordered(joined(parts), np.argsort(placed).tolist())


def score_history(
    candles: Mapping[Timeframe, CandleSeries], parameters: TechnicalParameters
) -> TechnicalScores:
    """Score every 15m candle that has enough closed candles behind it; one row a candle.

    Each row sees what was closed at its boundary, and equals bit by bit what a snapshot of that
    moment scores.
    """
    parts = [_score(frame, parameters) for frame in _history_frames(candles, parameters)]
    return joined(parts) if parts else _score(frame_of([], 0, 1, parameters), parameters)


def _newest_candle(snapshot: MarketSnapshot) -> int:
    series = snapshot.candles.get(Timeframe.M15)
    if series is None:
        return Timeframe.M15.last_closed_index(to_ms(snapshot.as_of))
    return series.last_index


def _history_frames(
    candles: Mapping[Timeframe, CandleSeries], parameters: TechnicalParameters
) -> Iterator[Frame]:
    """Frames of the rows to score, split where the anchored block changes."""
    series, block = candles.get(Timeframe.M15), ANCHORED_WINDOWS[Timeframe.M15].block
    if series is None:
        return
    first = series.first_index + parameters.minimum_candles - 1
    while first <= series.last_index:
        last = min(first // block * block + block - 1, series.last_index)
        yield frame_of([candles], last, last - first + 1, parameters)
        first = last + 1


def _score(frame: Frame, parameters: TechnicalParameters) -> TechnicalScores:
    with np.errstate(divide="ignore", invalid="ignore"):
        unit = price_unit(frame, parameters)
        common = common_of(frame, unit, parameters)
        others = other_timeframes(frame, unit, parameters)
        indicators = indicators_of(frame, common, others, parameters)
        combined = combine(indicators.readings, others, parameters)
        return TechnicalScores(
            parameters=parameters,
            indices=_numbers(frame),
            bullishness=combined.bullishness.ravel(),
            coverage=combined.coverage.ravel(),
            components=by_row(combined.components),
            support_count_long=combined.for_long.ravel(),
            support_count_short=combined.for_short.ravel(),
            signs=combined.signs.ravel(),
            trend=or_neutral(common.trend).ravel(),
            close=frame.at(frame.close).ravel(),
            atr=frame.at(frame.atr).ravel(),
            atr_ratio=_atr_ratio(frame, parameters).ravel(),
            explanation=_explanation(common, indicators, combined, others),
        )


def _explanation(
    common: Common, indicators: Indicators, combined: Combined, others: OtherTimeframes
) -> Explanation:
    return Explanation(
        values=by_row(combined.values),
        events=by_row(np.array([reading.event for reading in indicators.readings])),
        touches=common.zones.touches.ravel(),
        backdrop=or_neutral(common.backdrop).ravel(),
        rising=by_row(indicators.rising),
        falling=by_row(indicators.falling),
        multiplier=combined.multiplier.ravel(),
        others=by_row(np.array([others.hour, others.five_minutes, others.minute])),
    )


def _numbers(frame: Frame) -> Integers:
    """Candle number of each row, pair by pair within a candle."""
    numbers = np.arange(frame.number - frame.rows + 1, frame.number + 1)
    return np.repeat(numbers, frame.close.shape[1])


def _atr_ratio(frame: Frame, parameters: TechnicalParameters) -> Floats:
    length = parameters.periods.atr_mean
    return frame.at(frame.atr) / (total(frame.lags(frame.atr, length)) / length)
