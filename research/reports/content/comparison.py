"""Two runs side by side, as a sentence and tables."""

from collections.abc import Callable, Mapping, Sequence
from itertools import accumulate
from typing import Final

from engine.backtest.metrics.comparison_values import ComparedFigure, Comparison, MatchedTrade
from engine.backtest.metrics.values import TradeRow
from research.reports.charts import Curve
from research.reports.content.trades import MOST_TRADES, trades_table
from research.reports.tables import Row, Table, row
from research.reports.wording import (
    UNKNOWN,
    count,
    days,
    in_r,
    instant,
    interval,
    minutes,
    or_unknown,
    percent,
    ratio,
    signed_r,
)

Names = tuple[str, str]
"""What both runs are called: the one that is compared with, and the other."""

_WORDINGS: Final[Mapping[str, Callable[[float], str]]] = {
    "R": in_r,
    "%": percent,
    "% of equity": percent,
    "days": days,
    "minutes": minutes,
}

_TOLD_UNITS: Final = ("% of equity", "trades")
"""Units that a value does not show by itself."""


def verdict_on(comparison: Comparison, names: Names) -> str:
    """Whether the other run is better, in a sentence that says how sure that is."""
    if comparison.difference_r.value is None:
        return "Nothing can be compared: one of the runs has no trade."
    more = "more" if comparison.difference_r.value > 0 else "less"
    mean = f"{in_r(abs(comparison.difference_r.value))} {more}"
    words = f"on average a trade of {names[1]} earned {mean} than one of {names[0]}"
    if comparison.is_beyond_chance is None:
        return f"No difference shown: {words}, but too few days for an interval."
    ends = interval(comparison.difference_r, signed_r)
    if not comparison.is_beyond_chance:
        return f"No difference shown: {words}; the interval ({ends}) covers 0."
    finding = "Better" if comparison.difference_r.value > 0 else "Worse"
    return f"{finding}: {words}; the interval ({ends}) leaves out 0."


def cautions(comparison: Comparison) -> tuple[str, ...]:
    """What has to be known before the difference is believed."""
    found = []
    if comparison.is_same_strategy:
        found.append("Both runs have the same parameters: only data or period differ.")
    if not comparison.is_paired:
        found.append(
            "The runs cover different periods: the market itself is a part of the difference."
        )
    return tuple(found)


def compared_table(comparison: Comparison, names: Names) -> Table:
    """A figure a line: both runs and the difference."""
    return Table(
        title="Side by side, net of all costs",
        columns=("figure", *names, "difference"),
        rows=tuple(_figure(figure) for figure in comparison.figures),
        notes=(f"The difference is {names[1]} minus {names[0]}, of shares in points.",),
    )


def matched_table(comparison: Comparison, names: Names) -> Table:
    """Trades of both runs whose results differ, by how much."""
    differing = [pair for pair in comparison.in_both if pair.difference_r != 0]
    ranked = sorted(differing, key=lambda pair: (-abs(pair.difference_r), pair.one.decided_at))
    same = len(comparison.in_both) - len(differing)
    note = (
        f"{count(len(comparison.in_both))} trades are in both (same pair, close and side); "
        f"{count(same)} of them with the same result are not listed."
    )
    return Table(
        title="Trades in both",
        columns=("pair", "side", "decided", *names, "difference"),
        rows=tuple(_matched(pair) for pair in ranked[:MOST_TRADES]),
        notes=(note,),
        words=(0, 1, 2),
    )


def own_tables(comparison: Comparison, names: Names) -> tuple[Table, Table]:
    """Trades that only the one made, and those that only the other made."""
    return (
        trades_table(comparison.only_in_one, title=f"Only in {names[0]}"),
        trades_table(comparison.only_in_other, title=f"Only in {names[1]}"),
    )


def overlap_table(comparison: Comparison, names: Names) -> Table:
    """How many trades are in both, and what those are worth that are not."""
    return Table(
        title="Trades",
        columns=("which", "trades", "sum", "mean"),
        rows=(
            _sum(f"in both, {names[0]}", [pair.one for pair in comparison.in_both]),
            _sum(f"in both, {names[1]}", [pair.other for pair in comparison.in_both]),
            _sum(f"only in {names[0]}", comparison.only_in_one),
            _sum(f"only in {names[1]}", comparison.only_in_other),
        ),
    )


def curves_of(comparison: Comparison, names: Names) -> tuple[Curve, ...]:
    """Sums of results of both runs in percent of equity; a run without a trade has none."""
    ones = [*(pair.one for pair in comparison.in_both), *comparison.only_in_one]
    others = [*(pair.other for pair in comparison.in_both), *comparison.only_in_other]
    curves = (_curve(name, each) for name, each in zip(names, (ones, others), strict=True))
    return tuple(curve for curve in curves if curve.points)


def _curve(name: str, trades: Sequence[TradeRow]) -> Curve:
    ordered = sorted(trades, key=lambda trade: (trade.ended_at, trade.signal_id))
    sums = accumulate(trade.equity_percent for trade in ordered)
    points = ((trade.ended_at, total) for trade, total in zip(ordered, sums, strict=True))
    return Curve(name=name, points=tuple(points))


def _sum(label: str, trades: Sequence[TradeRow]) -> Row:
    total = sum(trade.net_r for trade in trades)
    mean = total / len(trades) if trades else None
    return row(label, count(len(trades)), signed_r(total), or_unknown(mean, signed_r))


def _figure(figure: ComparedFigure) -> Row:
    unit = f", {figure.unit}" if figure.unit in _TOLD_UNITS else ""
    words = (_value(value, figure.unit) for value in (figure.one, figure.other))
    return row(f"{figure.name}{unit}", *words, _difference(figure))


def _value(value: float | None, unit: str) -> str:
    if value is None:
        return UNKNOWN
    if isinstance(value, int):
        return count(value)
    return _WORDINGS.get(unit, ratio)(value)


def _difference(figure: ComparedFigure) -> str:
    if figure.difference is None:
        return UNKNOWN
    sign = "+" if figure.difference > 0 else ""
    return f"{sign}{_value(figure.difference, figure.unit)}"


def _matched(pair: MatchedTrade) -> Row:
    return row(
        pair.one.pair,
        pair.one.direction.name,
        instant(pair.one.decided_at),
        signed_r(pair.one.net_r),
        signed_r(pair.other.net_r),
        signed_r(pair.difference_r),
    )
