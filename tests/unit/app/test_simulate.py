"""The scenes of `simulate`: all are named in its help, each has a quarter of an hour to itself."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner

from app.command_line import commands
from app.simulate import SimulationOptions, scenes
from domain.timeframes import Timeframe, from_ms
from exchanges.simulator import SCENARIOS, synthetic_market, with_scenarios

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
    assert "leave --candles, --start and --scenario away" in output


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
