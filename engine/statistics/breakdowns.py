"""Results told apart: where the trades came from, and how each kind did."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from engine.statistics.performance import performance_of
from engine.statistics.values import Breakdown, Dimension, Group, Statistics, TradeResult

_LABELS: Final[Mapping[Dimension, Callable[[TradeResult], Sequence[str]]]] = {
    Dimension.PAIR: lambda result: (result.pair,),
    Dimension.TIER: lambda result: (result.tier.value,),
    Dimension.DIRECTION: lambda result: (result.direction.value,),
    Dimension.HOUR: lambda result: (f"{result.published_at.hour:02d}",),
    Dimension.REGIME: lambda result: (result.regime.value,),
    Dimension.LAYER: lambda result: tuple(layer.value for layer in result.supporting),
}


def break_down(statistics: Statistics, dimension: Dimension) -> Breakdown:
    """The trades of a period, told apart in one way; groups without a trade are not there."""
    members: defaultdict[str, list[TradeResult]] = defaultdict(list)
    for result in statistics.results:
        for label in _LABELS[dimension](result):
            members[label].append(result)
    groups = (
        Group(label=label, performance=performance_of(each, statistics.start, statistics.end))
        for label, each in members.items()
    )
    is_by_hour = dimension is Dimension.HOUR
    return Breakdown(
        dimension=dimension,
        groups=tuple(sorted(groups, key=_label if is_by_hour else _most_trades_first)),
    )


def _label(group: Group) -> str:
    return group.label


def _most_trades_first(group: Group) -> tuple[int, str]:
    return -group.performance.wins.of, group.label
