"""`python -m app backtest` and `python -m app compare`."""

from pathlib import Path
from typing import Annotated

import typer

from app.backtest.options import ROOT, From, Pairs, Root, To
from app.backtest.processes import begin_loading
from app.garbage import keep_everything, keep_what_is_there
from app.running import execute
from domain.timeframes import Timeframe


def backtest(
    pairs: Pairs = "all",
    start: From = None,
    end: To = None,
    root: Root = ROOT,
    layers: Annotated[
        str | None,
        typer.Option(
            help="Layers to switch on, with commas between; else those of the strategy file. A "
            "layer without recorded observations is missing and counts as missing: on candles "
            "alone, all five reach too little coverage for any signal."
        ),
    ] = None,
    processes: Annotated[
        int, typer.Option(min=1, max=64, help="Processes that score pairs; the result is the same.")
    ] = 2,
    observations: Annotated[
        bool,
        typer.Option(
            "--observations",
            help="Supply the other layers from what this bot's database recorded at each close "
            "(keep_observations in the strategy file).",
        ),
    ] = False,
    fills: Annotated[
        Timeframe | None,
        typer.Option(
            help="Follow signals on these candles though finer ones are there: shows what coarse "
            "fills do to the figures."
        ),
    ] = None,
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report as one HTML file.")
    ] = None,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the report as JSON, for `compare`.")
    ] = None,
    gate: Annotated[
        bool,
        typer.Option(
            "--gate", help="Store the verdict of the readiness gate: live trading asks for it."
        ),
    ] = False,
    remember: Annotated[
        bool,
        typer.Option(
            "--remember",
            help="Give the outcomes to the bot's memory layer, marked as backtested, in place of "
            "those of earlier backtests of the same pairs and period.",
        ),
    ] = False,
) -> None:
    """Replay the live decision, gate, breakers and follower over candles of the past.

    Example: python -m app backtest --layers technical --from 2025-08-01 --html report.html
    """
    begin_loading(processes)
    with keep_everything():
        from app.backtest.run_command import BacktestOptions, run_command
    keep_what_is_there()

    options = BacktestOptions(
        root=root,
        pairs=pairs,
        start=start,
        end=end,
        layers=layers,
        processes=processes,
        uses_observations=observations,
        fills=fills,
        html=html,
        json=json,
        stores_verdict=gate,
        remembers=remember,
    )
    execute(lambda: run_command(options))


def compare(
    one: Annotated[Path, typer.Argument(help="Report written by `backtest --json`.")],
    other: Annotated[Path, typer.Argument(help="Report to hold against it.")],
    html: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the comparison as one HTML file.")
    ] = None,
) -> None:
    """Show two backtests side by side, and whether chance alone explains the difference.

    Example: python -m app compare before.json after.json --html difference.html
    """
    from app.backtest.compare_command import compare_reports

    execute(lambda: compare_reports(one, other, html))
