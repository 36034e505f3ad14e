"""`python -m app walk-forward`: search, judge, tell, and keep what was found as a parameter set."""

import asyncio
from threading import Event
from typing import Final

from rich.console import Console

from app.ledger_export import write_file
from app.settings import Settings, load_settings
from app.walk_forward.evaluating import open_replaying
from app.walk_forward.preparing import Prepared, WalkForwardOptions, prepare
from app.walk_forward.progress import shown_progress
from app.walk_forward.storing import store_recommended
from engine.walk_forward.optimise import OnProgress, WalkForward
from engine.walk_forward.values import WalkForwardResult, Window
from research.study_storage import study_storage
from research.walk_forward_report import render_walk_forward, walk_forward_to_json

_WIDTH: Final = 100


async def run_command(options: WalkForwardOptions) -> None:
    """With the settings of this process."""
    await run_walk_forward(options, load_settings())


async def run_walk_forward(options: WalkForwardOptions, settings: Settings) -> None:
    """Run, print, and write what was asked for."""
    strategy = settings.strategy
    prepared = prepare(strategy, strategy.walk_forward, strategy.search, options)
    with shown_progress(Console(stderr=True), prepared) as progress:
        result = await optimise(prepared, options, progress)
    output = Console(width=_WIDTH, highlight=False)
    output.print(render_walk_forward(result))
    if options.json is not None:
        write_file(options.json, walk_forward_to_json(result).encode())
    if options.stores:
        await _store(settings, prepared, result, output)


async def optimise(
    prepared: Prepared, options: WalkForwardOptions, progress: OnProgress
) -> WalkForwardResult:
    """Every window in turn, with the storage and the processes that were asked for."""
    stopped = Event()

    def advance(window: Window, done: int) -> None:
        if stopped.is_set():
            raise InterruptedError
        progress(window, done)

    with study_storage(options.storage) as storage, open_replaying(options.processes) as replay_all:
        forward = WalkForward(
            evaluator=prepared.evaluator(replay_all),
            open_study=prepared.studies(storage),
            ranges=prepared.ranges,
            parameters=prepared.parameters,
            on_progress=advance,
        )
        # Backtests run event loops of their own, which only a thread without one allows.
        try:
            return await asyncio.to_thread(forward.run, prepared.windows)
        finally:
            # A thread cannot be cancelled: after Ctrl-C it ends with the trials at hand.
            stopped.set()


async def _store(
    settings: Settings, prepared: Prepared, result: WalkForwardResult, output: Console
) -> None:
    layers = prepared.layers or settings.strategy.confluence.layers
    kept = await store_recommended(settings, result, layers)
    output.print(
        f"The values are kept as parameter set {kept.version}. Nothing goes live by itself: "
        f"`python -m app parameters use {kept.version}` does that."
    )
