"""The verifier reads files of strangers: it finds, or says why it cannot run, and never falls."""

import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.mutations import cut, damaged_json
from tests.unit.verifier.made_record import make_record
from verifier.verify import CandleFolder, CannotRunError, verify

RECORD = make_record()
LINES = RECORD.export.splitlines()
SYMBOL = next(iter(RECORD.candles))
HEAVY = settings(max_examples=max(15, settings().max_examples // 5))
"""A record of a dozen signals is recomputed in each example."""


def candle_files(symbol: str) -> dict[str, bytes]:
    """The files of one pair as they should be."""
    with tempfile.TemporaryDirectory() as folder:
        RECORD.write_candles(Path(folder))
        return {
            path.name: path.read_bytes()
            for path in Path(folder).iterdir()
            if path.name.startswith(f"{symbol}-")
        }


FILES = candle_files(SYMBOL)
NAME, CONTENT = next(iter(FILES.items()))


def zipped(content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(NAME, content)
    return packed.getvalue()


@st.composite
def records(draw: st.DrawFn) -> bytes:
    """The record with one line damaged as JSON, or damaged as bytes."""
    lines = list(LINES)
    at = draw(st.integers(0, len(lines) - 1))
    lines[at] = draw(st.one_of(damaged_json(json.loads(lines[at])), _with_other_body(lines[at])))
    return draw(st.one_of(st.just(b"\n".join(lines) + b"\n"), cut(RECORD.export)))


@st.composite
def _with_other_body(draw: st.DrawFn, line: bytes) -> bytes:
    entry: dict[str, Any] = json.loads(line)
    if "body" not in entry:
        return line
    entry["body"] = draw(damaged_json(json.loads(entry["body"]))).decode(errors="replace")
    return json.dumps(entry, sort_keys=True, separators=(",", ":")).encode()


@HEAVY
@given(records())
def test_any_record_holds_or_is_found_not_to(data: bytes) -> None:
    try:
        findings = verify(data, CandleFolder(None))
    except CannotRunError:
        return
    assert findings.problems or findings.unchecked or data == RECORD.export
    assert all(str(problem).isprintable() or "\n" in str(problem) for problem in findings.problems)


@given(st.one_of(cut(zipped(CONTENT)), cut(CONTENT).map(zipped), st.binary(max_size=99)))
def test_any_zip_of_candles_is_read_or_refused(content: bytes) -> None:
    _candles_are_read_or_refused(NAME.replace(".csv", ".zip"), content)


@given(st.one_of(cut(CONTENT), st.binary(max_size=99)))
def test_any_csv_of_candles_is_read_or_refused(content: bytes) -> None:
    _candles_are_read_or_refused(NAME, content)


def _candles_are_read_or_refused(name: str, content: bytes) -> None:
    wanted = {candle.index for candle in RECORD.candles[SYMBOL]}
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / name).write_bytes(content)
        try:
            found = CandleFolder(Path(folder)).load(SYMBOL, wanted)
        except CannotRunError:
            return
        assert set(found) <= wanted
