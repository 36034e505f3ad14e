"""Binance's public files: zip and CSV, with and without a line of names, and their checksums."""

import hashlib
import zipfile
from pathlib import Path

import pyarrow
import pytest
from pyarrow import parquet

from domain.errors import InvalidDataError
from domain.timeframes import Timeframe
from exchanges.history import HistoryStore
from exchanges.history.importing import Layout, import_files
from exchanges.history.importing.layouts import KLINE_COLUMNS
from tests.unit.exchanges.history.recorded_candles import candles, kline_lines, same

M1 = Timeframe.M1
TABLE = candles(1440, M1)
NAMES = ",".join(KLINE_COLUMNS)
STEM = "BTCUSDT-1m-2025-07"


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path / "history")


def write_csv(folder: Path, lines: list[str], stem: str = STEM) -> Path:
    path = folder / f"{stem}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    return path


def write_zip(folder: Path, lines: list[str], stem: str = STEM) -> Path:
    path = folder / f"{stem}.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"{stem}.csv", "\n".join(lines))
    return path


def write_checksum(path: Path, digest: str | None = None) -> None:
    digest = digest or hashlib.sha256(path.read_bytes()).hexdigest()
    path.with_name(path.name + ".CHECKSUM").write_text(f"{digest}  {path.name}\n")


@pytest.mark.parametrize("write", [write_csv, write_zip])
@pytest.mark.parametrize("head", [[NAMES], []], ids=["with names", "without names"])
@pytest.mark.parametrize("unit", [1, 1000], ids=["milliseconds", "microseconds"])
@pytest.mark.parametrize("layout", [Layout.AUTO, Layout.BINANCE])
def test_klines_come_in_with_taker_buys_bit_for_bit(
    store: HistoryStore,
    tmp_path: Path,
    write: object,
    head: list[str],
    unit: int,
    layout: Layout,
) -> None:
    assert callable(write)
    path = write(tmp_path, [*head, *kline_lines(TABLE, unit=unit)])

    (imported,) = import_files(store, path, layout=layout)

    assert (imported.symbol, imported.timeframe, imported.candles) == ("BTCUSDT", M1, 1440)
    assert same(store.candles("BTCUSDT", M1), TABLE)


def test_klines_as_parquet_come_in_as_well(store: HistoryStore, tmp_path: Path) -> None:
    columns = dict(zip(KLINE_COLUMNS[1:6], TABLE.columns[:5], strict=True))
    others = dict.fromkeys(KLINE_COLUMNS[6:], TABLE.columns[5])
    table = pyarrow.table({"open_time": TABLE.opened, **columns, **others})
    parquet.write_table(table, tmp_path / f"{STEM}.parquet")

    import_files(store, tmp_path / f"{STEM}.parquet", layout=Layout.BINANCE)

    assert same(store.candles("BTCUSDT", M1), TABLE)


def test_a_zip_with_its_checksum_is_taken_and_a_damaged_one_refused(
    store: HistoryStore, tmp_path: Path
) -> None:
    path = write_zip(tmp_path, kline_lines(TABLE))
    write_checksum(path, "0" * 64)
    with pytest.raises(InvalidDataError, match=r"is not the file that .*\.zip\.CHECKSUM describes"):
        import_files(store, path)
    assert store.symbols() == ()

    write_checksum(path)
    assert len(import_files(store, tmp_path)) == 1


def test_a_zip_that_is_cut_or_holds_something_else_is_refused(
    store: HistoryStore, tmp_path: Path
) -> None:
    path = write_zip(tmp_path, kline_lines(TABLE))
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) // 2])
    with pytest.raises(InvalidDataError, match="is no whole zip"):
        import_files(store, path)

    damaged = bytearray(whole)
    damaged[200:210] = bytes(10)
    path.write_bytes(damaged)
    with pytest.raises(InvalidDataError, match="is no whole zip"):
        import_files(store, path)

    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("one.csv", "1")
        archive.writestr("two.csv", "2")
    with pytest.raises(InvalidDataError, match="does not hold exactly one CSV file"):
        import_files(store, path)


def test_microseconds_that_are_no_whole_milliseconds_are_refused(
    store: HistoryStore, tmp_path: Path
) -> None:
    lines = kline_lines(candles(3, M1), unit=1000)
    lines[1] = lines[1].replace("000,", "001,", 1)

    with pytest.raises(InvalidDataError, match=r"csv: row 2: open time 1751328060000001 is neith"):
        import_files(store, write_csv(tmp_path, lines))


def test_rows_of_a_csv_are_named_as_lines(store: HistoryStore, tmp_path: Path) -> None:
    lines = kline_lines(candles(10, M1))
    twice = [*lines[:4], lines[3], *lines[4:]]

    with pytest.raises(InvalidDataError, match=r"csv: row 5: .*duplicated rows"):
        import_files(store, write_csv(tmp_path, twice))
    with pytest.raises(InvalidDataError, match=r"csv: row 6: .*duplicated rows"):
        import_files(store, write_csv(tmp_path, [NAMES, *twice]))


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda lines: [lines[0], "x" + lines[1]], "cannot be read as CSV: .*Row #2"),
        (lambda lines: [lines[0], lines[1].replace(",", ",,", 1)], "cannot be read as CSV"),
        (lambda lines: [lines[0].partition(",")[0] + ",,1,1,1,1,1,1,1,1,1,1"], "cannot be read"),
        (lambda lines: [lines[0], lines[1].replace("1751328060000", "1751328060000001")], "row 2"),
        (lambda _lines: ["timestamp,open,high,low"], "lacks the columns close, volume"),
        (lambda _lines: [NAMES], "holds no candle"),
        (lambda _lines: [""], "lacks the columns"),
    ],
    ids=["letters", "13 columns", "empty cell", "mixed units", "other names", "no rows", "empty"],
)
def test_a_csv_that_is_not_clean_is_refused(
    store: HistoryStore, tmp_path: Path, spoil: object, reason: str
) -> None:
    assert callable(spoil)
    path = write_csv(tmp_path, spoil(kline_lines(candles(2, M1))))

    with pytest.raises(InvalidDataError, match=reason):
        import_files(store, path)
    assert store.symbols() == ()
