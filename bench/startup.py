"""From the start of the process to a bot that is ready: history loaded, streams subscribed.

Against a simulated venue with 40 pairs, in a process of its own. Base: a process that only imports
what such bots are usually made of (aiogram, ccxt.pro, pandas, pandas-ta, SQLAlchemy, Redis,
APScheduler) and does nothing yet.
"""

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.result import Result, interleaved, milliseconds

_RUNS = 3
USUAL_IMPORTS = (
    "import aiogram, ccxt.pro, pandas, pandas_ta_classic, sqlalchemy.ext.asyncio, redis.asyncio,"
    " apscheduler.schedulers.asyncio"
)


def run(on_progress: Callable[[int, int], None]) -> Result:
    done = 0
    with simulated_venue() as (rest_url, ws_url):

        def ours() -> float:
            with running_bot(rest_url, ws_url) as (_, seconds):
                return seconds * 1000.0

        def base() -> float:
            nonlocal done
            done += 1
            on_progress(done, _RUNS)
            return milliseconds(
                lambda: subprocess.run([sys.executable, "-c", USUAL_IMPORTS], check=True)
            )

        ours_ms, base_ms, ratio = interleaved(ours, base, _RUNS)
    help_ms = milliseconds(
        lambda: subprocess.run(
            [sys.executable, "-m", "app", "--help"], check=True, capture_output=True
        )
    )
    return Result(
        name="startup",
        ours_ms=ours_ms,
        base_ms=base_ms,
        ratio=ratio,
        runs=_RUNS,
        base="only importing the usual libraries",
        details={"pairs": 40.0, "--help, ms": help_ms},
    )


@contextmanager
def simulated_venue() -> Iterator[tuple[str, str]]:
    """A venue at real-time speed; its REST and WebSocket addresses."""
    command = [sys.executable, "-m", "app", "simulate", "--announce", "--port", "0"]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True) as process:
        if process.stdout is None:
            raise RuntimeError("the venue has no output")
        address = json.loads(process.stdout.readline())
        try:
            yield address["rest_url"], address["ws_url"]
        finally:
            process.terminate()


@contextmanager
def running_bot(rest_url: str, ws_url: str) -> Iterator[tuple[int, float]]:
    """The bot in terminal mode; its process id, and the seconds until it said that it was ready."""
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ) | {
            "EXCHANGE_REST_URL": rest_url,
            "EXCHANGE_WS_URL": ws_url,
            "FEEDS_URL": f"{rest_url}/feeds",
            "DATABASE_URL": f"sqlite+aiosqlite:///{Path(folder) / 'bench.sqlite'}",
            "LOG_FORMAT": "json",
        }
        started = time.perf_counter()
        with subprocess.Popen(
            [sys.executable, "-m", "app", "run"],
            env=environment,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
        ) as process:
            try:
                yield process.pid, _wait_until_ready(process, started)
            finally:
                process.terminate()
                process.communicate()


def _wait_until_ready(process: subprocess.Popen[str], started: float) -> float:
    if process.stderr is None:
        raise RuntimeError("the bot has no log")
    lines = []
    for line in process.stderr:
        lines.append(line)
        if '"event": "ready"' in line:
            return time.perf_counter() - started
    raise RuntimeError("the bot did not get ready:\n" + "".join(lines[-20:]))
