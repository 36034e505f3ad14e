"""`python -m app simulate`: a simulated venue in this process."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from app.clock import ExchangeClock
from app.supervisor import Supervisor
from domain.errors import ConfigurationError
from domain.timeframes import to_ms
from exchanges.simulator import (
    Market,
    SimulatedVenue,
    SimulatorClock,
    recorded_market,
    synthetic_market,
)

_DAY_MINUTES = 1440
_HISTORY_DAYS = 18
"""Ahead of the start: enough for 1,500 candles of 15 minutes and 400 of an hour."""

_DEFAULT_START = datetime(2026, 1, 5, 14, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationOptions:
    """What to play, how fast, and where to listen."""

    host: str = "127.0.0.1"
    port: int = 0
    candles: Path | None = None
    start: datetime | None = None
    days: float = 3.0
    speed: float = 1.0
    seed: int = 42
    pairs: int = 40
    announce: bool = False


async def run_simulator(options: SimulationOptions) -> None:
    """Serve until interrupted."""
    wall = ExchangeClock()
    supervisor = Supervisor(wall)
    venue = SimulatedVenue(
        _market(options),
        SimulatorClock(to_ms(_start(options)), options.speed, wall.monotonic),
        spawn=supervisor.spawn,
        host=options.host,
        port=options.port,
    )
    interrupted = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, interrupted.set)
    async with _listening(venue, options):
        print(_greeting(venue, options), flush=True)  # noqa: T201 - a command answers on stdout
        await interrupted.wait()
    await supervisor.stop()


@asynccontextmanager
async def _listening(venue: SimulatedVenue, options: SimulationOptions) -> AsyncIterator[None]:
    try:
        await venue.start()
    except OSError as error:
        raise ConfigurationError(
            f"cannot listen on {options.host} port {options.port}: {error.strerror}; choose "
            "another address with --host and --port (0 takes a free port)"
        ) from None
    try:
        yield
    finally:
        await venue.stop()


def _start(options: SimulationOptions) -> datetime:
    return options.start.replace(tzinfo=UTC) if options.start else _DEFAULT_START


def _market(options: SimulationOptions) -> Market:
    start_ms = to_ms(_start(options))
    if options.candles is not None:
        if options.start is None:
            raise ConfigurationError(
                "--candles needs --start: the UTC day at which the recorded market begins"
            )
        return recorded_market(
            options.candles,
            start_ms=start_ms,
            seed=options.seed,
            history_minutes=_HISTORY_DAYS * _DAY_MINUTES,
            forward_minutes=round(options.days * _DAY_MINUTES),
        )
    return synthetic_market(
        pairs=options.pairs,
        seed=options.seed,
        start_ms=start_ms,
        history_minutes=_HISTORY_DAYS * _DAY_MINUTES,
        forward_minutes=round(options.days * _DAY_MINUTES),
    )


def _greeting(venue: SimulatedVenue, options: SimulationOptions) -> str:
    if options.announce:
        return json.dumps(
            {
                "rest_url": venue.rest_url,
                "ws_url": venue.ws_url,
                "interpolated_below": venue.market.interpolated_below,
            }
        )
    interpolated = venue.market.interpolated_below
    note = f"; candles finer than {interpolated} are interpolated" if interpolated else ""
    return (
        f"{venue.market.origin}, speed {options.speed:g}{note}\n"
        f"REST {venue.rest_url}  WebSocket {venue.ws_url}  (Ctrl-C ends it)"
    )
