"""The command `walk-forward`."""

from pathlib import Path
from typing import Annotated

import typer

from app.backtest.options import ROOT, From, Pairs, Root, To
from app.running import execute


def walk_forward(
    pairs: Pairs = "all",
    start: From = None,
    end: To = None,
    root: Root = ROOT,
    layers: Annotated[
        str | None,
        typer.Option(
            help="Layers to switch on, with commas between; else those of the strategy file. On "
            "candles alone use technical: without the others there is too little coverage."
        ),
    ] = None,
    trials: Annotated[
        int | None,
        typer.Option(min=1, help="Trials in each window, over all machines that share the study."),
    ] = None,
    train_days: Annotated[int | None, typer.Option(min=2, help="Days to fit on.")] = None,
    test_days: Annotated[int | None, typer.Option(min=1, help="Days to judge by.")] = None,
    step_days: Annotated[
        int | None, typer.Option(min=1, help="Days to move on by; else those of the test.")
    ] = None,
    seed: Annotated[int | None, typer.Option(min=0, help="Seed of the search.")] = None,
    storage: Annotated[
        str | None,
        typer.Option(
            metavar="URL",
            help="Database of the studies: sqlite:///studies.sqlite to go on later, "
            "postgresql+psycopg://user@host/studies to share them between machines. Not the bot's.",
        ),
    ] = None,
    processes: Annotated[
        int,
        typer.Option(min=1, max=64, help="Processes that run backtests; the result is the same"),
    ] = 2,
    json: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the result as JSON.")
    ] = None,
    store: Annotated[
        bool,
        typer.Option(help="Keep the recommended values as a parameter set. It is not live."),
    ] = True,
) -> None:
    """Fit the ranges of the table search on past days, and judge them on days they never saw.

    Example: python -m app walk-forward --layers technical --trials 60 --json walk-forward.json
    """
    from app.walk_forward.preparing import WalkForwardOptions
    from app.walk_forward.run_command import run_command

    options = WalkForwardOptions(
        root=root,
        pairs=pairs,
        start=start,
        end=end,
        layers=layers,
        processes=processes,
        storage=storage,
        trials=trials,
        train_days=train_days,
        test_days=test_days,
        step_days=step_days,
        seed=seed,
        json=json,
        stores=store,
    )
    execute(lambda: run_command(options))
