"""Results told apart by where the trades came from and by how they ended."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final

from engine.backtest.metrics.figures import estimate_of
from engine.backtest.metrics.values import GroupRow
from engine.statistics import StatisticsParameters, break_down, calibrate, performance_of
from engine.statistics.values import Dimension, Performance, Statistics, TradeResult

_DIMENSIONS: Final = tuple(Dimension)
STATE: Final = "state"
SCORE: Final = "score"


def groups_of(
    statistics: Statistics, parameters: StatisticsParameters
) -> Mapping[str, tuple[GroupRow, ...]]:
    """Groups by the name of what tells them apart; a group without a trade is not there."""
    told_apart = {
        dimension.value: tuple(
            _row(group.label, group.performance)
            for group in break_down(statistics, dimension).groups
        )
        for dimension in _DIMENSIONS
    }
    told_apart[STATE] = tuple(_by_state(statistics))
    told_apart[SCORE] = tuple(_by_score(statistics, parameters))
    return told_apart


def _by_state(statistics: Statistics) -> Iterator[GroupRow]:
    """By how the trades ended, the most frequent end first."""
    members: defaultdict[str, list[TradeResult]] = defaultdict(list)
    for result in statistics.results:
        members[result.state.value].append(result)
    for state, results in sorted(members.items(), key=lambda each: (-len(each[1]), each[0])):
        yield _row(state, performance_of(results, statistics.start, statistics.end))


def _by_score(statistics: Statistics, parameters: StatisticsParameters) -> Iterator[GroupRow]:
    """By the bands of the calibration table, the lowest first."""
    bands = calibrate(statistics.results, parameters)
    for band in bands:
        is_last = band is bands[-1]
        results = [
            result
            for result in statistics.results
            if band.low <= result.score and (result.score < band.high or is_last)
        ]
        if results:
            performance = performance_of(results, statistics.start, statistics.end)
            yield _row(f"{band.low}-{band.high}", performance)


def _row(label: str, performance: Performance) -> GroupRow:
    wins = performance.wins
    return GroupRow(
        label=label,
        trades=wins.of,
        win_rate_percent=estimate_of(wins),
        mean_r=float(performance.total_r) / wins.of,
        total_r=float(performance.total_r),
        is_thin=wins.is_thin,
    )
