"""`python -m app record`: records a venue's public data until interrupted or for some hours."""

import asyncio
import contextlib
import math
import random  # noqa: TID251 - app owns randomness
import signal
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.progress import Progress, TextColumn, TimeElapsedColumn

from app.clock import ExchangeClock
from app.logging import configure_logging
from app.settings import load_settings
from app.settings.sections import ExchangeSettings
from app.supervisor import Supervisor
from domain.errors import ConfigurationError
from exchanges.binance.routes import BASE_URL as STREAMS_URL
from exchanges.recordings import RecordingWriter, Session
from exchanges.recordings.event_times import streams_of
from exchanges.recordings.listed_pairs import checked_pairs
from exchanges.recordings.recorder import Recorder
from exchanges.recordings.rest_source import BASE_URL as ANSWERS_URL
from exchanges.recordings.rest_source import RestSource
from exchanges.venues import BINANCE_USDM
from exchanges.weight import WeightBudget

_LOOK_SECONDS = 0.25
_MEGABYTE = 1_000_000
_NS_PER_MINUTE = 60_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordOptions:
    """What to record, where to, and for how long (None: until interrupted)."""

    pairs: str
    out: Path
    hours: float | None = None
    rotate_minutes: float = 60.0


async def run_recorder(options: RecordOptions) -> None:
    """Record until Ctrl-C, SIGTERM or the end of the hours; what is written stays readable."""
    _refuse_impossible_times(options)
    settings = load_settings()
    exchange = settings.exchange
    _refuse_other_venues(exchange)
    clock = ExchangeClock(speed=exchange.clock_speed)
    configure_logging(settings.logging, now=clock.now)
    budget = WeightBudget(
        clock,
        weight_per_minute=BINANCE_USDM.weight_per_minute,
        share=settings.strategy.market_data.weight_share,
    )
    async with RestSource(exchange.rest_url or ANSWERS_URL, budget) as source:
        pairs = await checked_pairs(source, options.pairs)
        origin = exchange.ws_url or STREAMS_URL
        session = Session(
            begun=clock.now().isoformat(),
            origin=origin,
            pairs=tuple(pairs),
            streams=tuple(streams_of(pairs)),
        )
        rotate_ns = round(options.rotate_minutes * _NS_PER_MINUTE)
        with RecordingWriter(options.out, session, rotate_ns=rotate_ns) as writer:
            recorder = Recorder(
                # Jitter only spreads reconnects over time.
                writer,
                source,
                clock,
                random.random,
                pairs=pairs,
                ws_url=origin,
            )
            await _record(recorder, writer, clock, options)


def _refuse_impossible_times(options: RecordOptions) -> None:
    times = {"--hours": options.hours, "--rotate-minutes": options.rotate_minutes}
    for name, value in times.items():
        if value is not None and not 0 < value < math.inf:
            raise ConfigurationError(f"{name} is {value:g}; give a time above 0, or leave it away")


def _refuse_other_venues(exchange: ExchangeSettings) -> None:
    if exchange.name != BINANCE_USDM.exchange_id:
        raise ConfigurationError(
            f"EXCHANGE is {exchange.name}; recordings can be made of "
            f"{BINANCE_USDM.exchange_id} only"
        )


async def _record(
    recorder: Recorder, writer: RecordingWriter, clock: ExchangeClock, options: RecordOptions
) -> None:
    supervisor = Supervisor(clock)
    finished = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, finished.set)
    console = Console(stderr=True)
    console.print(f"recording into {options.out}; Ctrl-C ends it", highlight=False)
    with _progress(console) as progress:
        supervisor.spawn("recorder", recorder.run())
        supervisor.spawn("progress", _show(recorder, writer, clock, progress))
        if options.hours is not None:
            supervisor.spawn("end", _end_after(options.hours, clock, finished))
        try:
            await supervisor.run_until(finished)
        finally:
            await supervisor.stop()
    console.print(_summary(recorder, writer), highlight=False)


async def _end_after(hours: float, clock: ExchangeClock, finished: asyncio.Event) -> None:
    await clock.sleep(hours * 3600)
    finished.set()


@contextlib.contextmanager
def _progress(console: Console) -> Iterator[Progress]:
    columns = (TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        yield progress


async def _show(
    recorder: Recorder, writer: RecordingWriter, clock: ExchangeClock, progress: Progress
) -> None:
    line = progress.add_task("", total=None)
    messages, looked = 0, clock.monotonic()
    while True:
        await asyncio.sleep(_LOOK_SECONDS)
        now = clock.monotonic()
        rate = (recorder.tally.messages - messages) / (now - looked)
        messages, looked = recorder.tally.messages, now
        text = f"{_summary(recorder, writer)} · {rate:,.0f} messages/s"
        progress.update(line, description=text)


def _summary(recorder: Recorder, writer: RecordingWriter) -> str:
    tally = recorder.tally
    asked, questions = tally.opening
    beginning = f"history {asked}/{questions} · " if asked < questions else ""
    return (
        f"{beginning}{tally.messages:,} messages · {tally.body_bytes / _MEGABYTE:,.1f} MB, "
        f"{writer.bytes_written / _MEGABYTE:,.1f} MB on disk · {tally.answers:,} answers, "
        f"{tally.failed} failed · {tally.gaps} gaps"
    )
