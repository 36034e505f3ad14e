"""What a command cannot work with: exit code 2, one clear text, no traceback, nothing made."""

from collections.abc import Sequence
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet
from typer.testing import CliRunner

from app.command_line import commands
from tests.architecture.paths import ROOT

HUGE = "99999999999999999999999"
START_MS = 1_758_067_200_000
DAY = ("--start", "2025-09-17")
SMALL = ("--pairs", "2", "--days", "0.05")


@pytest.fixture(scope="module")
def database(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A database that is there and holds nothing."""
    url = f"sqlite:///{tmp_path_factory.mktemp('kept')}/quorum.sqlite"
    made = CliRunner().invoke(commands, ["parameters", "list"], env={"DATABASE_URL": url})
    assert made.exit_code == 0, made.output
    return url


@pytest.fixture
def candles(tmp_path: Path) -> Path:
    """A folder of recorded candles, in which a test breaks the file."""
    folder = tmp_path / "candles"
    folder.mkdir()
    parquet.write_table(pyarrow.table(columns()), folder / "BTCUSDT.parquet")
    return folder


def columns(**changes: list[object]) -> dict[str, list[object]]:
    """1-minute candles around the day that tests start at."""
    count = 100
    prices = {"open": 100.0, "high": 101.0, "low": 99.0, "close": 100.5, "volume": 5.0}
    usual: dict[str, list[object]] = {name: [value] * count for name, value in prices.items()}
    times: list[object] = [START_MS + 60_000 * number for number in range(count)]
    return {"timestamp": times, **usual, **changes}


def told(arguments: Sequence[str], database: str = "") -> str:
    """The one text that a refused command prints."""
    environ = {"COLUMNS": "200", "DATABASE_URL": database}
    result = CliRunner().invoke(commands, [*arguments], env=environ)
    said = result.output
    assert result.exit_code == 2, (said, result.exception)
    assert isinstance(result.exception, SystemExit)
    assert "Traceback" not in said
    assert "Warning" not in said
    assert said.count("error: ") + said.count("─ Error ─") == 1
    return " ".join(said.replace("│", " ").split())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["replay", HUGE], "less than or equal to 9223372036854775807"),
        (["parameters", "show", HUGE], "less than or equal to 9223372036854775807"),
        (["parameters", "use", HUGE], "less than or equal to 9223372036854775807"),
        (["ledger", "recheck", "--signal", HUGE], "less than or equal to 9223372036854775807"),
        (["simulate", "--seed=-5"], "greater than or equal to 0"),
        (["demo", "--seed=-5"], "greater than or equal to 0"),
        (["simulate", "--start", "9999-12-30"], "allowed is 2000-01-01 to 2099-12-31"),
        (["demo", "--start", "9999-12-30"], "allowed is 2000-01-01 to 2099-12-31"),
        (["simulate", "--start", "1999-12-31T23:59"], "allowed is 2000-01-01 to 2099-12-31"),
        (["simulate", "--port", "0", *SMALL, "--host", "n" * 70], "cannot listen on nnn"),
        (["demo", *SMALL, "--json", "/proc/x"], "/proc/x cannot be written"),
        (["demo", *SMALL, "--json", "/"], "/ cannot be written"),
        (["backtest", "--json", "/proc/x"], "name another place with --json"),
        (["backtest", "--html", "/proc/x"], "name another place with --html"),
        (["walk-forward", "--json", "/proc/x"], "name another place with --json"),
        (["docs"], "docs/configuration.md: there is no such folder here"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, list) else "",
)
def test_it_is_told_in_one_text(
    arguments: list[str], said: str, database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)

    assert said in told(arguments, database)
    assert list(tmp_path.iterdir()) == []


def test_the_largest_number_that_a_database_holds_is_looked_for(database: str) -> None:
    largest = str(2**63 - 1)

    assert f"#{largest}" in told(["replay", largest], database)
    assert largest in told(["parameters", "show", largest], database)


@pytest.mark.parametrize("command", ["simulate", "demo"])
@pytest.mark.parametrize("damage", ["cut", "no Parquet", "empty", "zeros"])
def test_a_damaged_file_of_candles_is_named(
    command: str, damage: str, candles: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    file = candles / "BTCUSDT.parquet"
    whole = file.read_bytes()
    broken = {
        "cut": whole[:-200],
        "no Parquet": b"timestamp,open\n",
        "empty": b"",
        "zeros": whole[:40] + bytes(300) + whole[340:],
    }
    file.write_bytes(broken[damage])

    said = told([command, "--candles", str(candles), *DAY])

    assert f"{file} cannot be read as Parquet" in said


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"open": ["dear"] * 100}, "column open must be numbers without empty cells"),
        ({"close": [None] * 100}, "column close must be numbers without empty cells"),
        ({"timestamp": [None, *range(99)]}, "column timestamp must be numbers without empty cells"),
        ({"high": [float("inf")] * 100}, "column high holds what is no number"),
        ({"volume": [float("nan")] * 100}, "column volume holds what is no number"),
    ],
    ids=["text", "nothing", "no time", "infinite", "not a number"],
)
def test_candles_that_are_no_numbers_are_told_by_their_column(
    changes: dict[str, list[object]], said: str, candles: Path
) -> None:
    file = candles / "BTCUSDT.parquet"
    parquet.write_table(pyarrow.table(columns(**changes)), file)

    assert f"{file}: {said}" in told(["simulate", "--candles", str(candles), *DAY])


@pytest.mark.parametrize("content", ["[scanner\n", "\0"])
def test_docs_leaves_a_strategy_file_that_it_cannot_read_alone(
    content: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "docs").mkdir()
    (tmp_path / "config").mkdir()
    (tmp_path / "config/quorum.toml").write_text(content, encoding="utf-8")

    assert "config/quorum.toml (strategy file): not readable" in told(["docs"])
    assert (tmp_path / "config/quorum.toml").read_text(encoding="utf-8") == content
