"""What people do by mistake with the files, and whether one line tells them how to mend it."""

import gzip
import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from tests.unit.verifier.forging import contents, rechained
from tests.unit.verifier.made_record import make_record
from verifier import verify

EXPORT = make_record().export
FILE = "C3USDT-1m-2025-10-06.csv"

Printed = pytest.CaptureFixture[str]


def check(ledger: Path, *arguments: str, printed: Printed) -> tuple[int, str]:
    """Exit code and what was printed to either side."""
    code = verify.main([str(ledger), *arguments])
    told = printed.readouterr()
    return code, told.out + told.err


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    return tmp_path / "ledger.jsonl"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "candles"
    made.mkdir()
    return make_record().write_candles(made)


def test_record_without_an_entry_needs_no_folder(ledger: Path, capsys: Printed) -> None:
    ledger.write_bytes(rechained([], []))
    code, told = check(ledger, "--candles", "nowhere", printed=capsys)
    assert code == verify.HOLDS
    assert "THE RECORD HOLDS" in told


def test_folder_that_is_needed_and_not_there_is_named(ledger: Path, capsys: Printed) -> None:
    ledger.write_bytes(EXPORT)
    code, told = check(ledger, "--candles", "nowhere", printed=capsys)
    assert code == verify.COULD_NOT_RUN
    assert told == "could not run: nowhere is no folder; --candles names one with candles\n"


def test_missing_file_is_named(ledger: Path, capsys: Printed) -> None:
    code, told = check(ledger, printed=capsys)
    assert code == verify.COULD_NOT_RUN
    assert told.startswith(f"could not run: {ledger}: No such file or directory; name the ")


def test_file_that_is_still_packed_is_told(ledger: Path, capsys: Printed) -> None:
    ledger.write_bytes(gzip.compress(EXPORT))
    code, told = check(ledger, printed=capsys)
    assert code == verify.COULD_NOT_RUN
    assert f"{ledger} is packed; unpack it" in told


@pytest.mark.parametrize(
    "data",
    [
        EXPORT.replace(b"\n", b"\r\n"),
        b"\xef\xbb\xbf" + EXPORT,
        EXPORT.decode().encode("utf-16"),
    ],
    ids=["line endings", "byte order mark", "UTF-16"],
)
def test_file_that_a_program_rewrote_is_told(data: bytes, ledger: Path, capsys: Printed) -> None:
    ledger.write_bytes(data)
    code, told = check(ledger, printed=capsys)
    assert code == verify.COULD_NOT_RUN
    assert "was changed by a program" in told
    assert told.count("\n") == 1


def test_line_that_was_cut_short_is_named_after_all_before_it_was_checked(
    ledger: Path, folder: Path, capsys: Printed
) -> None:
    ledger.write_bytes(EXPORT[:-20])
    code, told = check(ledger, "--candles", str(folder), printed=capsys)
    last = len(make_record().entries)
    assert code == verify.BROKEN
    assert f"entry {last} does not hold: the file ends in the middle of its line; load " in told
    assert f"entries    {last - 1}, head" in told


@pytest.mark.parametrize("data", [b"", EXPORT[:30]], ids=["empty", "half a header"])
def test_file_without_a_whole_line_is_told(data: bytes, ledger: Path, capsys: Printed) -> None:
    ledger.write_bytes(data)
    code, told = check(ledger, printed=capsys)
    assert code == verify.BROKEN
    assert told.startswith("the header (line 1) does not hold: there is no whole line in the file")


def test_candle_that_is_missing_is_named_with_its_file(
    ledger: Path, folder: Path, capsys: Printed
) -> None:
    ledger.write_bytes(EXPORT)
    rows = (folder / FILE).read_text().splitlines(keepends=True)
    (folder / FILE).write_text("".join(rows[:2] + rows[3:]))
    code, told = check(ledger, "--candles", str(folder), printed=capsys)
    assert code == verify.UNCHECKED
    assert (
        "not checked: signal 3: no candle of C3USDT at 2025-10-06T14:32Z "
        "(in C3USDT-1m-2025-10-06.csv or .zip)"
    ) in told


