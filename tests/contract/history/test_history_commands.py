"""The commands of the history as an operator runs them, exit codes included."""

from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from app.history.download import DownloadOptions, parse_timeframes, span_of
from app.history.folder import writing_to
from app.history_commands import add_history_commands
from domain.errors import ConfigurationError
from domain.timeframes import Timeframe, from_ms
from engine.backtest.values import FundingPayment
from exchanges.history import HistoryStore
from tests.unit.exchanges.history.recorded_candles import (
    DAY_MS,
    JULY_MS,
    candles,
    write_plain,
)

M1, M15 = Timeframe.M1, Timeframe.M15
runner = CliRunner()


@pytest.fixture
def commands() -> typer.Typer:
    commands = typer.Typer(pretty_exceptions_enable=False)
    add_history_commands(commands)
    return commands


@pytest.fixture(autouse=True)
def wide_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "200")
    return


def test_import_check_and_list_of_a_sound_history(commands: typer.Typer, tmp_path: Path) -> None:
    files, root = tmp_path / "files", tmp_path / "history"
    write_plain(files / "BTCUSDT.parquet", candles(288))

    imported = runner.invoke(commands, ["import", str(files), "--root", str(root)])
    checked = runner.invoke(commands, ["history", "check", "--root", str(root)])
    listed = runner.invoke(commands, ["history", "list", "--root", str(root)])

    assert (imported.exit_code, checked.exit_code, listed.exit_code) == (0, 0, 0)
    assert "288 candles read into" in imported.output
    assert "0 of 1 have faults" in checked.output
    for shown in (checked.output, listed.output):
        assert "2025-07-01 00:00" in shown
        assert "2025-07-02 00:00" in shown
    assert "MB in all" in listed.output


def test_a_refused_file_ends_with_2_and_says_why(commands: typer.Typer, tmp_path: Path) -> None:
    path = write_plain(tmp_path / "BTCUSDT.parquet", candles(10), close=candles(10).columns[1] * 2)

    result = runner.invoke(commands, ["import", str(path), "--root", str(tmp_path / "history")])

    assert result.exit_code == 2
    assert "row 1: " in result.output
    assert "impossible prices" in result.output
    assert HistoryStore(tmp_path / "history").symbols() == ()


def test_a_conflict_is_imported_only_when_told_to_replace(
    commands: typer.Typer, tmp_path: Path
) -> None:
    root = tmp_path / "history"
    HistoryStore(root).write("BTCUSDT", candles(10))
    path = write_plain(tmp_path / "BTCUSDT.parquet", candles(10, seed=3))
    command = ["import", str(path), "--root", str(root)]

    assert runner.invoke(commands, command).exit_code == 2
    assert runner.invoke(commands, [*command, "--replace"]).exit_code == 0


def test_a_check_that_finds_payments_missing_ends_with_1(
    commands: typer.Typer, tmp_path: Path
) -> None:
    store = HistoryStore(tmp_path)
    store.write("BTCUSDT", candles(288))
    store.write_funding(
        "BTCUSDT", [FundingPayment(at_ms=JULY_MS + days * DAY_MS, rate=1e-4) for days in range(2)]
    )

    result = runner.invoke(commands, ["history", "check", "--root", str(tmp_path)])

    assert result.exit_code == 1
    assert "BTCUSDT funding: no payment between 2025-07-01 00:00 and 2025-07-02" in result.output
    assert "settled funding of 1 pair has faults" in result.output


def test_a_check_that_finds_a_fault_ends_with_1(commands: typer.Typer, tmp_path: Path) -> None:
    HistoryStore(tmp_path).write("BTCUSDT", candles(288, without=(7,)))

    result = runner.invoke(commands, ["history", "check", "--root", str(tmp_path)])

    assert result.exit_code == 1
    assert "BTCUSDT 5m: 1 candles missing from 2025-07-01 00:35" in result.output
    assert "1 of 1 have faults" in result.output


@pytest.mark.parametrize("command", ["check", "list"])
def test_a_folder_without_history_is_refused(
    commands: typer.Typer, tmp_path: Path, command: str
) -> None:
    result = runner.invoke(commands, ["history", command, "--root", str(tmp_path / "none")])

    assert result.exit_code == 2
    assert "there is no history in" in result.output


def test_one_writer_at_a_time(tmp_path: Path) -> None:
    with writing_to(tmp_path), pytest.raises(ConfigurationError, match="another download or im"):
        writing_to(tmp_path).__enter__()
    with writing_to(tmp_path):
        pass


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    with pytest.raises(ConfigurationError, match=r"cannot be written: .*--root"):
        writing_to(tmp_path / "file" / "history").__enter__()


def test_timeframes_are_read_in_any_order_and_unknown_ones_refused() -> None:
    assert parse_timeframes("15m, 1m") == (M1, M15)
    for words in ("4h", "1m,2m", "", ","):
        with pytest.raises(ConfigurationError, match="give some of 1m, 5m, 15m, 1h"):
            parse_timeframes(words)


def test_the_span_ends_at_the_last_full_hour_or_before_a_day(tmp_path: Path) -> None:
    options = DownloadOptions(pairs="top1", days=2, timeframes="1m", root=tmp_path)
    just_after = from_ms(JULY_MS + 30_000)
    noon = from_ms(JULY_MS + DAY_MS // 2 + 90_000)

    assert span_of(options, (M1,), noon).end_ms == JULY_MS + DAY_MS // 2
    assert span_of(options, (M1,), just_after).end_ms == JULY_MS - 3_600_000
    until = DownloadOptions(
        pairs="top1",
        days=2,
        timeframes="1m",
        root=tmp_path,
        until=from_ms(JULY_MS - DAY_MS).replace(tzinfo=None),
    )
    span = span_of(until, (M1,), noon)
    assert (span.start_ms, span.end_ms) == (JULY_MS - 3 * DAY_MS, JULY_MS - DAY_MS)
    with pytest.raises(ConfigurationError, match="Give fewer days"):
        span_of(DownloadOptions(pairs="", days=4000, timeframes="1m", root=tmp_path), (M1,), noon)
