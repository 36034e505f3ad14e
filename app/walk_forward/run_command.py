"""`python -m app walk-forward`: search, judge, tell, and keep what was found as a parameter set."""

import asyncio
from collections.abc import Sequence
from threading import Event
from typing import Final

from rich.console import Console

from app.live_parameters import lay_over_live_set
from app.output_files import refuse_unwritable, write_file
from app.settings import Settings, load_settings
from app.walk_forward.evaluating import open_replaying
from app.walk_forward.preparing import Prepared, WalkForwardOptions, prepare
from app.walk_forward.progress import shown_progress
from app.walk_forward.storing import store_recommended
from domain.evidence import LayerName
from domain.parameter_sets import ParameterSet
from engine.parameter_sets.configuration import RunningParameters
from engine.walk_forward.optimise import OnProgress, WalkForward
from engine.walk_forward.recommendation import is_recommended
from engine.walk_forward.values import WalkForwardResult, Window
from research.study_storage import study_storage
from research.walk_forward_report import render_walk_forward, walk_forward_to_json

_WIDTH: Final = 100


async def run_command(options: WalkForwardOptions) -> None:
    """With the settings of this process."""
    await run_walk_forward(options, load_settings())


async def run_walk_forward(options: WalkForwardOptions, written: Settings) -> None:
    """Run, print, and write what was asked for; the live parameter set is laid over `written`."""
    refuse_unwritable(options.json, option="--json")
    settings, running = await lay_over_live_set(written)
    strategy = settings.strategy
    prepared = prepare(strategy, strategy.walk_forward, strategy.search, options)
    with shown_progress(Console(stderr=True), prepared) as progress:
        result = await optimise(prepared, options, progress)
    output = Console(width=_WIDTH, highlight=False)
    output.print(render_walk_forward(result))
    if running.version is not None:
        output.print(
            f"In force is the strategy file with parameter set {running.version}, which is live, "
            "laid over it."
        )
    if options.json is not None:
        write_file(options.json, walk_forward_to_json(result).encode(), option="--json")
    if options.stores:
        layers = prepared.layers or strategy.confluence.layers
        output.print(await _keep(written, running, result, layers))


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


async def _keep(
    written: Settings,
    running: RunningParameters,
    result: WalkForwardResult,
    layers: Sequence[LayerName],
) -> str:
    """Keep the set, where there is anything to recommend; says which, or why there is none."""
    if not is_recommended(result):
        return (
            "No parameter set is kept: values that brought no trade where the newest window fitted "
            "them, or none in the tests, are no recommendation."
        )
    kept = await store_recommended(written, running, result, layers)
    return (
        f"The values are kept as parameter set {kept.version}{_beside(kept, result)}. Nothing "
        f"goes live by itself: `python -m app parameters use {kept.version}` does that."
    )


def _beside(kept: ParameterSet, result: WalkForwardResult) -> str:
    """What the set holds beside the values that were found."""
    others = len(kept.values) - len(result.recommended)
    return f", with {others} more of the live set that were not searched" if others else ""
