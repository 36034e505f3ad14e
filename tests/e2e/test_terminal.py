"""Without a token everything goes to the terminal; and the demo does that by itself, to its end."""

import asyncio
import json
import os
import pty
from collections.abc import AsyncIterator
from dataclasses import fields
from pathlib import Path

import pytest

from app.demo_summary import DemoSummary
from tests.e2e.bot_process import BotProcess, started, variables_for
from tests.e2e.line import Line, open_line
from tests.e2e.waiting import until_seen
from tests.servers.databases import MigratedDatabases

pytestmark = pytest.mark.timeout(240)

DEMO = ["demo", "--pairs", "4", "--days", "0.06", "--speed", "600", "--json", "summary.json"]


@pytest.fixture(scope="module", autouse=True)
async def demo(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[BotProcess]:
    """A demo that plays while the other tests run."""
    async with started(tmp_path_factory.mktemp("terminal") / "demo", DEMO, {}) as process:
        yield process


@pytest.fixture(scope="module")
async def line(databases: MigratedDatabases) -> AsyncIterator[Line]:
    """A line without a bot."""
    async with open_line(await databases.blank("sqlite"), pairs=4) as opened:
        yield opened


async def test_a_pipe_gets_plain_posts_and_their_changes(line: Line, tmp_path: Path) -> None:
    async with started(tmp_path / "bot", ["run"], variables_for(line, tmp_path)) as bot:
        await until_seen(lambda: "↻ #1 " in bot.printed, "signal 1 does not change")
        assert await bot.terminate() == 0
    assert "--- channel\n" in bot.printed
    assert "[1] ⚡ Execute  [2] 🔍 Why  [3] 📈 Chart\n" in bot.printed
    assert "\x1b" not in bot.printed
    assert "Traceback" not in bot.logged


async def test_at_a_terminal_a_typed_number_presses_a_button(line: Line, tmp_path: Path) -> None:
    ours, theirs = pty.openpty()
    screen = bytearray()
    asyncio.get_running_loop().add_reader(ours, lambda: screen.extend(os.read(ours, 65_536)))
    try:
        variables = {**variables_for(line, tmp_path), "TERM": "xterm"}
        async with started(tmp_path / "bot", ["run"], variables, terminal=theirs) as bot:
            await until_seen(lambda: "[2] 🔍 Why".encode() in screen, "no signal with a button")
            shown = len(screen)
            os.write(ours, b"2\n")
            await until_seen(lambda: b"Costs of a round trip" in screen[shown:], "no reasons")
            assert await bot.terminate() == 0
    finally:
        asyncio.get_running_loop().remove_reader(ours)
        os.close(ours)
        os.close(theirs)
    assert "╭─".encode() in screen


async def test_the_demo_plays_to_its_end_and_sums_up(demo: BotProcess) -> None:
    assert await demo.wait() == 0
    assert "Demo summary" in demo.printed
    assert "Traceback" not in demo.logged
    summary = json.loads((demo.folder / "summary.json").read_text())
    assert list(summary) == [field.name for field in fields(DemoSummary)]
    assert summary["closes"] > summary["late_closes"]
    assert summary["candles"] > summary["decisions"] > 0
    assert summary["decisions"] >= summary["signals"] + summary["denied"]
    assert summary["posts"] >= summary["signals"] >= sum(summary["outcomes"].values())
    assert 0 < summary["seconds"] < 60
    if summary["signals"]:
        assert 0 < summary["p50_ms"] <= summary["p99_ms"]
