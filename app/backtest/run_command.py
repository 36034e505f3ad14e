"""`python -m app backtest`: from the command line's words to a report."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from rich.console import Console

from app.backtest.database import recorded_observations, store_outcomes, store_verdict
from app.backtest.digests import digest_of
from app.backtest.progress import shown_progress
from app.backtest.randomness import drawing
from app.backtest.runner import CheckedRun, RunRequest, run_checked
from app.backtest.scoring import open_scoring, read_history
from app.backtest.selection import ALL_PAIRS, Stretch
from app.backtest.strategies import parse_layers, strategy_under_test
from app.backtest.verdicts import verdict_on
from app.garbage import keep_everything
from app.live_parameters import lay_over_live_set
from app.output_files import refuse_unwritable, write_file
from app.settings import Settings, load_settings
from domain.errors import ConfigurationError
from domain.readiness import ReadinessVerdict
from domain.timeframes import Timeframe
from engine.backtest.metrics import measure
from engine.backtest.metrics.values import BacktestReport
from engine.backtest.observations import NOTHING_OBSERVED, Observations
from research.reports import render_html, render_terminal, to_json

_WIDTH: Final = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class BacktestOptions:
    """What was asked on the command line."""

    root: Path
    pairs: str
    start: datetime | None
    end: datetime | None
    layers: str | None
    processes: int
    uses_observations: bool
    html: Path | None
    json: Path | None
    fills: Timeframe | None
    stores_verdict: bool
    remembers: bool


async def run_command(options: BacktestOptions) -> None:
    """Run, print, and write what was asked for."""
    refuse_unwritable(options.json, option="--json")
    refuse_unwritable(options.html, option="--html")
    _refuse_partial_gate(options)
    if options.remembers and options.layers:
        raise ConfigurationError(
            "--remember gives outcomes to the strategy in force, --layers tests another one; "
            "switch layers in the strategy file ([confluence] layers), or leave --remember away"
        )
    settings, running = await lay_over_live_set(load_settings())
    run = await _run(options, settings)
    report = _measured(run, options, settings)
    output = Console(width=_WIDTH, highlight=False)
    verdict = verdict_on(report, settings, running.version)
    output.print(render_terminal(report, verdict))
    output.print(f"Guards: {run.guards}")
    _write(report, verdict, options)
    if options.stores_verdict:
        await store_verdict(settings, verdict)
        output.print("The verdict is stored: live trading goes by it from now on.")
    if options.remembers:
        added = await store_outcomes(settings, run.result)
        output.print(
            f"{added} outcomes are in the bot's memory, marked as backtested, in place of what "
            "earlier backtests of these pairs and this period had left there."
        )


def _refuse_partial_gate(options: BacktestOptions) -> None:
    """The gate opens for all pairs: whoever chooses what is tested can choose what passes."""
    if not options.stores_verdict:
        return
    if options.layers:
        raise ConfigurationError(
            "--gate judges the strategy in force, --layers tests another one; switch layers in the "
            "strategy file ([confluence] layers), or leave --gate away"
        )
    chosen = {
        "--pairs": options.pairs != ALL_PAIRS,
        "--from": options.start is not None,
        "--to": options.end is not None,
        "--fills": options.fills is not None,
    }
    names = ", ".join(name for name, is_given in chosen.items() if is_given)
    if names:
        raise ConfigurationError(
            f"--gate judges all that is stored, on its finest candles, and {names} would choose "
            "from it what is judged; leave --gate away to look at a part, or give it a folder of "
            "candles of its own (--root)"
        )


async def _run(options: BacktestOptions, settings: Settings) -> CheckedRun:
    strategy = strategy_under_test(settings.strategy, parse_layers(options.layers))
    observations: Observations = NOTHING_OBSERVED
    if options.uses_observations:
        observations = await recorded_observations(settings, options.start, options.end)
    request = RunRequest(
        root=options.root,
        pairs=options.pairs,
        start=options.start,
        end=options.end,
        strategy=strategy,
        observations=observations,
        fills=options.fills,
    )
    console = Console(stderr=True)
    with (
        keep_everything(),
        open_scoring(options.processes) as score,
        shown_progress(console) as progress,
    ):
        return await run_checked(request, score, progress)


def _measured(run: CheckedRun, options: BacktestOptions, settings: Settings) -> BacktestReport:
    stretch = Stretch.around(options.start, options.end, settings.strategy.correlations)
    symbols = [pair.symbol for pair in run.result.pairs]
    return measure(
        run.result,
        generator=drawing(),
        data={one: digest_of(read_history(options.root, one, stretch)) for one in symbols},
        parameters=settings.strategy.report,
        tables=settings.strategy.statistics,
    )


def _write(report: BacktestReport, verdict: ReadinessVerdict, options: BacktestOptions) -> None:
    if options.json is not None:
        write_file(options.json, to_json(report).encode(), option="--json")
    if options.html is not None:
        write_file(options.html, render_html(report, verdict).encode(), option="--html")
