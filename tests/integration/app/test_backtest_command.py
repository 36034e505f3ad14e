"""`backtest` and `compare` as somebody types them, over a small market on disk."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.command_line import commands
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


def test_the_verdict_is_stored_only_for_the_strategy_in_force(market: Path) -> None:
    other = backtest(market, "--layers", "technical", "--gate")
    assert other.exit_code == 2
    assert "--gate judges the strategy in force" in other.output
    stored = backtest(market, "--gate", "--processes", "1")
    assert stored.exit_code == 0, stored.output
    assert "The verdict is stored" in stored.output


def test_outcomes_go_to_the_memory_of_the_bot_when_asked_for(market: Path) -> None:
    done = backtest(market, "--layers", "technical", "--processes", "1", "--remember")
    assert done.exit_code == 0, done.output
    assert re.search(r"[1-9]\d* outcomes are in the bot's memory", done.output)


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