def test_row_that_is_none_is_named_by_file_and_line(
    ledger: Path, folder: Path, capsys: Printed
) -> None:
    ledger.write_bytes(EXPORT)
    rows = (folder / FILE).read_text().splitlines(keepends=True)
    cells = rows[2].split(",")
    (folder / FILE).write_text("".join([*rows[:2], ",".join([cells[0], "n/a", *cells[2:]])]))
    code, told = check(ledger, "--candles", str(folder), printed=capsys)
    assert code == verify.COULD_NOT_RUN
    assert f"{FILE}, line 3: no row of candles; download it again" in told


@pytest.mark.parametrize("name", ["direction", "symbol"])
def test_what_a_forger_wrote_cannot_steer_a_terminal(
    name: str, ledger: Path, capsys: Printed
) -> None:
    told = contents()[:1]
    told[0][name] = told[0]["plan"][f"\x1b[1m{name}"] = "\x1b[2J\u202eTHE RECORD HOLDS"
    ledger.write_bytes(rechained(told, make_record().entries[:1]))
    code, printed = check(ledger, printed=capsys)
    assert code == verify.BROKEN
    assert printed.replace("\n", "").isprintable()
    assert printed.isascii()


def test_text_with_half_a_character_is_a_finding_and_no_crash() -> None:
    header, line, _ = EXPORT.split(b"\n", 2)
    broken = line.replace(b'"body":"', b'"body":"\\ud800', 1)
    problem = verify.verify(
        header + b"\n" + broken + b"\n", verify.CandleFolder(None)
    ).first_problem
    assert problem is not None
    assert problem.entry == 1


def test_times_at_the_end_of_all_calendars_are_a_finding_and_no_crash() -> None:
    signal, outcome = contents()[0], {**contents()[0], "state": "expired", "triggered_at": None}
    last = "9999-12-31T23:59:00.000Z"
    at = datetime(9999, 12, 31, 23, 50, tzinfo=UTC)
    signal["published_at"] = signal["decision"]["as_of"] = "9999-12-31T23:50:00.000Z"
    signal["valid_until"] = last
    outcome |= {"exits": [], "net_r": "0", "net_percent": "0", "ended_at": last}
    outcome |= {name: signal["plan"][name] for name in ("entry", "stop_distance", "costs")}
    outcome = {name: outcome[name] for name in verify.OUTCOME.split() if name in outcome}
    outcome["published_at"] = signal["published_at"]
    by = [
        replace(make_record().entries[0], at=at),
        replace(make_record().entries[3], at=at + timedelta(minutes=9)),
    ]
    problem = verify.verify(
        rechained([signal, outcome], by), verify.CandleFolder(None)
    ).first_problem
    assert problem is not None
    assert (problem.entry, problem.what) == (1, "has figures that cannot be computed with")


def test_candles_of_impossible_size_are_no_fault_of_the_record(
    ledger: Path, folder: Path, capsys: Printed
) -> None:
    ledger.write_bytes(EXPORT)
    path = folder / FILE
    path.write_text(path.read_text().replace("104.1,106.6,104,106.2", "1e40,1e40,104,106.2"))
    code, told = check(ledger, "--candles", str(folder), printed=capsys)
    assert code == verify.COULD_NOT_RUN, told
    assert "C3USDT" in told


def test_console_of_an_old_code_page_is_no_obstacle(ledger: Path) -> None:
    ledger.write_bytes(EXPORT)
    ran = subprocess.run(
        [sys.executable, "-I", str(Path(verify.__file__)), str(ledger), "--allow-unchecked"],
        env={**os.environ, "PYTHONIOENCODING": "ascii"},
        capture_output=True,
        check=False,
    )
    assert (ran.returncode, ran.stderr) == (verify.HOLDS, b"")
