"""Reading a pair back as one history: spans, gaps, joined timeframes, what is known of it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
from pyarrow import parquet

from domain.candles import CLOSE, TAKER_BUY_VOLUME, VOLUME
from domain.errors import InvalidDataError, NotFoundError
from domain.instruments import Instrument
from domain.timeframes import Timeframe, from_ms
from engine.backtest.values import FundingPayment
from exchanges.history import CandleTable, HistoryStore, ListedPair, join_candles
from tests.unit.exchanges.history.recorded_candles import (
    DAY_MS,
    HOUR_MS,
    JULY_MS,
    candles,
)

M1, M5, M15, H1 = Timeframe.M1, Timeframe.M5, Timeframe.M15, Timeframe.H1
BTC = "BTCUSDT"


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path / "history")


def instrument(symbol: str = BTC, listed_at: datetime | None = None) -> Instrument:
    return Instrument(
        symbol=symbol,
        base=symbol.removesuffix("USDT"),
        quote="USDT",
        tick=Decimal("0.10"),
        step=Decimal("0.001"),
        minimum_quantity=Decimal("0.001"),
        minimum_notional=Decimal(50),
        maximum_quantity=Decimal(120),
        listed_at=listed_at,
    )


def without_trades(table: CandleTable, at: int) -> CandleTable:
    columns = table.columns.copy()
    columns[:CLOSE, at] = columns[CLOSE, at]
    columns[VOLUME : TAKER_BUY_VOLUME + 1, at] = 0
    return replace(table, columns=columns)


def test_longer_timeframes_are_joined_from_the_finest(store: HistoryStore) -> None:
    store.write(BTC, candles(600, M1))

    history = store.read(BTC)

    assert list(history.candles) == [M1, M5, M15, H1]
    assert history.finest is M1
    for longer in (M5, M15, H1):
        joined = join_candles(history.candles[M1], longer)
        assert joined is not None
        assert bytes(history.candles[longer].columns) == bytes(joined.columns)


def test_a_stored_longer_timeframe_is_taken_as_the_venue_told_it(store: HistoryStore) -> None:
    own = candles(4, M15, seed=9)
    store.write(BTC, candles(12, M5))
    store.write(BTC, own)

    history = store.read(BTC)

    assert bytes(history.candles[M15].columns) == bytes(own.series().columns)
    joined = join_candles(own.series(), H1)
    assert joined is not None
    assert bytes(history.candles[H1].columns) == bytes(joined.columns)


def test_a_shorter_timeframe_that_covers_only_a_part_is_left_out(store: HistoryStore) -> None:
    store.write(BTC, candles(4 * 24 * 10, M15))
    store.write(BTC, candles(1440, M1, start_ms=JULY_MS + 9 * DAY_MS))

    whole = store.read(BTC)
    last_day = store.read(BTC, from_ms(JULY_MS + 9 * DAY_MS))

    assert (whole.finest, list(whole.candles)) == (M15, [M15, H1])
    assert last_day.finest is M1


def test_the_span_asked_for_is_cut_to_what_there_is(store: HistoryStore) -> None:
    store.write(BTC, candles(288, M5))

    history = store.read(
        BTC, from_ms(JULY_MS - DAY_MS), from_ms(JULY_MS + 2 * HOUR_MS) + timedelta(minutes=7)
    )

    series = history.candles[M5]
    assert series.first_index * M5.milliseconds == JULY_MS
    assert series.closed_at == from_ms(JULY_MS + 2 * HOUR_MS) + timedelta(minutes=5)
    assert len(history.candles[H1]) == 2


def test_a_gap_is_refused_with_its_place_and_how_to_mend_it(store: HistoryStore) -> None:
    store.write(BTC, candles(288, M5, without=(100, 101, 200)))

    with pytest.raises(
        InvalidDataError,
        match=r"BTCUSDT: no stored timeframe covers .*: 5m from 2025-07-01 00:00 to 2025-07-02 "
        r"00:00, where 2 candles are missing from 2025-07-01 08:20 to 2025-07-01 08:30 and 1 more"
        r"\. Run `python -m app download --pairs BTCUSDT` again",
    ):
        store.read(BTC)


def test_timeframes_of_different_times_make_no_history(store: HistoryStore) -> None:
    store.write(BTC, candles(288, M5))
    store.write(BTC, candles(96, M15, start_ms=JULY_MS + 5 * DAY_MS))

    with pytest.raises(InvalidDataError, match=r"5m from .* 2025-07-02 00:00; 15m from 2025-07-06"):
        store.read(BTC)
    assert store.read(BTC, end=from_ms(JULY_MS + 3 * DAY_MS)).finest is M5


def test_a_span_beside_the_gap_is_read(store: HistoryStore) -> None:
    store.write(BTC, candles(288, M5, without=(100,)))

    assert len(store.read(BTC, from_ms(JULY_MS + 12 * HOUR_MS)).candles[M5]) == 144


def test_parts_are_what_lies_between_the_gaps(store: HistoryStore) -> None:
    table = candles(288, M5, without=(100, 101, 200))
    store.write(BTC, table)

    parts = store.read_parts(BTC)

    assert [len(part.candles[M5]) for part in parts] == [100, 98, 87]
    assert {part.finest for part in parts} == {M5}
    assert len({part.instrument for part in parts}) == 1


def test_a_longer_timeframe_without_the_gap_is_used_instead(store: HistoryStore) -> None:
    store.write(BTC, candles(288, M5, without=(100,)))
    store.write(BTC, candles(96, M15))

    assert store.read(BTC).finest is M15


def test_candles_without_trades_are_no_gap(store: HistoryStore) -> None:
    store.write(BTC, without_trades(candles(24, M5), 7))

    assert len(store.read(BTC).candles[M5]) == 24


def test_a_pair_that_is_not_stored_is_refused(store: HistoryStore) -> None:
    with pytest.raises(InvalidDataError, match="no candles of BTCUSDT; download them"):
        store.read(BTC)
    store.write(BTC, candles(12))
    with pytest.raises(NotFoundError, match=r"no candle of .* is stored from"):
        store.read(BTC, from_ms(JULY_MS + 5 * DAY_MS))


def test_tick_and_step_are_read_off_candles_where_the_venue_did_not_tell(
    store: HistoryStore,
) -> None:
    store.write(BTC, candles(288, M5))

    history = store.read(BTC)
    an_hour = store.read(BTC, from_ms(JULY_MS), from_ms(JULY_MS + HOUR_MS))

    assert history.is_inferred
    assert (history.instrument.tick, history.instrument.step) == (Decimal("0.1"), Decimal("0.001"))
    assert history.instrument.minimum_notional == Decimal(5)
    assert an_hour.instrument == history.instrument


def test_a_pair_in_another_currency_needs_the_filters_of_the_venue(store: HistoryStore) -> None:
    store.write("XRPETH", candles(12))

    with pytest.raises(InvalidDataError, match="XRPETH is not quoted in USDT"):
        store.read("XRPETH")


def test_filters_and_listing_of_the_venue_come_back(store: HistoryStore) -> None:
    known = ListedPair(
        instrument=instrument(listed_at=datetime(2025, 6, 30, tzinfo=UTC)),
        first_candle_ms=JULY_MS,
    )
    store.write_listed({BTC: known, "ETHUSDT": ListedPair(instrument=instrument("ETHUSDT"))})
    store.write(BTC, candles(24, M5))

    history = store.read(BTC)

    assert store.listed()[BTC] == known
    assert (history.instrument, history.is_inferred) == (known.instrument, False)
    assert history.listed_ms == JULY_MS
    assert store.read(BTC, from_ms(JULY_MS + HOUR_MS)).listed_ms is None


def test_a_first_candle_once_seen_stays_known(store: HistoryStore) -> None:
    pair = ListedPair(instrument=instrument())
    store.write_listed({BTC: replace(pair, first_candle_ms=JULY_MS)})
    store.write_listed({BTC: pair})

    assert store.listed()[BTC].first_candle_ms == JULY_MS


def test_filters_that_cannot_be_read_are_refused(store: HistoryStore) -> None:
    store.write_listed({BTC: ListedPair(instrument=instrument())})
    path = store.root / "instruments.json"
    path.write_text(path.read_text().replace('"0.10"', '"-1"'))

    with pytest.raises(InvalidDataError, match=r"instruments\.json cannot be read .*Remove it"):
        store.listed()


def test_settled_funding_within_the_span_comes_with_the_candles(store: HistoryStore) -> None:
    payments = [FundingPayment(at_ms=JULY_MS + n * 8 * HOUR_MS, rate=n / 1e4) for n in range(4)]
    store.write(BTC, candles(288, M5))
    store.write_funding(BTC, payments[2:])
    store.write_funding(BTC, payments[:3])

    assert store.funding(BTC) == tuple(payments)
    read = store.read(BTC, from_ms(JULY_MS + HOUR_MS), from_ms(JULY_MS + 16 * HOUR_MS))
    assert read.funding == tuple(payments[1:3])


def test_funding_out_of_order_is_refused(store: HistoryStore) -> None:
    store.write_funding(BTC, [FundingPayment(at_ms=n, rate=0.0) for n in (1, 2)])
    path = store.root / BTC / "funding.parquet"
    table = parquet.read_table(path)
    parquet.write_table(table.take([1, 0]), path)

    with pytest.raises(InvalidDataError, match=r"funding\.parquet is out of order"):
        store.funding(BTC)
