"""The scenes of `simulate`: all are named in its help, each has a quarter of an hour to itself."""

import asyncio
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.command_line import commands
from app.simulate import SimulationOptions, scenes, traders
from domain.timeframes import Timeframe, from_ms
from exchanges.simulator import SCENARIOS, USUAL_ACCOUNT, synthetic_market, with_scenarios

QUARTER = Timeframe.M15
SMALL = ("--pairs", "2", "--days", "0.05", "--port", "0")


def run(*arguments: str) -> tuple[int, str]:
    """Exit code and everything printed, as wide as a broad terminal."""
    result = CliRunner().invoke(commands, ["simulate", *arguments], env={"COLUMNS": "200"})
    return result.exit_code, " ".join((result.output + result.stderr).split())


def test_help_names_every_scene_and_no_other() -> None:
    code, output = run("--help")
    named = output.partition("Names: ")[2].partition(".")[0]
    assert code == 0
    assert sorted(named.replace("│", "").replace(",", " ").split()) == sorted(SCENARIOS)


def test_an_unknown_scene_is_told_with_those_that_there_are() -> None:
    code, output = run("--scenario", "tulip-mania", *SMALL)
    assert code == 2
    assert "unknown scenario 'tulip-mania'" in output
    assert all(name in output for name in SCENARIOS)


def test_a_recording_takes_no_scenes(tmp_path: Path) -> None:
    code, output = run("--recording", str(tmp_path), "--scenario", "ask-wall")
    assert code == 2
    assert "leave --candles, --start, --scenario and --account away" in output


def test_a_recording_has_no_accounts(tmp_path: Path) -> None:
    code, output = run("--recording", str(tmp_path), "--account", "a:key:secret")
    assert code == 2
    assert "nobody can trade there" in output


def test_without_accounts_there_is_the_usual_one() -> None:
    assert traders(()) == (USUAL_ACCOUNT,)


def test_accounts_are_read_as_they_are_written() -> None:
    ann, bob = traders(("ann:key-1:secret-1", "bob:key-2:secret-2"))
    assert (ann.name, ann.api_key, ann.secret) == ("ann", "key-1", "secret-1")
    assert (bob.name, bob.api_key, bob.secret) == ("bob", "key-2", "secret-2")


@pytest.mark.parametrize(
    "written", ["ann", "ann:key-1", "ann::hush-hush", "ann:key-1:hush-hush:more", "ann:kéy:hush"]
)
def test_an_account_that_is_none_is_told_without_its_secret(written: str) -> None:
    code, output = run("--account", written, *SMALL)
    assert code == 2
    assert "--account ann:... is not name:key:secret" in output
    assert "hush" not in output


@pytest.mark.parametrize("second", ["ann:key-2:hush-hush", "bob:key-1:hush-hush"])
def test_accounts_do_not_share_a_name_or_a_key(second: str) -> None:
    code, output = run("--account", "ann:key-1:hush-hush", "--account", second, *SMALL)
    assert code == 2
    assert "two have the same name or key" in output
    assert "hush" not in output


@pytest.mark.parametrize("minute", [0, 1, 14, 29, 59])
def test_each_scene_leads_up_to_a_close_of_its_own(minute: int) -> None:
    start = datetime(2026, 1, 5, 14, minute)  # noqa: DTZ001 - as the command line parses it
    options = SimulationOptions(start=start, scenarios=tuple(SCENARIOS))
    begins = [from_ms(one.start_ms) for one in scenes(options)]
    closes = [QUARTER.next_boundary(at) for at in begins]
    assert [one.name for one in scenes(options)] == list(SCENARIOS)
    assert all(close - at <= timedelta(minutes=5) for at, close in zip(begins, closes, strict=True))
    first = QUARTER.next_boundary(start.replace(tzinfo=UTC)) + QUARTER.length
    assert closes == [first + number * QUARTER.length for number in range(len(SCENARIOS))]


def test_all_scenes_fit_into_one_market_one_after_another() -> None:
    options = SimulationOptions(scenarios=tuple(SCENARIOS))
    wanted = scenes(options)
    market = synthetic_market(
        pairs=1,
        seed=3,
        start_ms=wanted[0].start_ms - 15 * 60_000,
        history_minutes=60,
        forward_minutes=180,
    )
    played = with_scenarios(market, wanted)
    assert len(played.pairs[0].scripts) == len(SCENARIOS)


def test_without_scenes_nothing_is_played() -> None:
    assert scenes(SimulationOptions()) == []


async def test_an_announced_venue_ends_with_whoever_started_it() -> None:
    venue = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "app", "simulate", "--announce", *SMALL),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    assert venue.stdin is not None
    assert venue.stdout is not None
    assert b"rest_url" in await venue.stdout.readline()
    assert venue.returncode is None
    venue.stdin.close()
    assert await asyncio.wait_for(venue.wait(), 20) == 0
