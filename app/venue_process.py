"""A simulated venue in a process of its own, as the demo starts it."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

from domain.errors import ConfigurationError

_STOP_SECONDS = 5.0


@dataclass(frozen=True, slots=True, kw_only=True)
class VenueAddress:
    """Where a simulated venue answers, how it makes its candles, and where its providers are."""

    rest_url: str
    ws_url: str
    interpolated_below: str | None
    feeds_url: str | None


@asynccontextmanager
async def simulated_venue(arguments: Sequence[str]) -> AsyncIterator[VenueAddress]:
    """Run `python -m app simulate --announce` with more arguments; stopped on leaving.

    It ends by itself when this process does, even by a kill. Raises `ConfigurationError` with the
    venue's own words when it does not start.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "app",
        "simulate",
        "--announce",
        *arguments,
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
    )
    try:
        yield await _read_address(process)
    finally:
        if process.returncode is None:
            process.terminate()
            try:
                await asyncio.wait_for(process.wait(), _STOP_SECONDS)
            except TimeoutError:
                process.kill()
                await process.wait()


async def _read_address(process: asyncio.subprocess.Process) -> VenueAddress:
    if process.stdout is None or process.stderr is None:
        raise ConfigurationError("the simulated venue has no pipes to answer on")
    line = await process.stdout.readline()
    if not line:
        words = (await process.stderr.read()).decode(errors="replace").strip()
        reason = words.removeprefix("error: ")
        raise ConfigurationError(f"the simulated venue did not start: {reason}")
    announced = json.loads(line)
    return VenueAddress(
        rest_url=announced["rest_url"],
        ws_url=announced["ws_url"],
        interpolated_below=announced["interpolated_below"],
        feeds_url=announced["feeds_url"],
    )
