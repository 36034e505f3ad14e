"""The command from its words to what it prints, writes and keeps."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from app.settings import load_settings
from app.walk_forward.preparing import WalkForwardOptions
from app.walk_forward.run_command import run_walk_forward
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from domain.readiness import CONFLUENCE
from tests.builders.edge_markets import MARKET_START

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


async def test_the_command_prints_writes_and_keeps_what_it_found(
    options: WalkForwardOptions, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "quorum.toml").write_text(STRATEGY_FILE)
    url = f"sqlite+aiosqlite:///{tmp_path}/quorum.sqlite"
    settings = load_settings(
        {"DATABASE_URL": url, "QUORUM_CONFIG": str(tmp_path / "quorum.toml")}, env_file=None
    )
    start = MARKET_START.replace(day=MARKET_START.day + 15)
    asked = replace(options, start=start, json=tmp_path / "found.json", stores=True)
    await run_walk_forward(asked, settings)
    told = capsys.readouterr().out
    assert told.startswith("Walk-forward: ")
    assert "trials were made over" in told
    assert "kept as parameter set 1. Nothing goes live by itself" in told
    recommended = json.loads((tmp_path / "found.json").read_text())["result"]["recommended"]
    engine = create_database_engine(url)
    async with SqlStorage(engine)() as unit:
        (kept,) = await unit.parameter_sets.list_all(CONFLUENCE)
        changes = await unit.parameter_sets.list_changes(CONFLUENCE)
    await engine.dispose()
    assert kept.values == recommended
    assert kept.note.endswith("layers on: technical")
    assert changes == []
