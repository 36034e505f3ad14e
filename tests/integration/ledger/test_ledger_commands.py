"""From a database to a stranger's verdict: export, candles and verification, as they are run."""

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from app.ledger_candles import write_candles
from app.ledger_commands import VERIFIER, ledger_commands
from db.engine import create_database_engine
from db.unit_of_work import SqlStorage
from domain.candles import CandleSeries
from domain.errors import VenueRefusedError
from engine.ledger import parse_export
from engine.ledger.candles import needed_spans
from tests.fakes.clock import HandClock
from tests.fakes.market import HandFacts
from tests.servers.databases import SQLITE, MigratedDatabases
from tests.unit.verifier.made_record import make_record

RECORD = make_record()
HEAD = f"{len(RECORD.entries)}:{RECORD.entries[-1].hash}"


@pytest.fixture
async def database(
    databases: MigratedDatabases, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> str:
    """A real file that holds the record, named by the environment; no other settings count."""
    url = await databases.blank(SQLITE)
    engine = create_database_engine(url)
    async with SqlStorage(engine)() as unit:
        for entry in RECORD.entries:
            await unit.ledger.append(entry)
        await unit.commit()
    await engine.dispose()
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", url)
    return url


def run(*arguments: str) -> Result:
    return CliRunner().invoke(ledger_commands, arguments)


def run_verifier(*arguments: str) -> "subprocess.CompletedProcess[str]":
    """As a stranger does: the bare file, in an interpreter that sees none of our packages."""
    return subprocess.run(
        [sys.executable, "-I", "-S", str(VERIFIER), *arguments],
        capture_output=True,
        text=True,
        check=False,
    )


async def fetch(folder: Path, facts: HandFacts | None = None) -> dict[str, str]:
    """Candle files of what the record needs, from a venue that has exactly that."""
    clock = HandClock(RECORD.entries[-1].at)
    venue = facts or HandFacts(clock)
    venue.candles = {symbol: CandleSeries.of(candles) for symbol, candles in RECORD.candles.items()}
    spans = needed_spans(RECORD.entries, clock.now())
    return await write_candles(venue, spans, folder, Console(quiet=True))


def test_exported_record_holds_before_a_stranger(database: str, tmp_path: Path) -> None:
    exported = run("export", "--out", "ledger.jsonl")
    assert exported.exit_code == 0, exported.output
    assert HEAD.partition(":")[2] in exported.stderr
    assert asyncio.run(fetch(tmp_path / "candles")) == {}
    verdict = run_verifier("ledger.jsonl", "--candles", "candles", "--head", HEAD)
    assert (verdict.returncode, verdict.stderr) == (0, "")
    assert "10 recomputed from candles, 0 not checked, 2 signals still live" in verdict.stdout


def test_operator_runs_the_very_same_file(
    database: str, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    run("export", "--out", "ledger.jsonl")
    assert run("verify", "ledger.jsonl").exit_code == 2
    assert run("verify", "ledger.jsonl", "--allow-unchecked", "--json").exit_code == 0
    assert run("verify", "ledger.jsonl", "--head", "23:" + "0" * 64).exit_code == 1
    assert run("verify", "--help").exit_code == 0
    assert "--allow-unchecked" in capfd.readouterr().out


def test_export_to_standard_output_is_the_same(database: str) -> None:
    assert run("export", "--out", "-").stdout_bytes == RECORD.export


def test_export_can_be_read_back() -> None:
    assert parse_export(RECORD.export.decode()) == list(RECORD.entries)


def test_pair_that_the_venue_does_not_know_is_named(tmp_path: Path) -> None:
    facts = HandFacts(HandClock(RECORD.entries[-1].at))
    facts.failures["C3USDT"] = VenueRefusedError("lists no pair C3USDT")
    assert asyncio.run(fetch(tmp_path, facts)) == {"C3USDT": "lists no pair C3USDT"}
    assert len(list(tmp_path.iterdir())) == len(RECORD.candles) - 1


def test_database_that_is_not_there_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", "sqlite+aiosqlite:///none.sqlite")
    refused = run("export", "--out", "ledger.jsonl")
    assert refused.exit_code == 2
    assert "there is no record yet: DATABASE_URL names none.sqlite" in refused.stderr
    assert not (tmp_path / "none.sqlite").exists()


def test_file_that_is_no_export_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "ledger.jsonl").write_text("sequence,at,kind\n")
    refused = run("candles", "--ledger", "ledger.jsonl", "--out", "candles")
    assert refused.exit_code == 2
    assert "ledger.jsonl is no exported record: line 1 is not JSON" in refused.stderr


def test_place_that_cannot_be_written_is_told(database: str, tmp_path: Path) -> None:
    (tmp_path / "taken").write_text("")
    refused = run("export", "--out", "taken/ledger.jsonl")
    assert refused.exit_code == 2
    assert "name another place with --out" in refused.stderr
