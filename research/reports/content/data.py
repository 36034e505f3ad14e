"""What a run was fed with and what it assumed: without this no figure means anything."""

from collections import Counter
from typing import Final

from engine.backtest.metrics.values import BacktestReport
from engine.backtest.values import PairCoverage
from research.reports.tables import Row, Table, row
from research.reports.wording import count, counted, day

_FINGERPRINT: Final = 16
"""So many letters of a fingerprint tell runs apart; the JSON file has all."""


def heading(report: BacktestReport) -> str:
    """What was tested: the period, and how many pairs."""
    pairs = counted(len(report.pairs), "pair")
    return f"Backtest {day(report.start)} to {day(report.end)}, {pairs}"


def data_table(report: BacktestReport) -> Table:
    """The candles in a few lines, and what identifies the run."""
    pairs = report.pairs
    layers = ", ".join(report.layers_missing) or "none"
    return Table(
        title="Data",
        columns=("what", "value"),
        rows=(
            row("closes decided on", count(sum(pair.decided for pair in pairs))),
            row("closes that only warmed up", count(sum(pair.warming_up for pair in pairs))),
            row("signals followed on", _finest(pairs)),
            row("tick and step read off the candles", _inferred(pairs)),
            row("layers on, but without data", layers),
            row("equity that sizes refer to", f"{report.equity:,.2f}"),
            row("strategy", report.strategy[:_FINGERPRINT]),
            row("run", report.run[:_FINGERPRINT]),
        ),
        words=(0, 1),
    )


def pairs_table(report: BacktestReport) -> Table:
    """What each pair brought."""
    return Table(
        title="Pairs",
        columns=("pair", "from", "to", "followed on", "decided", "warming up"),
        rows=tuple(_pair(pair) for pair in report.pairs),
        notes=("° tick and step read off the candles",)
        if any(pair.is_inferred for pair in report.pairs)
        else (),
        words=(0, 1, 2, 3),
    )


def _pair(pair: PairCoverage) -> Row:
    return row(
        f"{pair.symbol}°" if pair.is_inferred else pair.symbol,
        day(pair.first),
        day(pair.last),
        pair.finest,
        count(pair.decided),
        count(pair.warming_up),
    )


def _finest(pairs: tuple[PairCoverage, ...]) -> str:
    numbers = Counter(pair.finest for pair in pairs)
    return ", ".join(
        f"{timeframe} candles ({counted(number, 'pair')})"
        for timeframe, number in sorted(numbers.items(), key=lambda item: item[0].milliseconds)
    )


def _inferred(pairs: tuple[PairCoverage, ...]) -> str:
    inferred = sum(pair.is_inferred for pair in pairs)
    return f"{counted(inferred, 'pair')}" if inferred else "none"
