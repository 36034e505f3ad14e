"""The bot as an operator runs it: a process with variables, a strategy file, and an end."""

import multiprocessing
import os
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from app.settings.strategy import Strategy
from app.strategy_file import render
from tests.e2e.line import EAGER, OPERATOR_ID, SPEED, Line
from tests.e2e.waiting import until_seen
from tests.telegram_server import CHANNEL_ID, TOKEN

_GOODBYE_SECONDS = 10.0
_REPOSITORY = Path(__file__).parents[2]
_HEAVY = ["app.run", "bot.application", "bot.telegram", "ccxt.async_support", "db.migrate"]

_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload([*_HEAVY, __name__])


@dataclass(frozen=True, slots=True, kw_only=True)
class BotProcess:
    """A process that runs a command of ours; what it writes goes to two files in its folder."""

    pid: int
    find_exit_code: Callable[[], int | None]
    folder: Path

    @property
    def printed(self) -> str:
        """What it wrote to standard output so far."""
        return (self.folder / "output").read_text()

    @property
    def logged(self) -> str:
        """What it wrote to standard error so far."""
        return (self.folder / "errors").read_text()

    async def kill(self) -> None:
        """End it as a power cut would."""
        os.kill(self.pid, signal.SIGKILL)
        await self.wait()

    async def terminate(self) -> int:
        """Ask it to end, as systemd and Docker do; its exit code, within the time Docker allows."""
        os.kill(self.pid, signal.SIGTERM)
        return await self.wait(seconds=_GOODBYE_SECONDS)

    async def interrupt_twice(self, noticed: str) -> int:
        """Press Ctrl-C, and once more when it says that it has noticed; its exit code."""
        os.kill(self.pid, signal.SIGINT)
        await until_seen(lambda: noticed in self.logged, "Ctrl-C was not noticed")
        os.kill(self.pid, signal.SIGINT)
        return await self.wait(seconds=_GOODBYE_SECONDS)

    async def wait(self, *, seconds: float = 30.0) -> int:
        """Wait until it has ended; its exit code."""
        await until_seen(
            lambda: self.find_exit_code() is not None,
            f"{self.folder.name} does not end",
            seconds=seconds,
        )
        code = self.find_exit_code()
        assert code is not None
        return code


@asynccontextmanager
async def started(
    folder: Path,
    arguments: Sequence[str],
    variables: Mapping[str, str],
    *,
    terminal: int | None = None,
    python: str = sys.executable,
) -> AsyncIterator[BotProcess]:
    """Run `python -m app ...` in a folder of its own with no other variables than these.

    `terminal` is the descriptor of a terminal to sit at, instead of the file with the output.
    """
    command = [python, "-m", "app", *arguments]
    async with _ended(_start(folder, command, variables, terminal)) as bot:
        yield bot


@asynccontextmanager
async def forked(
    folder: Path, arguments: Sequence[str], variables: Mapping[str, str]
) -> AsyncIterator[BotProcess]:
    """The same, forked from a process that has the libraries loaded: that alone takes seconds."""
    async with _ended(_fork(folder, arguments, variables)) as bot:
        yield bot


def variables_for(line: Line, folder: Path) -> dict[str, str]:
    """Variables of a bot on this line, with its messages in the terminal."""
    strategy = folder / "strategy.toml"
    strategy.write_text(render(Strategy, EAGER))
    return {
        "EXCHANGE_REST_URL": line.venue.rest_url,
        "EXCHANGE_WS_URL": line.venue.ws_url,
        "CLOCK_SPEED": f"{SPEED:g}",
        "QUORUM_CONFIG": str(strategy),
        "MONITORING_PORT": "0",
        "BACKUPS_KEPT": "0",
    }


def telegram_variables(line: Line) -> dict[str, str]:
    """What brings its messages to Telegram instead."""
    return {
        "TELEGRAM_BOT_TOKEN": TOKEN,
        "TELEGRAM_CHANNEL_ID": str(CHANNEL_ID),
        "TELEGRAM_ADMIN_IDS": str(OPERATOR_ID),
        "TELEGRAM_API_URL": line.telegram.base_url,
    }


def _start(
    folder: Path, command: Sequence[str], variables: Mapping[str, str], terminal: int | None
) -> BotProcess:
    environment = {"PATH": os.environ["PATH"], "PYTHONPATH": str(_REPOSITORY), **variables}
    folder.mkdir()
    with (folder / "output").open("wb") as output, (folder / "errors").open("wb") as errors:
        process = subprocess.Popen(
            command,
            cwd=folder,
            env=environment,
            stdin=subprocess.DEVNULL if terminal is None else terminal,
            stdout=output if terminal is None else terminal,
            stderr=errors,
        )
    return BotProcess(pid=process.pid, find_exit_code=process.poll, folder=folder)


def _fork(folder: Path, arguments: Sequence[str], variables: Mapping[str, str]) -> BotProcess:
    folder.mkdir()
    process = _nursery.Process(target=_run_command, args=(folder, arguments, variables))
    process.start()
    assert process.pid is not None
    return BotProcess(pid=process.pid, find_exit_code=lambda: process.exitcode, folder=folder)


@asynccontextmanager
async def _ended(bot: BotProcess) -> AsyncIterator[BotProcess]:
    """The process for the length of the block, dead afterwards."""
    try:
        yield bot
    finally:
        if bot.find_exit_code() is None:
            await bot.kill()


def _run_command(folder: Path, arguments: Sequence[str], variables: Mapping[str, str]) -> None:
    """What happens in a forked process; it becomes what a shell would have started."""
    from app.command_line import commands

    os.chdir(folder)
    os.environ.clear()
    os.environ.update(variables)
    for name, descriptor in (("output", 1), ("errors", 2)):
        with (folder / name).open("wb") as file:
            os.dup2(file.fileno(), descriptor)
    commands(arguments)
