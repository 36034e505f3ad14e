"""What a walk-forward optimisation found: how the values did where they were not fitted."""

import math
from collections.abc import Callable
from typing import Final

from engine.backtest.metrics.values import Estimate
from engine.statistics.values import FEW
from engine.walk_forward.values import (
    Figures,
    ParameterStability,
    Values,
    WalkForwardResult,
    WindowResult,
)
from research.reports.tables import THIN_NOTE, Row, Table, row
from research.reports.verdict import Verdict, verdict_by
from research.reports.wording import (
    count,
    counted,
    day,
    in_r,
    interval,
    or_unknown,
    percent,
    ratio,
    signed_r,
)

_DAYS_A_YEAR: Final = 365
_CONFIDENCE: Final = 95.0


def walk_forward_heading(result: WalkForwardResult) -> str:
    """The days of the tests, and how many windows there were."""
    windows = counted(len(result.windows), "window")
    if not result.windows:
        return f"Walk-forward optimisation, {windows}"
    first, last = result.windows[0].window, result.windows[-1].window
    return f"Walk-forward tests {day(first.test_start)} to {day(last.test_end)}, {windows}"


def walk_forward_verdict(result: WalkForwardResult) -> Verdict:
    """By the tests alone: what was earned where values were fitted proves nothing."""
    test = result.test
    return verdict_by(test.trades, test.traded_days, expectancy_of(test), _CONFIDENCE)


def expectancy_of(figures: Figures) -> Estimate:
    """The mean net R of a trade with its interval."""
    return Estimate(value=figures.expectancy_r, low=figures.low_r, high=figures.high_r)


def tests_table(result: WalkForwardResult) -> Table:
    """All tests joined: with the values that were chosen, and with those in force."""
    columns = (result.test, result.unchanged)
    return Table(
        title="All tests joined, net of all costs",
        columns=("figure", "chosen values", "values in force"),
        rows=tuple(row(name, *map(words, columns)) for name, words in _FIGURES),
        notes=("Closes that no value was fitted on, with the same costs as live.",),
    )


def deflation_table(result: WalkForwardResult) -> Table:
    """What is left of the result when everything that was tried is counted."""
    deflation = result.deflation
    return Table(
        title="Counting all that was tried",
        columns=("what", "value"),
        rows=(
            row("trials over all windows", count(deflation.trials)),
            row("Sharpe of the best without any edge", _yearly(deflation.expected_maximum)),
            row("Sharpe of the tests", or_unknown(result.test.sharpe, _yearly)),
            row("probability of a Sharpe above 0", or_unknown(deflation.probabilistic, _share)),
            row("deflated: probability of more than luck", or_unknown(deflation.deflated, _share)),
            row("a day of the tests, of a day fitted on", or_unknown(result.efficiency, _share)),
        ),
        notes=("Sharpe ratios per year.",),
    )


def windows_table(result: WalkForwardResult) -> Table:
    """A line a window: mean net R where values were fitted, and where they were tested."""
    rows = tuple(_window(each) for each in result.windows)
    note = (
        "Fitted and tested: mean net R of a trade; trades and interval are of the test. Unchanged: "
        "the values in force on the same test. Plateau: neighbours that did well, too."
    )
    names = ("window", "tested from", "to", "fitted", "tested", "95% interval")
    return Table(
        title="Windows",
        columns=(*names, "trades", "unchanged", "plateau"),
        rows=rows,
        notes=(note, THIN_NOTE) if any(each.is_thin for each in rows) else (note,),
        words=(0, 1, 2),
    )


def stability_table(result: WalkForwardResult) -> Table:
    """How far the windows agree on each parameter."""
    return Table(
        title="Stability of parameters",
        columns=("parameter", "chosen in each window", "searched", "spread"),
        rows=tuple(_stability(each) for each in result.stability),
        notes=("Spread: distance of the chosen values as a share of what was searched.",),
        words=(0, 1),
    )


def recommended_table(values: Values) -> Table:
    """The values of the newest window."""
    return Table(
        title="Values of the newest window",
        columns=("parameter", "value"),
        rows=tuple(row(name, _value(value)) for name, value in sorted(values.items())),
    )


def _window(result: WindowResult) -> Row:
    is_thin = result.test.trades < FEW
    window = result.window
    return Row(
        cells=(
            f"{window.number} *" if is_thin else f"{window.number}",
            day(window.test_start),
            day(window.test_end),
            or_unknown(result.train.expectancy_r, signed_r),
            or_unknown(result.test.expectancy_r, signed_r),
            interval(expectancy_of(result.test), signed_r),
            count(result.test.trades),
            or_unknown(result.unchanged.expectancy_r, signed_r),
            or_unknown(result.plateau, _share),
        ),
        is_thin=is_thin,
    )


def _stability(each: ParameterStability) -> Row:
    chosen = ", ".join(_value(value) for value in each.chosen)
    searched = f"{_value(each.low)} to {_value(each.high)}"
    return row(each.name, chosen, searched, _share(each.spread))


def _value(value: float) -> str:
    return f"{value:g}".replace("-", "−")


def _share(value: float) -> str:
    return percent(value * 100.0)


def _yearly(daily: float) -> str:
    return ratio(daily * math.sqrt(_DAYS_A_YEAR))


_FIGURES: Final[tuple[tuple[str, Callable[[Figures], str]], ...]] = (
    ("days", lambda figures: count(figures.days)),
    ("trades", lambda figures: count(figures.trades)),
    ("win rate", lambda figures: or_unknown(figures.win_percent, percent)),
    ("expectancy", lambda figures: or_unknown(figures.expectancy_r, signed_r)),
    ("its 95% interval", lambda figures: interval(expectancy_of(figures), signed_r)),
    ("profit factor", lambda figures: or_unknown(figures.profit_factor, ratio)),
    ("total", lambda figures: signed_r(figures.total_r)),
    ("deepest drawdown", lambda figures: in_r(figures.drawdown_r)),
    ("Sharpe ratio, per year", lambda figures: or_unknown(figures.sharpe, _yearly)),
)
