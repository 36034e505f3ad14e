"""Results told apart by regime, tier, hour and so on."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from engine.backtest.metrics.values import BacktestReport, GroupRow
from research.reports.tables import THIN_MARK, THIN_NOTE, Row, Table
from research.reports.wording import count, interval, or_unknown, percent, signed_r

ORDER: Final = ("tier", "direction", "regime", "layer", "score", "state", "hour", "pair")
"""Breakdowns as they are read: what a decision rests on first; any others follow."""

_COLUMNS: Final = ("trades", "win rate", "95% interval", "mean", "total")
_MOST: Final = 8
_EXTREMES: Final = 3

_NOTES: Final[Mapping[str, str]] = {
    "hour": "Hour in which the signal was published, UTC.",
    "layer": "A trade counts for each layer that backed its direction.",
    "regime": "State of the whole market when the signal was published.",
    "state": "How the trade ended.",
    "score": "Support that was published with the signal.",
}


def kinds_of(report: BacktestReport) -> tuple[str, ...]:
    """Names of the breakdowns that hold a group, in reading order."""
    held = [kind for kind, groups in report.breakdowns.items() if groups]
    known = [kind for kind in ORDER if kind in held]
    return (*known, *sorted(set(held) - set(known)))


def breakdown_table(kind: str, groups: Sequence[GroupRow]) -> Table:
    """A line a group; thin ones are marked."""
    notes = (_NOTES[kind],) if kind in _NOTES else ()
    rows = tuple(_row(group) for group in groups)
    return Table(
        title=f"By {kind}",
        columns=(kind, *_COLUMNS),
        rows=rows,
        notes=(*notes, *_thinness(rows)),
    )


def extremes_table(report: BacktestReport) -> Table:
    """All breakdowns in one table; of one with many groups only its best and worst by total R."""
    rows = [line for kind in kinds_of(report) for line in _extremes(kind, report.breakdowns[kind])]
    return Table(
        title="Breakdowns",
        columns=("by", "group", *_COLUMNS),
        rows=tuple(rows),
        notes=(*_shortening(report), *_thinness(rows)),
        words=(0, 1),
    )


def _shortening(report: BacktestReport) -> tuple[str, ...]:
    if all(len(groups) <= _MOST for groups in report.breakdowns.values()):
        return ()
    return (f"Of more than {_MOST} groups, the {_EXTREMES} best and {_EXTREMES} worst by total R.",)


def _thinness(rows: Sequence[Row]) -> tuple[str, ...]:
    return (THIN_NOTE,) if any(line.is_thin for line in rows) else ()


def _extremes(kind: str, groups: Sequence[GroupRow]) -> list[Row]:
    shown = list(groups)
    if len(groups) > _MOST:
        ranked = sorted(groups, key=lambda group: (-group.total_r, group.label))
        shown = [*ranked[:_EXTREMES], *ranked[-_EXTREMES:]]
    return [
        replace(line, cells=("" if position else kind, *line.cells))
        for position, line in enumerate(map(_row, shown))
    ]


def _row(group: GroupRow) -> Row:
    return Row(
        cells=(
            f"{group.label} {THIN_MARK}" if group.is_thin else group.label,
            count(group.trades),
            or_unknown(group.win_rate_percent.value, percent),
            interval(group.win_rate_percent, percent),
            signed_r(group.mean_r),
            signed_r(group.total_r),
        ),
        is_thin=group.is_thin,
    )
