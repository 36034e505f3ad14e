"""Files of strangers: history, recordings and their lists are taken whole or refused in words."""

import gzip
import io
import json
import tempfile
import zipfile
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
from hypothesis import given
from hypothesis import strategies as st
from pyarrow import parquet

from domain.errors import ConfigurationError, InvalidDataError
from exchanges.history import HistoryStore
from exchanges.history.importing import Layout, import_files
from exchanges.history.listing import read_listed
from exchanges.recordings import Recording
from exchanges.recordings.event_times import exchange_ms_of, read_frame
from exchanges.recordings.importing import import_recording
from tests.fuzz.mutations import cut, damaged, damaged_json, damaged_text
from tests.unit.exchanges.flow_fakes import BOOK
from tests.unit.exchanges.history.recorded_candles import JULY_MS, MINUTE_MS, candles
from tests.unit.exchanges.recordings.sources import LINES, compact, write_hftbacktest

REFUSALS = (InvalidDataError, ConfigurationError)
NAME = "BTCUSDT-1m-2025-07"


def csv_rows(count: int = 5) -> list[list[Any]]:
    """Klines as Binance's public files have them."""
    table = candles(count, start_ms=JULY_MS)
    return [
        [
            JULY_MS + row * MINUTE_MS,
            *(f"{value:.1f}" for value in table.columns[:5, row]),
            JULY_MS + (row + 1) * MINUTE_MS - 1,
            "1.0",
            3,
            f"{table.columns[5, row]:.1f}",
            "0.5",
            0,
        ]
        for row in range(count)
    ]


def as_csv(rows: Any) -> bytes:
    """Whatever the rows are by now, as lines of cells."""
    lines = rows if isinstance(rows, list) else [rows]
    cells = (line if isinstance(line, list) else [line] for line in lines)
    text = "\n".join(",".join(map(str, line)) for line in cells)
    return text.encode(errors="replace")


def zipped(name: str, content: bytes) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, content)
    return packed.getvalue()


@st.composite
def parquet_files(draw: st.DrawFn) -> bytes:
    """A Parquet file with columns of other kinds, lengths and names, sometimes cut."""
    rows = csv_rows()
    names = ["timestamp", "open", "high", "low", "close", "volume"]
    columns = [
        [row[0] if name == "timestamp" else float(row[at]) for row in rows]
        for at, name in enumerate(names)
    ]
    arrays = [pyarrow.array(column) for column in columns]
    for _ in range(draw(st.integers(0, 2))):
        at = draw(st.integers(0, len(arrays) - 1))
        arrays[at] = pyarrow.array(
            draw(
                st.sampled_from(
                    [
                        [None] * 5,
                        ["a"] * 5,
                        [True] * 5,
                        [float("nan")] * 5,
                        [float("inf")] * 5,
                        [-(2**63)] * 5,
                        [2**63 - 1] * 5,
                        [[1.0]] * 5,
                        [0.0] * 5,
                        [JULY_MS] * 5,
                    ]
                )
            )
        )
    for _ in range(draw(st.integers(0, 2))):
        names[draw(st.integers(0, len(names) - 1))] = draw(
            st.sampled_from(["open", "timestamp", "open_time", "", "é", "taker_buy_volume"])
        )
    file = io.BytesIO()
    parquet.write_table(pyarrow.table(arrays, names=names), file)
    content = file.getvalue()
    return draw(st.one_of(st.just(content), cut(content)))


def imported_or_refused(name: str, content: bytes) -> None:
    """The promise: a refusal changes no byte, and what is taken is possible candles."""
    with tempfile.TemporaryDirectory() as folder:
        store, file = HistoryStore(Path(folder) / "store"), Path(folder) / name
        good = Path(folder) / "ETHUSDT-1m-2025-07.csv"
        good.write_bytes(as_csv(csv_rows()))
        import_files(store, good)
        before = contents(store.root)
        file.write_bytes(content)
        try:
            import_files(store, file, layout=Layout.AUTO)
        except REFUSALS:
            assert contents(store.root) == before
        else:
            for timeframe in store.timeframes("BTCUSDT"):
                table = store.candles("BTCUSDT", timeframe)
                assert np.isfinite(table.columns[:5]).all()
                assert (table.columns[:4] > 0).all()
        import_files(store, good)


def contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


@given(st.one_of(damaged(csv_rows()).map(as_csv), cut(as_csv(csv_rows())), st.binary(max_size=99)))
def test_any_csv_is_imported_or_refused(content: bytes) -> None:
    imported_or_refused(f"{NAME}.csv", content)


