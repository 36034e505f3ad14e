"""The check of a store: what it finds, and what it lets pass."""

from dataclasses import replace
from pathlib import Path

import pytest
from pyarrow import parquet

from domain.candles import CLOSE, HIGH, OPEN, TAKER_BUY_VOLUME, VOLUME
from domain.timeframes import Timeframe
from engine.backtest.values import FundingPayment
from exchanges.history import (
    CandleTable,
    HistoryStore,
    inspect_funding,
    inspect_store,
    join_candles,
)
from tests.unit.exchanges.history.recorded_candles import DAY_MS, HOUR_MS, JULY_MS, candles

M5, M15, H1 = Timeframe.M5, Timeframe.M15, Timeframe.H1
BTC = "BTCUSDT"


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path)


def joined(table: CandleTable, to: Timeframe) -> CandleTable:
    series = join_candles(table.series(), to)
    assert series is not None
    return CandleTable.of(series)


def changed(table: CandleTable, column: int, row: int, value: float) -> CandleTable:
    columns = table.columns.copy()
    columns[column, row] = value
    return replace(table, columns=columns)


def test_a_sound_store_has_no_faults(store: HistoryStore) -> None:
    table = candles(288 * 40)
    store.write(BTC, table)
    store.write(BTC, joined(table, M15))
    store.write("ETHUSDT", candles(24, H1))

    found = list(inspect_store(store))

    assert [(one.symbol, one.timeframe, one.candles) for one in found] == [
        (BTC, M5, 11520),
        (BTC, M15, 3840),
        ("ETHUSDT", H1, 24),
    ]
    assert not any(one.faults or one.differences or one.gaps for one in found)
    assert (found[0].first_ms, found[0].end_ms) == (JULY_MS, JULY_MS + 40 * DAY_MS)


def test_payments_that_are_missing_between_others_are_told(store: HistoryStore) -> None:
    hours = (0, 8, 12, 13, 21, 38, 46)
    store.write_funding(
        BTC, [FundingPayment(at_ms=JULY_MS + hour * HOUR_MS, rate=1e-4) for hour in hours]
    )

    assert inspect_funding(store, BTC) == (
        "no payment between 2025-07-01 21:00 and 2025-07-02 14:00",
    )
    assert inspect_funding(store, "ETHUSDT") == ()


def test_a_file_of_funding_that_cannot_be_read_is_told(store: HistoryStore) -> None:
    store.write(BTC, candles(24, H1))
    (store.root / BTC / "funding.parquet").write_bytes(b"spoilt")

    (fault,) = inspect_funding(store, BTC)

    assert "funding.parquet" in fault


def test_gaps_within_and_between_months_are_faults(store: HistoryStore) -> None:
    store.write(BTC, candles(24 * 40, H1, without=[5, *range(24 * 30, 24 * 32)]))

    (found,) = inspect_store(store)

    assert [gap.candles for gap in found.gaps] == [1, 48]
    assert found.faults == (
        "1 candles missing from 2025-07-01 05:00 to 2025-07-01 06:00",
        "48 candles missing from 2025-07-31 00:00 to 2025-08-02 00:00",
    )


def test_a_broken_file_is_a_fault_and_the_others_are_still_checked(store: HistoryStore) -> None:
    store.write(BTC, candles(24 * 40, H1))
    july = store.root / BTC / "1h" / "2025-07.parquet"
    table = parquet.read_table(july)
    parquet.write_table(table.take([1, 0, *range(2, table.num_rows)]), july)

    (found,) = inspect_store(store)

    assert (found.candles, len(found.faults)) == (24 * 9, 1)
    assert "2025-07.parquet: row 2: " in found.faults[0]
    assert "rows out of order" in found.faults[0]


@pytest.mark.parametrize("column", [OPEN, HIGH, CLOSE, VOLUME, TAKER_BUY_VOLUME])
def test_a_longer_candle_that_shorter_ones_do_not_make_is_a_fault(
    store: HistoryStore, column: int
) -> None:
    table = candles(288)
    quarter = joined(table, M15)
    value = float(quarter.columns[column, 7])
    # Lifted where that keeps the candle possible: the body to its high, the rest beyond it.
    lifted = (
        value + 0.1
        if column in (HIGH, VOLUME)
        else (value - 0.001 if column == TAKER_BUY_VOLUME else float(quarter.columns[HIGH, 7]))
    )
    store.write(BTC, table)
    store.write(BTC, changed(quarter, column, 7, lifted))

    _, found = inspect_store(store)

    assert (found.differences, found.explained) == (1, 0)
    assert found.faults[0].startswith(
        "1 candles differ from the joined 5m ones, first 2025-07-01 01:45 open"
    )


def test_an_unknown_taker_buy_volume_is_no_difference(store: HistoryStore) -> None:
    table = candles(288)
    store.write(BTC, table)
    store.write(BTC, changed(joined(table, M15), TAKER_BUY_VOLUME, 3, float("nan")))

    _, found = inspect_store(store)

    assert (found.differences, found.faults) == (0, ())


def test_a_candle_that_begins_without_trades_may_open_at_the_first_trade(
    store: HistoryStore,
) -> None:
    table = candles(288)
    columns = table.columns.copy()
    columns[: CLOSE + 1, 21] = columns[CLOSE, 20]
    columns[VOLUME : TAKER_BUY_VOLUME + 1, 21] = 0
    halted = replace(table, columns=columns)
    quarter = joined(halted, M15)
    store.write(BTC, halted)
    store.write(BTC, changed(quarter, OPEN, 7, float(columns[OPEN, 22])))

    _, found = inspect_store(store)

    assert found.differences == found.explained
    assert found.faults == ()
