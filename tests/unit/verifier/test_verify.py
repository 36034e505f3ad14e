"""What the verifier says of good records, of missing candles, and of files it cannot read."""

import ast
import io
import json
import sys
import zipfile
from pathlib import Path

import pytest

from domain.ledger import EntryKind
from tests.unit.verifier.forging import LoadedCandles, contents, rechained
from tests.unit.verifier.made_record import MISTAKEN, MadeRecord, make_record
from verifier import verify

RECORD: MadeRecord = make_record()
NOTHING = verify.CandleFolder(None)
FIRST_FILE = "C3USDT-1m-2025-10-06.csv"


@pytest.fixture
def ledger(tmp_path: Path) -> Path:
    path = tmp_path / "ledger.jsonl"
    path.write_bytes(RECORD.export)
    return path


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "candles"
    made.mkdir()
    return RECORD.write_candles(made)


def rewritten(path: Path, old: str, new: str) -> None:
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new))


# The file itself


def test_it_needs_the_standard_library_only() -> None:
    tree = ast.parse(Path(verify.__file__).read_text(), feature_version=(3, 8))
    nodes = list(ast.walk(tree))
    imported = [name.name for node in nodes if isinstance(node, ast.Import) for name in node.names]
    imported += [str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)]
    assert {name.partition(".")[0] for name in imported} <= sys.stdlib_module_names


def test_help_tells_exit_codes_and_where_candles_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="0"):
        verify.main(["--help"])
    told = " ".join(capsys.readouterr().out.split())
    assert "2 what was checked holds, but not everything could be" in told
    assert "python3 verify.py ledger.jsonl --candles candles --head 57:3f9a01bc" in told
    assert "data.binance.vision" in told


# Exit codes


