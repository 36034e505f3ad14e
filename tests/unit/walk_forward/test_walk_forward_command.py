"""The command from its words to what it prints, writes and keeps."""

import json
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings, load_settings
from app.walk_forward.preparing import WalkForwardOptions
from app.walk_forward.run_command import run_walk_forward
from db.engine import create_database_engine
from db.migrate import upgrade
from db.unit_of_work import SqlStorage
from domain.parameter_sets import LiveChange, ParameterSet
from domain.readiness import CONFLUENCE
from tests.builders.edge_markets import MARKET_START
from tests.builders.research import make_change, make_parameter_set

STRATEGY_FILE = """
[walk_forward]
train_days = 5
test_days = 2
step_days = 2
trials = 2
least_trades = 2

[search]
ranges = ["risk.lifecycle.maximum_hold_candles 4 to 16"]
"""


LIVE = {"risk.levels.stop_atr_multiple": 1.7, "risk.lifecycle.maximum_hold_candles": 6}


def settings_in(folder: Path, strategy: str = STRATEGY_FILE) -> Settings:
    (folder / "quorum.toml").write_text(strategy)
    variables = {"DATABASE_URL": url_in(folder), "QUORUM_CONFIG": str(folder / "quorum.toml")}
    return load_settings(variables, env_file=None)


def url_in(folder: Path) -> str:
    return f"sqlite+aiosqlite:///{folder}/quorum.sqlite"


def asked_of(options: WalkForwardOptions, folder: Path) -> WalkForwardOptions:
    start = MARKET_START.replace(day=MARKET_START.day + 15)
    return replace(options, start=start, json=folder / "found.json", stores=True)


def found_in(folder: Path) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((folder / "found.json").read_text())["result"]
    return found


async def read_sets(folder: Path) -> tuple[Sequence[ParameterSet], Sequence[LiveChange]]:
    engine = create_database_engine(url_in(folder))
    async with SqlStorage(engine)() as unit:
        kept = await unit.parameter_sets.list_all(CONFLUENCE)
        changes = await unit.parameter_sets.list_changes(CONFLUENCE)
    await engine.dispose()
    return kept, changes


async def make_live(folder: Path) -> None:
    engine = create_database_engine(url_in(folder))
    await upgrade(engine)
    async with SqlStorage(engine)() as unit:
        await unit.parameter_sets.add(replace(make_parameter_set(1), values=LIVE))
        await unit.parameter_sets.add_change(CONFLUENCE, make_change(1))
        await unit.commit()
    await engine.dispose()


async def test_the_command_prints_writes_and_keeps_what_it_found(
    options: WalkForwardOptions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await run_walk_forward(asked_of(options, tmp_path), settings_in(tmp_path))
    told = capsys.readouterr().out
    assert told.startswith("Walk-forward: ")
    assert "trials were made over" in told
    assert "kept as parameter set 1. Nothing goes live by itself" in told
    (kept,), changes = await read_sets(tmp_path)
    assert kept.values == found_in(tmp_path)["recommended"]
    assert kept.note.endswith("layers on: technical")
    assert changes == []


async def test_values_that_brought_no_trade_are_not_kept(
    options: WalkForwardOptions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    strict = STRATEGY_FILE + "\n[confluence]\nmedium_threshold = 100\nhigh_threshold = 100\n"
    settings = settings_in(tmp_path, strict)
    await run_walk_forward(asked_of(options, tmp_path), settings)
    assert found_in(tmp_path)["test"]["trades"] == 0
    assert "No parameter set is kept" in capsys.readouterr().out
    assert not (tmp_path / "quorum.sqlite").exists()


async def test_a_live_set_is_in_force_and_what_was_not_searched_of_it_is_kept(
    options: WalkForwardOptions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = settings_in(tmp_path)
    await run_walk_forward(replace(asked_of(options, tmp_path), stores=False), settings)
    of_the_file = found_in(tmp_path)["unchanged"]
    await make_live(tmp_path)
    capsys.readouterr()
    await run_walk_forward(asked_of(options, tmp_path), settings)
    told = " ".join(capsys.readouterr().out.split())
    assert "In force is the strategy file with parameter set 1, which is live" in told
    assert "kept as parameter set 2, with 1 more of the live set that were not searched" in told
    sets, _ = await read_sets(tmp_path)
    (kept,) = (each for each in sets if each.version == 2)
    assert kept.values == LIVE | found_in(tmp_path)["recommended"]
    assert found_in(tmp_path)["unchanged"] != of_the_file