@given(
    st.one_of(
        cut(zipped(f"{NAME}.csv", as_csv(csv_rows()))),
        damaged(csv_rows()).map(lambda rows: zipped(f"{NAME}.csv", as_csv(rows))),
        st.sampled_from(["x", "../x.csv", "a.csv/", "é.CSV", "/a.csv"]).map(
            lambda name: zipped(name, b"1,2")
        ),
    )
)
def test_any_zip_is_imported_or_refused(content: bytes) -> None:
    imported_or_refused(f"{NAME}.zip", content)


@given(parquet_files())
def test_any_parquet_is_imported_or_refused(content: bytes) -> None:
    imported_or_refused("BTCUSDT.parquet", content)


LISTED: dict[str, Any] = {
    "BTCUSDT": {
        "base": "BTC",
        "quote": "USDT",
        "tick": "0.1",
        "step": "0.001",
        "minimum_quantity": "0.001",
        "minimum_notional": "5",
        "listed_at": "2019-09-25T08:00:00Z",
        "first_candle_ms": JULY_MS,
    }
}


@given(damaged_json(LISTED))
def test_any_list_of_pairs_is_read_or_refused(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "instruments.json").write_bytes(content)
        try:
            pairs = read_listed(Path(folder))
        except InvalidDataError:
            return
        for pair in pairs.values():
            assert pair.instrument.tick > 0
            assert pair.instrument.step > 0
            assert pair.instrument.tick.is_finite()


@st.composite
def source_lines(draw: st.DrawFn) -> bytes:
    """The lines of another recorder, one of them damaged."""
    bodies = [
        compact(event if stream is None else {"stream": stream, "data": event}).encode()
        for stream, event in LINES
    ]
    at = draw(st.integers(0, len(LINES) - 1))
    stream, event = LINES[at]
    whole: Any = event if stream is None else {"stream": stream, "data": event}
    bodies[at] = draw(damaged_json(whole)).replace(b"\n", b"")
    lines = [b"%d %b" % (1_767_621_570_000_000_000 + n, body) for n, body in enumerate(bodies)]
    return draw(st.one_of(st.just(b"\n".join(lines)), cut(b"\n".join(lines))))


@given(source_lines().map(gzip.compress).flatmap(lambda packed: st.just(packed) | cut(packed)))
def test_any_raw_file_becomes_a_recording_or_nothing(packed: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        source, out = Path(folder) / "raw.gz", Path(folder) / "out"
        source.write_bytes(packed)
        try:
            imported = import_recording(source, out, "hftbacktest", lambda _done, _total: None)
        except REFUSALS:
            assert not out.exists()
            assert sorted(path.name for path in Path(folder).iterdir()) == ["raw.gz"]
            return
        assert sum(1 for _ in Recording(out).messages()) == imported.messages


MANIFEST: dict[str, Any] = {
    "format": "quorum recording",
    "version": 1,
    "sessions": [
        {
            "begun": "2026-01-05T14:00:00+00:00",
            "origin": "x",
            "pairs": ["BTCUSDT"],
            "streams": ["btcusdt@aggTrade"],
        }
    ],
}


@given(damaged_json(MANIFEST), st.data())
def test_any_recording_is_read_as_far_as_it_goes(manifest: bytes, data: st.DataObject) -> None:
    with tempfile.TemporaryDirectory() as folder:
        raw, ours = Path(folder) / "raw", Path(folder) / "ours"
        import_recording(write_hftbacktest(raw), ours, "hftbacktest", lambda _done, _total: None)
        (file,) = ours.glob("*.gz")
        text = gzip.decompress(file.read_bytes())
        damaged_file = data.draw(cut(text).map(gzip.compress) | cut(file.read_bytes()))
        file.write_bytes(damaged_file)
        recording = Recording(ours)
        for message in recording.messages():
            assert isinstance(message.body, bytes)
        (ours / "recording.json").write_bytes(manifest)
        try:
            pairs = Recording(ours).manifest.pairs
        except ConfigurationError:
            return
        assert all(isinstance(pair, str) for pair in pairs)


@given(damaged_json(json.loads(BOOK)))
def test_any_frame_that_is_recorded_has_a_time_or_none(frame: bytes) -> None:
    assert isinstance(exchange_ms_of(frame), int)
    reading = read_frame(frame)
    assert reading.stream is None or isinstance(reading.stream, str)


@given(damaged_text(f"{NAME}.csv"))
def test_any_name_of_a_file_tells_a_pair_or_is_refused(name: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        fit = name.encode(errors="replace").decode().replace("/", "_").replace("\x00", "_")
        path = Path(folder) / f"{fit[:60]}.csv"
        path.write_bytes(as_csv(csv_rows()))
        try:
            (imported,) = import_files(HistoryStore(Path(folder) / "store"), path)
        except REFUSALS:
            return
        assert imported.symbol.isalnum()