def test_good_record_holds(ledger: Path, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head = f"{len(RECORD.entries)}:{RECORD.entries[-1].hash}"
    assert verify.main([str(ledger), "--candles", str(folder), "--head", head]) == verify.HOLDS
    assert "THE RECORD HOLDS" in capsys.readouterr().out


def test_what_lacks_candles_is_not_checked(
    ledger: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / FIRST_FILE).unlink()
    arguments = [str(ledger), "--candles", str(folder)]
    assert verify.main(arguments) == verify.UNCHECKED
    told = capsys.readouterr().out
    assert "not checked: signal 3: no candle of C3USDT at 2025-10-06T14:31Z (in C3USDT-1m" in told
    assert "THE RECORD HOLDS" not in told
    assert verify.main([*arguments, "--allow-unchecked"]) == verify.HOLDS


def test_chain_and_rules_are_checked_without_any_candles() -> None:
    findings = verify.verify(RECORD.export, NOTHING)
    assert findings.first_problem is None
    assert (findings.checked, len(findings.unchecked)) == (0, 12)


def test_first_entry_that_does_not_hold_is_named(
    tmp_path: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = contents()
    told[3]["exits"][0]["price"] = "102.26"
    told[3]["net_r"], told[3]["net_percent"] = "2.316", "3.474"
    forged = tmp_path / "forged.jsonl"
    forged.write_bytes(rechained(told))
    assert verify.main([str(forged), "--candles", str(folder)]) == verify.BROKEN
    assert capsys.readouterr().out.startswith("entry 4 does not hold: signal 3 has the wrong exits")


def test_findings_for_machines(
    ledger: Path, folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verify.main([str(ledger), "--candles", str(folder), "--json"]) == verify.HOLDS
    told = json.loads(capsys.readouterr().out)
    assert told["holds"]
    assert told["first_problem"] is None
    assert told["totals"] == {
        "signals": 12,
        "live": 2,
        "expired": 1,
        "cancelled": 0,
        "trades": 9,
        "won": 5,
        "total_r": "0.027999",
        "corrections": 1,
    }


@pytest.mark.parametrize(
    "arguments",
    [["missing.jsonl"], ["{ledger}", "--candles", "missing"], ["{ledger}", "--head", "x"]],
)
def test_what_cannot_run_says_so(arguments: list[str], ledger: Path) -> None:
    given = [each.format(ledger=ledger) for each in arguments]
    try:
        code = verify.main(given)
    except SystemExit as left:
        code = int(str(left.code))
    assert code == verify.COULD_NOT_RUN


# Candle files


@pytest.mark.parametrize("scale", ["", "000"], ids=["milliseconds", "microseconds"])
@pytest.mark.parametrize("has_header", [True, False])
@pytest.mark.parametrize("is_zipped", [True, False])
def test_dumps_of_the_venue_are_read_in_every_form(
    folder: Path, scale: str, has_header: bool, is_zipped: bool
) -> None:
    path = folder / FIRST_FILE
    header, *rows = path.read_text().splitlines()
    rows = [f"{row.partition(',')[0]}{scale},{row.partition(',')[2]}" for row in rows]
    text = "\n".join([header, *rows] if has_header else rows) + "\n"
    path.write_text(text)
    if is_zipped:
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as archive:
            archive.writestr(path.name, text)
        path.unlink()
        path.with_suffix(".zip").write_bytes(packed.getvalue())
    assert not verify.verify(RECORD.export, verify.CandleFolder(folder)).unchecked


def test_files_of_a_month_deep_in_a_folder_are_found(folder: Path) -> None:
    deep = folder / "futures" / "um"
    deep.mkdir(parents=True)
    (folder / FIRST_FILE).rename(deep / "C3USDT-1m-2025-10.csv")
    assert not verify.verify(RECORD.export, verify.CandleFolder(folder)).unchecked


@pytest.mark.parametrize(
    ("old", "new"),
    [(",12.5,", ",-1,"), (",12.5,", ",many,"), ("1759", "1759.5"), ("000,", "001,")],
)
def test_file_that_makes_no_sense_is_no_fault_of_the_record(
    folder: Path, old: str, new: str
) -> None:
    rewritten(folder / FIRST_FILE, old, new)
    with pytest.raises(verify.CannotRunError, match="download"):
        verify.verify(RECORD.export, verify.CandleFolder(folder))


def test_two_files_that_contradict_each_other_are_told(folder: Path) -> None:
    other = folder / "C3USDT-1m-2025-10.csv"
    other.write_text((folder / FIRST_FILE).read_text())
    assert not verify.verify(RECORD.export, verify.CandleFolder(folder)).unchecked
    rewritten(other, ",12.5,", ",13.5,")
    with pytest.raises(verify.CannotRunError, match="differently"):
        verify.verify(RECORD.export, verify.CandleFolder(folder))


def test_restated_candle_breaks_the_outcome_that_it_decided(folder: Path) -> None:
    rewritten(folder / FIRST_FILE, "104.1,106.6,104,106.2", "104.1,105.9,104,105.8")
    problem = verify.verify(RECORD.export, verify.CandleFolder(folder)).first_problem
    assert problem is not None
    assert problem.entry == 4


# Outcomes that are not there, and corrections


def without(kind: EntryKind, signal: int) -> bytes:
    """The record, chained anew, without the entries of a kind that are about a signal."""
    kept = [
        (content, entry)
        for content, entry in zip(contents(), RECORD.entries, strict=True)
        if not (entry.kind is kind and content["signal"] == signal)
    ]
    return rechained([content for content, _ in kept], [entry for _, entry in kept])


def test_outcome_that_was_due_long_ago_is_missed(candles: LoadedCandles) -> None:
    problem = verify.verify(without(EntryKind.OUTCOME, 3), candles).problems[-1]
    assert "the outcome of signal 3 (entry 3) is missing" in str(problem)


def test_outcome_that_is_late_is_told(candles: LoadedCandles) -> None:
    findings = verify.verify(without(EntryKind.OUTCOME, 9), candles)
    assert findings.unchecked[9].startswith("late: it ended")


def test_outcome_that_may_just_be_written_counts_as_live(candles: LoadedCandles) -> None:
    entries, told = RECORD.entries[:14], contents()[:14]
    findings = verify.verify(rechained(told[:13], entries[:13]), candles)
    assert findings.live == [1, 2, 8]


def test_mistaken_outcome_needs_its_correction(candles: LoadedCandles) -> None:
    findings = verify.verify(without(EntryKind.CORRECTION, MISTAKEN), candles)
    assert [problem.entry for problem in findings.problems] == [19]


def test_live_signals_without_candles_are_not_checked(folder: Path) -> None:
    (folder / "C11USDT-1m-2025-10-06.csv").unlink()
    findings = verify.verify(RECORD.export, verify.CandleFolder(folder))
    assert list(findings.unchecked) == [11]
    assert findings.unchecked[11].startswith("no candle of C11USDT at 2025-10-06T16:31Z")


def test_record_without_an_entry_holds() -> None:
    findings = verify.verify(rechained([], []), NOTHING)
    assert findings.first_problem is None
    assert findings.head == verify.GENESIS
