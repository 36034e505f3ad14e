"""`backtest` and `compare` as somebody types them, over a small market on disk."""

import asyncio
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.command_line import commands
from app.made_storage import made_storage
from app.settings import load_settings
from domain.memory import PastOutcome
from tests.builders.edge_markets import write_market

pytestmark = pytest.mark.timeout(120)

DAYS = 24
runner = CliRunner()


@pytest.fixture(scope="module")
def market(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two pairs of a random walk."""
    root = tmp_path_factory.mktemp("history")
    write_market(root, pairs=2, days=DAYS, seed=5)
    return root


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither settings nor database of this checkout."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite+aiosqlite:///{tmp_path}/quorum.db")


async def make_database() -> None:
    """The bot's database, with nothing in it."""
    async with made_storage(load_settings()):
        pass


async def remembered() -> list[PastOutcome]:
    """Outcomes in the bot's memory."""
    async with made_storage(load_settings()) as storage, storage() as unit:
        return await unit.outcomes.list_all()


def backtest(root: Path, *options: str) -> Result:
    return runner.invoke(commands, ["backtest", "--root", str(root), *options])


def test_a_run_tells_its_figures_gate_and_guards_and_writes_its_files(
    market: Path, tmp_path: Path
) -> None:
    html, saved = tmp_path / "report.html", tmp_path / "report.json"
    options = ("--layers", "technical", "--processes", "1")
    done = backtest(market, *options, "--html", str(html), "--json", str(saved))
    assert done.exit_code == 0, done.output
    assert "Readiness gate: failed" in done.output
    assert re.search(r"Guards: [1-9]\d* decisions recomputed", done.output)
    assert html.read_text().startswith("<!doctype html>")
    compared = runner.invoke(commands, ["compare", str(saved), str(saved)])
    assert compared.exit_code == 0, compared.output
    assert "report.json" in compared.output


def test_two_processes_give_the_report_of_one(market: Path, tmp_path: Path) -> None:
    saved = {}
    for processes in ("1", "2"):
        saved[processes] = tmp_path / f"{processes}.json"
        done = backtest(
            market,
            *("--layers", "technical", "--processes", processes),
            *("--json", str(saved[processes])),
        )
        assert done.exit_code == 0, done.output
    assert saved["1"].read_bytes() == saved["2"].read_bytes()


def test_five_layers_on_candles_alone_give_no_signal_and_say_why(market: Path) -> None:
    done = backtest(market, "--processes", "1")
    assert done.exit_code == 0, done.output
    assert "too little of the data is there" in done.output
    assert re.search(r"signals published +0 ", done.output)
    said = " ".join(done.output.split())
    assert "Guards: No decision was recomputed, since none was made." in said
    assert "50 of all closes that were scored" in said


def test_the_verdict_is_stored_only_for_the_strategy_in_force(market: Path) -> None:
    other = backtest(market, "--layers", "technical", "--gate")
    assert other.exit_code == 2
    assert "--gate judges the strategy in force" in other.output
    stored = backtest(market, "--gate", "--processes", "1")
    assert stored.exit_code == 0, stored.output
    assert "The verdict is stored" in stored.output


@pytest.mark.parametrize(
    "chosen",
    [
        ("--pairs", "AAAUSDT"),
        ("--from", "2025-03-21"),
        ("--to", "2025-03-25"),
        ("--fills", "15m"),
    ],
)
def test_no_verdict_is_stored_on_a_part_of_what_could_be_tested(
    market: Path, chosen: tuple[str, str]
) -> None:
    refused = backtest(market, "--gate", *chosen)
    assert refused.exit_code == 2
    said = " ".join(refused.output.split())
    assert f"on its finest candles, and {chosen[0]} would choose" in said


def test_outcomes_take_the_place_of_those_of_earlier_backtests(
    market: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    strategy = tmp_path / "strategy.toml"
    monkeypatch.setenv("QUORUM_CONFIG", str(strategy))
    kept: list[PastOutcome] = []
    for stop in (1.5, 2.0):
        strategy.write_text(
            f'[confluence]\nlayers = ["technical"]\n[risk.levels]\nstop_atr_multiple = {stop}\n'
        )
        done = backtest(market, "--processes", "1", "--remember")
        assert done.exit_code == 0, done.output
        before, kept = kept, asyncio.run(remembered())
        assert f"{len(kept)} outcomes are in the bot's memory" in done.output
        assert kept
        assert not {repr(each) for each in before} & {repr(each) for each in kept}


def test_what_another_strategy_would_have_traded_is_not_remembered(market: Path) -> None:
    refused = backtest(market, "--layers", "technical", "--remember")
    assert refused.exit_code == 2
    assert "--remember gives outcomes to the strategy in force" in refused.output


def test_recorded_observations_are_read_for_the_days_that_were_asked_for(market: Path) -> None:
    asyncio.run(make_database())
    days = ("--from", "2025-03-20", "--to", "2025-03-23T12:00")
    done = backtest(market, "--layers", "technical", "--processes", "1", "--observations", *days)
    assert done.exit_code == 0, done.output


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--pairs", "NOPEUSDT"), "NOPEUSDT is not in"),
        (("--layers", "tecnical"), "the layers are technical"),
        (("--layers", "memory"), "technical must be among them"),
        (("--from", "2030-01-01"), "no candle of any pair"),
        (("--from", "2030-01-01", "--pairs", "AAAUSDT"), "no candle of AAAUSDT"),
        (("--to", "2025-03-05"), "only warm up the indicators"),
        (("--observations",), "does not exist"),
    ],
)
def test_what_cannot_be_done_is_one_clear_error(
    market: Path, options: tuple[str, ...], words: str
) -> None:
    done = backtest(market, *options, "--processes", "1")
    assert done.exit_code == 2, done.output
    assert words in done.output
    assert "Traceback" not in done.output


def test_an_empty_folder_says_where_candles_come_from(tmp_path: Path) -> None:
    done = backtest(tmp_path / "nothing")
    assert done.exit_code == 2
    assert "python -m app download" in done.output


def test_a_file_that_is_no_report_is_refused(tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.json"
    wrong.write_text("{}")
    done = runner.invoke(commands, ["compare", str(wrong), str(tmp_path / "missing.json")])
    assert done.exit_code == 2
    assert "wrong.json" in done.output or "report" in done.output
