"""`python -m app simulate`: a simulated venue in this process, made up or recorded."""

import asyncio
import json
import os
import re
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from app.clock import ExchangeClock
from app.market_view import VenueView
from app.supervisor import Supervisor
from domain.errors import ConfigurationError
from domain.timeframes import Timeframe, to_ms
from exchanges.recordings import Recording
from exchanges.simulator import (
    USUAL_ACCOUNT,
    Market,
    Scenario,
    SimulatedAccount,
    SimulatedVenue,
    SimulatorClock,
    SimulatorSettings,
    held_ms,
    recorded_market,
    synthetic_market,
    with_scenarios,
)
from exchanges.simulator.playback import PlaybackVenue
from feeds.simulator import World, feed_routes

_DAY_MINUTES = 1440
_HISTORY_DAYS = 18
"""Ahead of the start: enough for 1,500 candles of 15 minutes and 400 of an hour."""

_SCENE_SYMBOL = "BTCUSDT"
_SCENE_LEAD = timedelta(minutes=5)
"""From the begin of a scene to the close of a candle; scenes last four or five minutes."""

_KEY_AND_SECRET = 2
_A_LITTLE = 1024
_WORD = re.compile(r"[A-Za-z0-9_-]{1,128}")
"""What the venue takes for a key."""

_DEFAULT_START = datetime(2026, 1, 5, 14, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class SimulationOptions:
    """What to play, how fast, and where to listen."""

    host: str = "127.0.0.1"
    port: int = 0
    candles: Path | None = None
    recording: Path | None = None
    start: datetime | None = None
    days: float = 3.0
    speed: float = 1.0
    seed: int = 42
    pairs: int = 40
    scenarios: tuple[str, ...] = ()
    accounts: tuple[str, ...] = ()
    announce: bool = False
    hold: bool = False


class LocalVenue(Protocol):
    """What this command serves."""

    clock: SimulatorClock

    @property
    def rest_url(self) -> str:
        """Base URL of REST."""

    @property
    def ws_url(self) -> str:
        """Base URL of the stream routes."""

    async def start(self) -> None:
        """Listen, and let time run."""

    async def stop(self) -> None:
        """Close every connection and the port."""


async def run_simulator(options: SimulationOptions) -> None:
    """Serve until interrupted."""
    wall = ExchangeClock()
    supervisor = Supervisor(wall)
    venue, described = (
        _made_up_venue(options, wall, supervisor)
        if options.recording is None
        else _recorded_venue(options.recording, options, wall, supervisor)
    )
    interrupted = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, interrupted.set)
    if options.announce:
        _end_with_starter(loop, interrupted)
    async with _listening(venue, options):
        print(_greeting(venue, described, options), flush=True)  # noqa: T201 - a command answers on stdout
        await supervisor.run_until(interrupted)
    await supervisor.stop()


def _end_with_starter(loop: asyncio.AbstractEventLoop, interrupted: asyncio.Event) -> None:
    """A program that was killed cannot end what it started; but its end of the pipe is closed."""

    def look() -> None:
        if not os.read(sys.stdin.fileno(), _A_LITTLE):
            loop.remove_reader(sys.stdin.fileno())
            interrupted.set()

    loop.add_reader(sys.stdin.fileno(), look)


@asynccontextmanager
async def _listening(venue: LocalVenue, options: SimulationOptions) -> AsyncIterator[None]:
    try:
        await venue.start()
    except (OSError, UnicodeError) as error:  # the latter for a name that no machine can have
        reason = getattr(error, "strerror", None) or error
        raise ConfigurationError(
            f"cannot listen on {options.host} port {options.port}: {reason}; choose "
            "another address with --host and --port (0 takes a free port)"
        ) from None
    if options.hold:
        venue.clock.hold()
    try:
        yield
    finally:
        await venue.stop()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Described:
    """What is played: in words, the timeframe below which candles are made up, what else answers.

    `has_feeds` says that providers of outside data answer, too.
    """

    origin: str
    interpolated_below: str | None = None
    has_feeds: bool = False


