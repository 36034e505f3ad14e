"""What a download still has to fetch, and when a first candle is a listing."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import pytest

from domain.errors import InvalidDataError
from domain.instruments import Instrument
from domain.timeframes import Timeframe, from_ms
from exchanges.history import HistoryStore, ListedPair
from exchanges.history.downloading.downloader import Span
from exchanges.history.downloading.missing import find_missing, listing_seen
from tests.unit.exchanges.history.recorded_candles import DAY_MS, HOUR_MS, JULY_MS, candles

H1, M15 = Timeframe.H1, Timeframe.M15
BTC = "BTCUSDT"
END_MS = JULY_MS + 40 * DAY_MS
LONG_AGO = datetime(2019, 9, 1, tzinfo=UTC)


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path)


def pair(listed_at: datetime | None = LONG_AGO, first_candle_ms: int | None = None) -> ListedPair:
    return ListedPair(
        instrument=Instrument(
            symbol=BTC,
            base="BTC",
            quote="USDT",
            tick=Decimal("0.1"),
            step=Decimal("0.001"),
            minimum_quantity=Decimal("0.001"),
            minimum_notional=Decimal(5),
            listed_at=listed_at,
        ),
        first_candle_ms=first_candle_ms,
    )


def test_of_an_empty_store_everything_is_missing_month_by_month(store: HistoryStore) -> None:
    missing = find_missing(store, pair(), H1, JULY_MS, END_MS)

    assert missing.candles == 40 * 24
    assert [str(piece) for piece in missing.pieces()] == [
        "2025-07-01 00:00 to 2025-08-01 00:00",
        "2025-08-01 00:00 to 2025-08-10 00:00",
    ]


def test_stored_candles_are_not_fetched_again(store: HistoryStore) -> None:
    store.write(BTC, candles(24 * 35, H1, without=(100, 101)))

    missing = find_missing(store, pair(), H1, JULY_MS, END_MS)

    assert [gap.candles for gap in missing.gaps] == [2, 5 * 24]
    assert not find_missing(store, pair(), H1, JULY_MS, JULY_MS + 4 * DAY_MS).gaps


def test_before_its_listing_nothing_of_a_pair_is_missing(store: HistoryStore) -> None:
    listed_at = from_ms(JULY_MS + 10 * DAY_MS + 7 * 60_000)

    missing = find_missing(store, pair(listed_at), M15, JULY_MS, END_MS)

    assert missing.head_ms == JULY_MS + 10 * DAY_MS
    assert missing.candles == 30 * 96
    later = find_missing(store, pair(from_ms(END_MS + DAY_MS)), M15, JULY_MS, END_MS)
    assert later.candles == 0


@pytest.mark.parametrize(
    ("first_day", "listed_day", "seen"),
    [
        (10, 10, True),
        (11, 10, True),
        (0, 0, True),
        (13, 10, False),  # nobody opens trading three days late: candles are missing
        (10, -300, False),
        (0, -300, False),
        (1, -1, True),
        (0, -1, False),
    ],
)
def test_the_first_candle_is_the_listing_where_the_venue_says_so(
    store: HistoryStore, first_day: int, listed_day: int, seen: bool
) -> None:
    first_ms = JULY_MS + first_day * DAY_MS
    store.write(BTC, candles(24, H1, start_ms=first_ms))

    found = listing_seen(store, pair(from_ms(JULY_MS + listed_day * DAY_MS)), (H1,), JULY_MS)

    assert found == (first_ms if seen else None)


def test_a_listing_once_seen_stays_and_an_unknown_one_is_not_made_up(store: HistoryStore) -> None:
    assert listing_seen(store, pair(), (H1,), JULY_MS) is None
    store.write(BTC, candles(24, H1))
    known = replace(pair(), first_candle_ms=JULY_MS - DAY_MS)

    assert listing_seen(store, known, (H1,), JULY_MS) == JULY_MS - DAY_MS
    assert listing_seen(store, pair(listed_at=None), (H1,), JULY_MS - DAY_MS) is None


@pytest.mark.parametrize(
    ("start_ms", "end_ms"), [(JULY_MS + 1, END_MS), (JULY_MS, JULY_MS), (END_MS, JULY_MS)]
)
def test_a_span_lies_on_hours_and_has_a_length(start_ms: int, end_ms: int) -> None:
    with pytest.raises(InvalidDataError, match="both on a full hour"):
        Span(start_ms=start_ms, end_ms=end_ms, timeframes=(H1,))
    Span(start_ms=JULY_MS, end_ms=JULY_MS + HOUR_MS, timeframes=(H1,))
