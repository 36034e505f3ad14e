"""From candles to scores: one closing candle of many pairs, or many candles of one pair."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, eq=False, kw_only=True)
class Past:
    """Closed candles of a pair; of the 15m ones, `first` to `last` are wanted, all where None."""

    candles: Mapping[Timeframe, CandleSeries]
    first: int | None = None
    last: int | None = None


def score_history(
    candles: Mapping[Timeframe, CandleSeries],
    parameters: TechnicalParameters,
    *,
    first: int | None = None,
    last: int | None = None,
) -> TechnicalScores:
    """Score every 15m candle that has enough closed candles behind it; one row a candle.

    Each row sees what was closed at its boundary, and equals bit by bit what a snapshot of that
    moment scores. Only candles from number `first` to `last` are scored, where told.
    """
    [scores] = score_histories([Past(candles=candles, first=first, last=last)], parameters)
    return scores


def score_histories(
    pasts: Sequence[Past], parameters: TechnicalParameters
) -> list[TechnicalScores]:
    """The same for several pairs, in their order: together they take a fraction of the time."""
    members: dict[tuple[int, int], list[int]] = {}
    for position, past in enumerate(pasts):
        for stretch in _stretches_of(past, parameters):
            members.setdefault(stretch, []).append(position)
    parts: list[list[TechnicalScores]] = [[] for _ in pasts]
    for (begin, end), positions in sorted(members.items()):
        candles = [pasts[position].candles for position in positions]
        scores = _score(frame_of(candles, end, end - begin + 1, parameters), parameters)
        for column, position in enumerate(positions):
            rows = range(column, len(scores), len(positions))
            parts[position].append(reordered(scores, rows) if len(positions) > 1 else scores)
    nothing = _score(frame_of([], 0, 1, parameters), parameters)
    return [joined(each) if each else nothing for each in parts]


def _newest_candle(snapshot: MarketSnapshot) -> int:
    series = snapshot.candles.get(Timeframe.M15)
    if series is None:
        return Timeframe.M15.last_closed_index(to_ms(snapshot.as_of))
    return series.last_index


def _stretches_of(past: Past, parameters: TechnicalParameters) -> Iterator[tuple[int, int]]:
    """First and last candle of each stretch to score, split where the anchored block changes."""
    series, block = past.candles.get(Timeframe.M15), ANCHORED_WINDOWS[Timeframe.M15].block
    if series is None:
        return
    earliest = series.first_index + parameters.minimum_candles - 1
    begin = earliest if past.first is None else max(past.first, earliest)
    newest = series.last_index if past.last is None else min(past.last, series.last_index)
    while begin <= newest:
        end = min(begin // block * block + block - 1, newest)
        yield begin, end
        begin = end + 1


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
