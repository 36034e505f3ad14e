"""`python -m app demo`: the product against a simulated venue, accelerated, with a summary."""

import asyncio
import contextlib
import shutil
import signal
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from app.application import Application
from app.assembly import Surroundings
from app.clock import ExchangeClock
from app.demo_summary import DemoSummary, print_summary, summarise
from app.demo_trades import read_paper_trades
from app.logging import configure_logging
from app.outlets import open_terminal_outlet
from app.output_files import refuse_unwritable, write_file
from app.settings import Settings, load_settings
from app.supervisor import Supervisor
from app.venue_process import VenueAddress, simulated_venue
from domain.counting import many
from domain.errors import ConfigurationError

_FOLDER = Path("var/demo")
_SYNTHETIC_START = datetime(2026, 1, 5, 15, tzinfo=UTC)
_SYNTHETIC_DAYS = 0.39
"""From the afternoon into the night, so that the daily report of midnight is part of it."""

_RECORDED_DAYS = 1.0
_DRAIN_SECONDS = 10.0
_SPARE_DAYS = 0.25
"""The venue plays a little longer than the demo, so that it never stands still under the bot."""


_KEY = "demo"
_DEMO_KEYS = {
    "whale_alert_key": _KEY,
    "etherscan_key": _KEY,
    "lunarcrush_key": _KEY,
    "x_token": _KEY,
    "smart_wallets": tuple(f"0x{number:040x}" for number in range(0xA11CE, 0xA11CE + 6)),
}
"""Any key opens the simulated providers, and any wallet there trades."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoOptions:
    """What to play."""

    candles: Path | None = None
    start: datetime | None = None
    days: float | None = None
    speed: float = 600.0
    seed: int = 7
    pairs: int = 40
    json: Path | None = None


async def run_demo(options: DemoOptions) -> None:
    """Play to the end, or until Ctrl-C; print the summary either way."""
    options = _with_defaults(options)
    refuse_unwritable(options.json, option="--json")
    shutil.rmtree(_FOLDER, ignore_errors=True)
    console = Console()
    console.print(_introduction(options))
    async with simulated_venue(_venue_arguments(options)) as venue:
        summary = await _play(options, venue, console)
    print_summary(summary, console)
    if options.json is not None:
        write_file(options.json, summary.to_json().encode(), option="--json")


async def _play(options: DemoOptions, venue: VenueAddress, console: Console) -> DemoSummary:
    settings = _settings(options, venue)
    clock = ExchangeClock(speed=options.speed)
    redactor = configure_logging(settings.logging, now=clock.now)
    supervisor = Supervisor(clock)
    began = clock.monotonic()
    with _progress(console) as progress:
        loading = progress.add_task("loading history", total=None)
        application = Application(
            settings,
            Surroundings(
                clock=clock,
                supervisor=supervisor,
                wake=asyncio.Event(),
                open_outlet=lambda parts: open_terminal_outlet(parts, console),
                on_progress=lambda done, total: progress.update(
                    loading, completed=done, total=total
                ),
                hide=redactor.learn,
            ),
        )
        finished = asyncio.Event()
        supervisor.spawn("start", application.start())
        supervisor.spawn(
            "play", _until_end(options, application, clock, progress, loading, finished)
        )
        _on_interrupt(finished)
        try:
            await supervisor.run_until(finished)
            paper = await read_paper_trades(application, clock)
        finally:
            await application.stop()
    return summarise(application, venue, paper=paper, seconds=clock.monotonic() - began)


async def _until_end(
    options: DemoOptions,
    application: Application,
    clock: ExchangeClock,
    progress: Progress,
    loading: TaskID,
    finished: asyncio.Event,
) -> None:
    await application.ready.wait()
    progress.update(loading, visible=False)
    # From when the bot is ready, so that a slow machine does not spend the demo on its start.
    start, length = clock.now(), _length(options)
    end = start + length
    playing = progress.add_task("", total=length.total_seconds())
    while (now := clock.now()) < end:
        tally = application.tally
        progress.update(
            playing,
            completed=(now - start).total_seconds(),
            description=(
                f"{now:%Y-%m-%d %H:%M} UTC · {many(tally.decisions, 'decision')} · "
                f"{many(tally.signals, 'signal')} · {sum(tally.outcomes.values())} ended"
            ),
        )
        await asyncio.sleep(0.2)
    await application.stop_jobs()
    await asyncio.wait_for(_drained(application), _DRAIN_SECONDS)
    finished.set()


async def _drained(application: Application) -> None:
    while True:
        async with application.storage() as unit:
            depth = await unit.outbox.depth()
        if depth.pending == 0:
            return
        await asyncio.sleep(0.05)


def _with_defaults(options: DemoOptions) -> DemoOptions:
    if options.candles is None:
        return replace(
            options,
            start=options.start or _SYNTHETIC_START,
            days=options.days or _SYNTHETIC_DAYS,
        )
    if options.start is None:
        raise ConfigurationError(
            "--candles needs --start: the UTC day at which the recorded market begins, for example "
            "--start 2025-10-06; what lies before it is loaded as history"
        )
    return replace(options, days=options.days or _RECORDED_DAYS)


def _start(options: DemoOptions) -> datetime:
    if options.start is None:
        raise ConfigurationError("a demo needs a start")
    return options.start.replace(tzinfo=UTC)


def _length(options: DemoOptions) -> timedelta:
    if options.days is None:
        raise ConfigurationError("a demo needs a length")
    return timedelta(days=options.days)


def _venue_arguments(options: DemoOptions) -> list[str]:
    start = _start(options)
    arguments = ["--port", "0", "--speed", str(options.speed), "--seed", str(options.seed)]
    arguments += ["--pairs", str(options.pairs), "--start", f"{start:%Y-%m-%dT%H:%M}"]
    arguments += ["--days", str((options.days or 0) + _SPARE_DAYS)]
    if options.candles is not None:
        arguments += ["--candles", str(options.candles)]
    return arguments


def _settings(options: DemoOptions, venue: VenueAddress) -> Settings:
    """The shipped settings, whatever the environment says: a demo touches nothing of the user's."""
    return load_settings(
        environ={},
        env_file=None,
        overrides={
            "exchange": {
                "rest_url": venue.rest_url,
                "ws_url": venue.ws_url,
                "clock_speed": options.speed,
            },
            "feeds": {"base_url": venue.feeds_url, **_DEMO_KEYS},
            "trading": {"auto": True},
            "storage": {
                "database_url": f"sqlite+aiosqlite:///{_FOLDER / 'demo.sqlite'}",
                "backups_kept": 0,
            },
            "monitoring": {"port": 0},
            "logging": {"level": "error"},
        },
    )


def _introduction(options: DemoOptions) -> str:
    hours = _length(options).total_seconds() / 3600
    market = f"recorded candles of {options.candles}" if options.candles else "a synthetic market"
    return (
        f"[bold]Quorum demo[/bold]: {market}, {hours:.1f} hours from "
        f"{_start(options):%Y-%m-%d %H:%M} UTC, {options.speed:g} times as fast as real time. "
        "Same wiring as live, real sockets to a simulated venue in a process of its own. Ctrl-C "
        "ends it."
    )


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield progress


def _on_interrupt(finished: asyncio.Event) -> None:
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, finished.set)