def _made_up_venue(
    options: SimulationOptions, wall: ExchangeClock, supervisor: Supervisor
) -> tuple[LocalVenue, _Described]:
    market = with_scenarios(_market(options), scenes(options))
    clock = SimulatorClock(to_ms(_start(options)), options.speed, wall.monotonic)
    world = World(VenueView(market), seed=options.seed, now=clock.now_ms, held=held_ms)
    venue = SimulatedVenue(
        market,
        clock,
        spawn=supervisor.spawn,
        guests=feed_routes(world),
        host=options.host,
        port=options.port,
        settings=SimulatorSettings(accounts=traders(options.accounts)),
    )
    return venue, _Described(
        origin=market.origin, interpolated_below=market.interpolated_below, has_feeds=True
    )


def _recorded_venue(
    folder: Path, options: SimulationOptions, wall: ExchangeClock, supervisor: Supervisor
) -> tuple[LocalVenue, _Described]:
    if any((options.candles, options.start, options.scenarios, options.accounts)):
        raise ConfigurationError(
            "--recording plays what was recorded, from its beginning, and nobody can trade there; "
            "leave --candles, --start, --scenario and --account away"
        )
    venue = PlaybackVenue(
        Recording(folder),
        speed=options.speed,
        wall=wall.monotonic,
        spawn=supervisor.spawn,
        host=options.host,
        port=options.port,
    )
    return venue, _Described(origin=venue.origin)


def traders(written: Sequence[str]) -> tuple[SimulatedAccount, ...]:
    """Accounts written `name:key:secret`; without any, the usual one.

    Raises `ConfigurationError`, which repeats no secret.
    """
    accounts = tuple(_trader(text) for text in written) or (USUAL_ACCOUNT,)
    names, keys = {one.name for one in accounts}, {one.api_key for one in accounts}
    if min(len(names), len(keys)) < len(accounts):
        raise ConfigurationError("--account: two have the same name or key; give each its own")
    return accounts


def _trader(written: str) -> SimulatedAccount:
    name, *rest = written.split(":")
    if len(rest) != _KEY_AND_SECRET or not all(_WORD.fullmatch(part) for part in (name, *rest)):
        raise ConfigurationError(
            f"--account {name}:... is not name:key:secret, each of letters, digits, hyphens and "
            "underscores, at most 128 of them"
        )
    return SimulatedAccount(name=name, api_key=rest[0], secret=rest[1])


def scenes(options: SimulationOptions) -> list[Scenario]:
    """The scenes asked for, one in each quarter of an hour, the first in the first whole one.

    Each begins in the last minutes of its quarter, so that the close is decided with it in view.
    """
    close = Timeframe.M15.next_boundary(_start(options))
    return [
        Scenario(
            name=name,
            symbol=_SCENE_SYMBOL,
            start_ms=to_ms(close + (number + 1) * Timeframe.M15.length - _SCENE_LEAD),
        )
        for number, name in enumerate(options.scenarios)
    ]


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


def _greeting(venue: LocalVenue, described: _Described, options: SimulationOptions) -> str:
    interpolated = described.interpolated_below
    feeds = f"{venue.rest_url}/feeds" if described.has_feeds else None
    if options.announce:
        return json.dumps(
            {
                "rest_url": venue.rest_url,
                "ws_url": venue.ws_url,
                "interpolated_below": interpolated,
                "feeds_url": feeds,
            }
        )
    note = f"; candles finer than {interpolated} are interpolated" if interpolated else ""
    held = "; time stands until POST /simulator/release" if options.hold else ""
    return (
        f"{described.origin}, speed {options.speed:g}{note}{held}\n"
        f"REST {venue.rest_url}  WebSocket {venue.ws_url}"
        f"{f'  providers {feeds}' if feeds else ''}  (Ctrl-C ends it)"
    )
