"""Imports: what clean files bring, and what is refused whole."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from domain.errors import ConfigurationError, InvalidDataError
from domain.timeframes import Timeframe
from exchanges.history import CandleTable, HistoryStore
from exchanges.history.importing import Layout, import_files
from tests.unit.exchanges.history.recorded_candles import (
    DAY_MS,
    JULY_MS,
    MINUTE_MS,
    candles,
    same,
    write_plain,
)

M1, M5, M15 = Timeframe.M1, Timeframe.M5, Timeframe.M15


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path / "history")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def refused(store: HistoryStore, path: Path, reason: str, **options: Layout) -> None:
    before = _contents(store.root)
    with pytest.raises((InvalidDataError, ConfigurationError), match=reason):
        import_files(store, path, **options)  # type: ignore[arg-type]  # layout alone
    assert _contents(store.root) == before


def _contents(root: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in root.rglob("*") if path.is_file()}


def test_a_folder_of_parquet_is_imported_by_pair(store: HistoryStore, folder: Path) -> None:
    btc, eth = candles(288 * 40, M5), candles(96, M15, seed=2)
    write_plain(folder / "BTCUSDT.parquet", btc)
    write_plain(folder / "deeper" / "ETHUSDT.parquet", eth)
    steps: list[tuple[int, int]] = []

    imported = import_files(store, folder, on_progress=lambda *step: steps.append(step))

    assert [(one.symbol, one.timeframe, one.candles) for one in imported] == [
        ("BTCUSDT", M5, 288 * 40),
        ("ETHUSDT", M15, 96),
    ]
    assert imported[0].written.added == 288 * 40
    assert steps == [(1, 2), (2, 2)]
    assert [str(month) for month in store.months("BTCUSDT", M5)] == ["2025-07", "2025-08"]
    stored = store.candles("BTCUSDT", M5)
    assert np.array_equal(stored.columns[:5], btc.columns[:5])
    assert np.isnan(stored.columns[5]).all()


def test_importing_again_changes_no_file(store: HistoryStore, folder: Path) -> None:
    path = write_plain(folder / "BTCUSDT.parquet", candles(288))
    import_files(store, path)
    (file,) = store.root.rglob("*.parquet")
    written_at = file.stat().st_mtime_ns

    (again,) = import_files(store, path)

    assert (again.candles, again.written.added, again.written.changed) == (288, 0, 0)
    assert file.stat().st_mtime_ns == written_at


def test_files_that_follow_each_other_become_one_pair(store: HistoryStore, folder: Path) -> None:
    table = candles(2880, M1)
    write_plain(folder / "BTCUSDT-1m-2025-07-02.parquet", table.rows(1440, 2880))
    write_plain(folder / "BTCUSDT-1m-2025-07-01.parquet", table.rows(0, 1440))

    (imported,) = import_files(store, folder)

    assert (imported.candles, imported.gaps) == (2880, ())
    assert len(store.candles("BTCUSDT", M1)) == 2880


def test_gaps_between_candles_are_told(store: HistoryStore, folder: Path) -> None:
    (imported,) = import_files(
        store, write_plain(folder / "BTCUSDT.parquet", candles(288, without=(5, 6, 80)))
    )

    assert [gap.candles for gap in imported.gaps] == [2, 1]


def test_one_bad_file_keeps_all_out(store: HistoryStore, folder: Path) -> None:
    import_files(store, write_plain(folder / "SOLUSDT.parquet", candles(10)))
    write_plain(folder / "BTCUSDT.parquet", candles(288))
    unsorted = candles(288).rows_where(np.ones(288, dtype=np.bool_))
    rows = np.arange(288)[::-1]
    write_plain(
        folder / "ETHUSDT.parquet",
        replace(unsorted, opened=unsorted.opened[rows], columns=unsorted.columns[:, rows]),
    )

    refused(store, folder, r"ETHUSDT\.parquet: row 2: .*rows out of order.*Nothing was imported")


def test_bad_rows_are_refused_with_file_and_row(store: HistoryStore, folder: Path) -> None:
    table = candles(10)
    path = folder / "BTCUSDT.parquet"

    write_plain(path, replace(table, opened=np.concatenate((table.opened[:5], table.opened[4:9]))))
    refused(store, path, r"BTCUSDT\.parquet: row 6: 2025-07-01 00:20 .*duplicated rows")

    high = table.columns[1].copy()
    high[3] = 1.0
    write_plain(path, table, high=high)
    refused(store, path, r"BTCUSDT\.parquet: row 4: .*impossible prices")

    off = table.opened.copy()
    off[7] += 60_000
    write_plain(path, table, timestamp=off)
    refused(store, path, r"BTCUSDT\.parquet: row 8: 2025-07-01 00:36 .*off the boundaries of 5m")


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"timestamp": candles(10).opened // 1000}, "row 1: open time 1751328000 is neither"),
        (
            {"timestamp": JULY_MS + np.arange(10) * 7 * MINUTE_MS},
            "candles lie 7 minutes apart; expected is 1m or 5m or 15m or 1h",
        ),
        ({"timestamp": candles(10).opened.astype(np.float64)}, "timestamp must be int64"),
        ({"close": [None] + [1.0] * 9}, "close must be double without empty cells"),
        ({"volume": np.arange(10)}, "volume must be double"),
    ],
    ids=["seconds", "other length", "float times", "empty cell", "whole volumes"],
)
def test_columns_of_another_kind_are_refused(
    store: HistoryStore, folder: Path, changed: dict[str, object], reason: str
) -> None:
    refused(store, write_plain(folder / "BTCUSDT.parquet", candles(10), **changed), reason)


def test_files_that_are_no_candles_are_refused(store: HistoryStore, folder: Path) -> None:
    folder.mkdir()
    refused(store, folder, "no file of candles in .*expected are SYMBOL.parquet")
    (folder / "BTCUSDT.parquet").write_bytes(b"nothing of the kind")
    refused(store, folder, "BTCUSDT.parquet cannot be read as Parquet")
    (folder / "BTCUSDT.parquet").unlink()
    write_plain(folder / "btc_usdt.parquet", candles(10))
    refused(store, folder, "btc_usdt.parquet: the name does not tell the pair")


@pytest.mark.parametrize(
    ("name", "table", "reason"),
    [
        ("BTCUSDT-15m-2025-07.parquet", candles(10), "5 minutes apart; expected is 15m"),
        ("BTCUSDT-5m-2025-06.parquet", candles(10), "not those of the period in its name"),
        ("BTCUSDT-5m-2025-07-02.parquet", candles(10), "not those of the period in its name"),
        ("BTCUSDT-4h-2025-07.parquet", candles(10), "4h candles are not used"),
        ("BTCUSDT-5m-2025-07-39.parquet", candles(10), "no month and no day"),
        ("BTCUSDT.parquet", candles(1), "one candle does not tell its length"),
        ("BTCUSDT.parquet", CandleTable.empty(M5), "holds no candle"),
    ],
)
def test_what_a_name_says_must_be_what_is_in_the_file(
    store: HistoryStore, folder: Path, name: str, table: CandleTable, reason: str
) -> None:
    refused(store, write_plain(folder / name, table), reason)


def test_one_candle_has_the_length_in_the_name(store: HistoryStore, folder: Path) -> None:
    path = write_plain(folder / "BTCUSDT-15m-2025-07.parquet", candles(1))

    (imported,) = import_files(store, path)

    assert (imported.timeframe, imported.candles) == (M15, 1)


def test_a_layout_that_is_asked_for_is_required(store: HistoryStore, folder: Path) -> None:
    path = write_plain(folder / "BTCUSDT.parquet", candles(10))

    refused(store, path, "lacks the columns .*close_time", layout=Layout.BINANCE)
    assert len(import_files(store, path, layout=Layout.CANDLES)) == 1


def test_files_that_contradict_each_other_are_refused(store: HistoryStore, folder: Path) -> None:
    write_plain(folder / "a" / "BTCUSDT.parquet", candles(10))
    write_plain(folder / "b" / "BTCUSDT.parquet", candles(10, seed=2))

    refused(store, folder, r"b/BTCUSDT\.parquet: .*differs from the known .*Take out the file")


def test_candles_that_differ_from_stored_ones_need_to_be_told_to_replace(
    store: HistoryStore, folder: Path
) -> None:
    store.write("BTCUSDT", candles(10, tells_taker_buys=False))
    other = candles(20, seed=2, tells_taker_buys=False)
    path = write_plain(folder / "BTCUSDT.parquet", other)

    refused(store, path, r"differs from the known .*10 candles differ.*give --replace")

    (imported,) = import_files(store, path, replace=True)
    assert (imported.written.added, imported.written.changed) == (10, 10)
    assert same(store.candles("BTCUSDT", M5), other)


def test_a_pair_listed_within_a_month_has_a_short_first_file(
    store: HistoryStore, folder: Path
) -> None:
    late = candles(288, M5, start_ms=JULY_MS + 20 * DAY_MS)

    import_files(store, write_plain(folder / "XPLUSDT.parquet", late))

    assert store.read("XPLUSDT").listed_ms is None
    assert len(store.read("XPLUSDT").candles[M5]) == 288
