"""The store's files: written whole, checked when read, never half of anything."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pyarrow
import pytest
from pyarrow import parquet

from domain.errors import ConfigurationError, InvalidDataError
from domain.timeframes import Timeframe
from exchanges.history import CandleTable, HistoryStore
from exchanges.history.files import StagedFiles
from exchanges.history.overview import holdings
from tests.unit.exchanges.history.recorded_candles import (
    DAY_MS,
    JULY_MS,
    candles,
    same,
)

M1, M5, M15, H1 = Timeframe.M1, Timeframe.M5, Timeframe.M15, Timeframe.H1
BTC = "BTCUSDT"


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path / "history")


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ([0, 2, 1], r"row 3: .*rows out of order"),
        ([0, 1, 1], r"row 3: .*duplicated rows"),
    ],
)
def test_rows_out_of_order_are_refused_by_writing_and_by_reading(
    store: HistoryStore, rows: list[int], reason: str
) -> None:
    table = candles(3)
    broken = replace(table, opened=table.opened[rows], columns=table.columns[:, rows])

    with pytest.raises(InvalidDataError, match=reason):
        store.write(BTC, broken)
    assert store.symbols() == ()

    store.write(BTC, table)
    path = next(store.root.rglob("2025-07.parquet"))
    parquet.write_table(parquet.read_table(path).take(rows), path)
    with pytest.raises(InvalidDataError, match=rf"2025-07\.parquet: {reason}.*Remove the file"):
        store.read(BTC)


@pytest.mark.parametrize(
    ("spoil", "reason"),
    [
        (lambda _path, data: data[: len(data) // 2], "cannot be read as Parquet"),
        (lambda _path, _data: b"", "cannot be read as Parquet"),
        (lambda path, _data: _without_column(path, "volume"), "has no column volume of double"),
        (lambda path, _data: _cut(path), "holds no candle"),
    ],
    ids=["cut off", "empty", "another layout", "no rows"],
)
def test_a_file_that_is_not_ours_is_refused(
    store: HistoryStore, spoil: object, reason: str
) -> None:
    store.write(BTC, candles(3))
    path = next(store.root.rglob("2025-07.parquet"))
    assert callable(spoil)
    path.write_bytes(spoil(path, path.read_bytes()))

    with pytest.raises(InvalidDataError, match=rf"2025-07\.parquet {reason}.*Remove the file"):
        store.read(BTC)


def test_candles_of_another_month_are_refused(store: HistoryStore) -> None:
    store.write(BTC, candles(3))
    path = next(store.root.rglob("2025-07.parquet"))
    path.rename(path.with_name("2025-08.parquet"))

    with pytest.raises(InvalidDataError, match=r"2025-08\.parquet holds candles of another month"):
        store.read(BTC)


def test_other_files_in_the_folder_are_passed_over(store: HistoryStore) -> None:
    store.write(BTC, candles(3))
    folder = next(store.root.rglob("2025-07.parquet")).parent
    (folder / ".2025-08.parquet.partial").write_bytes(b"half")
    (folder / "notes.parquet").write_bytes(b"notes")
    (store.root / "EMPTYUSDT" / "5m").mkdir(parents=True)

    assert store.symbols() == (BTC,)
    assert len(store.read(BTC).candles[M5]) == 3


def test_different_candles_are_a_conflict_unless_they_are_to_replace(store: HistoryStore) -> None:
    store.write(BTC, candles(10))
    other = candles(10, seed=2)

    with pytest.raises(
        InvalidDataError,
        match=r"2025-07\.parquet: 2025-07-01 00:00 open .* differs from the known .*--replace",
    ):
        store.write(BTC, other)
    assert same(store.candles(BTC, M5), candles(10))

    written = store.write(BTC, other, replace=True)
    assert (written.added, written.changed) == (0, 10)
    assert same(store.candles(BTC, M5), other)


def test_a_known_taker_buy_volume_is_kept_and_an_unknown_one_filled(store: HistoryStore) -> None:
    full, bare = candles(12).rows(0, 10), candles(12, tells_taker_buys=False)

    assert store.write(BTC, bare.rows(0, 10)).added == 10
    assert store.write(BTC, full).changed == 10
    written = store.write(BTC, bare)
    assert (written.added, written.changed) == (2, 0)
    assert same(store.candles(BTC, M5), CandleTable.joined(M5, [full, bare.rows(10, 12)]))


def test_files_appear_together_or_not_at_all(tmp_path: Path) -> None:
    table = pyarrow.table({"a": [1]})
    one, other = tmp_path / "x" / "one.parquet", tmp_path / "y" / "other.parquet"

    with pytest.raises(ZeroDivisionError):
        _stage_and_fail(one, table)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]

    with StagedFiles() as staged:
        staged.add(one, table)
        staged.add(other, table)
        assert not one.exists()
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == {one, other}


def test_a_folder_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    (tmp_path / "BTCUSDT").write_text("a file where a folder belongs")

    with pytest.raises(ConfigurationError, match=r"cannot be written: .*--root"):
        HistoryStore(tmp_path).write(BTC, candles(3))


def test_holdings_tell_number_and_span_without_reading_all(store: HistoryStore) -> None:
    store.write(BTC, candles(24 * 40, H1))
    store.write(BTC, candles(96, M15))

    fifteen, hour = holdings(store)

    assert (fifteen.timeframe, fifteen.candles) == (M15, 96)
    assert (hour.candles, hour.first_ms, hour.end_ms) == (960, JULY_MS, JULY_MS + 40 * DAY_MS)
    assert hour.size == sum(path.stat().st_size for path in (store.root / BTC / "1h").iterdir())


def _stage_and_fail(place: Path, table: object) -> None:
    with StagedFiles() as staged:
        staged.add(place, table)
        raise ZeroDivisionError


def _without_column(path: Path, name: str) -> bytes:
    parquet.write_table(parquet.read_table(path).drop_columns([name]), path)
    return path.read_bytes()


def _cut(path: Path) -> bytes:
    parquet.write_table(parquet.read_table(path).slice(0, 0), path)
    return path.read_bytes()


def test_times_before_1970_are_refused(store: HistoryStore) -> None:
    table = candles(3)
    early = replace(table, opened=table.opened - 2 * JULY_MS)

    with pytest.raises(InvalidDataError, match="opens before 1970"):
        store.write(BTC, early)
    assert np.array_equal(early.columns, table.columns)
