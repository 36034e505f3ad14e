"""A walk-forward optimisation in the terminal, 100 wide, and as JSON."""

from collections.abc import Iterator
from typing import Final

import msgspec
from rich.console import Group, RenderableType
from rich.text import Text

from engine.walk_forward.values import Deflation, Figures, WalkForwardResult, WindowResult
from research.reports.tables import Table, row
from research.reports.terminal_report import bullets, terminal_table
from research.reports.wording import UNKNOWN, count, day, or_unknown, percent, ratio, signed_r

SCHEMA: Final = "quorum-walk-forward"


def render_walk_forward(result: WalkForwardResult) -> RenderableType:
    """Warnings first, then the joined tests, the windows, and how stable the values are."""
    return Group(*_parts(result))


def walk_forward_to_json(result: WalkForwardResult) -> str:
    """The whole result, every trade of the tests included; one line feed at the end."""
    text = msgspec.json.encode({"schema": SCHEMA, "version": 1, "result": result})
    return msgspec.json.format(text, indent=1).decode() + "\n"


def _parts(result: WalkForwardResult) -> Iterator[RenderableType]:
    first, last = result.windows[0].window, result.windows[-1].window
    yield Text(
        f"Walk-forward: {len(result.windows)} windows, tests from {day(first.test_start)} to "
        f"{day(last.test_end)}",
        style="bold",
    )
    yield from bullets("Read this first", result.warnings)
    yield terminal_table(_tests(result))
    yield terminal_table(_windows(result))
    yield terminal_table(_values(result))


def _tests(result: WalkForwardResult) -> Table:
    return Table(
        title="Out of sample: all tests joined",
        columns=("values", "days", "trades", "won", "R a trade", "95% interval", "sum", "fall"),
        rows=(
            row("chosen by each window", *_cells(result.test)),
            row("in force", *_cells(result.unchanged)),
        ),
        notes=(
            "Net of costs; trades of one day count as one observation in the interval.",
            _luck(result.deflation),
            f"Earned per day, of what the fit earned: {or_unknown(result.efficiency, _share)}.",
        ),
    )


def _luck(deflation: Deflation) -> str:
    return (
        "The true Sharpe ratio is above 0 with a probability of "
        f"{or_unknown(deflation.probabilistic, ratio)}, and above that of the luckiest of "
        f"{count(deflation.trials)} trials (deflated) with one of "
        f"{or_unknown(deflation.deflated, ratio)}."
    )


def _cells(figures: Figures) -> tuple[str, ...]:
    return (
        count(figures.days),
        count(figures.trades),
        or_unknown(figures.win_percent, percent),
        or_unknown(figures.expectancy_r, signed_r),
        _interval(figures),
        signed_r(figures.total_r),
        signed_r(-figures.drawdown_r),
    )


def _windows(result: WalkForwardResult) -> Table:
    return Table(
        title="Windows",
        columns=(
            "fitted from",
            "tested from",
            "trials",
            "trades",
            "fit R",
            "trades",
            "test R",
            "plateau",
        ),
        rows=tuple(row(*_window_cells(window)) for window in result.windows),
        notes=(
            "Plateau: of the trials nearest to the chosen one, the share that did half as well.",
        ),
        words=(0, 1),
    )


def _window_cells(result: WindowResult) -> tuple[str, ...]:
    return (
        day(result.window.train_start),
        day(result.window.test_start),
        count(result.trials),
        count(result.train.trades),
        or_unknown(result.train.expectancy_r, signed_r),
        count(result.test.trades),
        or_unknown(result.test.expectancy_r, signed_r),
        or_unknown(result.plateau, _share),
    )


def _values(result: WalkForwardResult) -> Table:
    return Table(
        title="Chosen values, window by window",
        columns=("parameter", "searched", "chosen", "apart", "recommended"),
        rows=tuple(
            row(
                each.name,
                f"{each.low:g} to {each.high:g}",
                ", ".join(f"{value:.4g}" for value in each.chosen),
                _share(each.spread),
                f"{result.recommended[each.name]:.4g}",
            )
            for each in result.stability
        ),
        notes=("Apart: highest less lowest chosen value, of the range that was searched.",),
        words=(0, 1, 2),
    )


def _interval(figures: Figures) -> str:
    if figures.low_r is None or figures.high_r is None:
        return UNKNOWN
    return f"{signed_r(figures.low_r)} to {signed_r(figures.high_r)}"


def _share(value: float) -> str:
    return percent(value * 100.0)
