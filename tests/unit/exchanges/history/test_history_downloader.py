"""A download: what it fetches, what it stores, and what it tells at the end."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path

import ccxt
import pytest

from domain.instruments import Instrument
from domain.timeframes import Timeframe, from_ms
from exchanges.history import HistoryStore, ListedPair
from exchanges.history.downloading import Span, download
from tests.unit.exchanges.history.past_venue import PastVenue, rows_of, source_of
from tests.unit.exchanges.history.recorded_candles import DAY_MS, HOUR_MS, JULY_MS, candles, same

H1 = Timeframe.H1
BTC, ETH = "BTCUSDT", "ETHUSDT"
SPAN = Span(start_ms=JULY_MS, end_ms=JULY_MS + 40 * DAY_MS, timeframes=(H1,))
ALL = candles(40 * 24, H1)


@pytest.fixture
def store(tmp_path: Path) -> HistoryStore:
    return HistoryStore(tmp_path)


def instrument(symbol: str = BTC, listed_ms: int | None = None) -> Instrument:
    listed_at = datetime(2019, 9, 1, tzinfo=UTC) if listed_ms is None else from_ms(listed_ms)
    return Instrument(
        symbol=symbol,
        base=symbol.removesuffix("USDT"),
        quote="USDT",
        tick=Decimal("0.1"),
        step=Decimal("0.001"),
        minimum_quantity=Decimal("0.001"),
        minimum_notional=Decimal(5),
        listed_at=listed_at,
    )


def funding(count: int) -> list[dict[str, float]]:
    return [
        {"timestamp": JULY_MS + number * 8 * HOUR_MS, "fundingRate": 1e-4}
        for number in range(count)
    ]


async def test_everything_is_fetched_once_and_then_only_what_is_missing(
    store: HistoryStore,
) -> None:
    past = PastVenue(rows=rows_of(ALL), payments=funding(121))
    source, _ = source_of(past)
    half = Span(start_ms=JULY_MS, end_ms=JULY_MS + 35 * DAY_MS, timeframes=(H1,))
    await download(store, source, [instrument()], half)
    past.asked.clear()
    shown: list[tuple[str, int, int]] = []

    (report,) = await download(
        store, source, [instrument()], SPAN, lambda *step: shown.append(step)
    )

    assert (report.expected, report.found, report.gaps) == (960, 960, ())
    assert (report.is_complete, report.listed_ms) == (True, None)
    assert same(store.candles(BTC, H1), ALL)
    first_new = JULY_MS + 35 * DAY_MS
    candle_requests, funding_requests = past.asked[:2], past.asked[2:]
    assert [begin for begin, _, _ in candle_requests] == [first_new, first_new + 100 * HOUR_MS]
    assert [begin for begin, _, _ in funding_requests] == [JULY_MS + 105 * 8 * HOUR_MS + 1]
    assert len(store.funding(BTC)) == 121
    assert shown == [(f"{BTC} 1h", 0, 120), (f"{BTC} funding", 120, 120)]


async def test_a_hole_at_the_venue_is_told_and_asked_for_again(store: HistoryStore) -> None:
    past = PastVenue(rows=rows_of(candles(40 * 24, H1, without=(3, 4, 800))))
    source, _ = source_of(past)

    (report,) = await download(store, source, [instrument()], SPAN)

    assert (report.found, report.is_complete) == (957, False)
    assert [gap.candles for gap in report.gaps] == [2, 1]
    past.rows = rows_of(ALL)
    (mended,) = await download(store, source, [instrument()], SPAN)
    assert mended.is_complete
    assert same(store.candles(BTC, H1), ALL)


async def test_a_listing_within_the_span_is_known_from_then_on(store: HistoryStore) -> None:
    listed_ms = JULY_MS + 12 * DAY_MS
    late = ALL.within(listed_ms + 2 * HOUR_MS, None)
    past = PastVenue(rows=rows_of(late))
    source, _ = source_of(past)
    pair = instrument(listed_ms=listed_ms)

    (report,) = await download(store, source, [pair], SPAN)

    assert (report.expected, report.found) == (28 * 24 - 2, 28 * 24 - 2)
    assert report.listed_ms == listed_ms + 2 * HOUR_MS
    assert store.listed()[BTC].first_candle_ms == listed_ms + 2 * HOUR_MS
    past.asked.clear()
    (again,) = await download(store, source, [pair], SPAN)
    assert again == report
    assert len(past.asked) == 1  # funding


async def test_candles_missing_at_the_head_of_an_old_pair_are_no_listing(
    store: HistoryStore,
) -> None:
    source, _ = source_of(PastVenue(rows=rows_of(ALL.within(JULY_MS + 12 * DAY_MS, None))))

    (report,) = await download(store, source, [instrument()], SPAN)

    assert [gap.candles for gap in report.gaps] == [12 * 24]
    assert (report.listed_ms, report.is_complete) == (None, False)


async def test_a_pair_listed_after_the_span_has_nothing_missing(store: HistoryStore) -> None:
    source, _ = source_of(PastVenue())

    (report,) = await download(store, source, [instrument(listed_ms=SPAN.end_ms + DAY_MS)], SPAN)

    assert (report.expected, report.found, report.is_complete) == (0, 0, True)


async def test_trouble_with_one_pair_keeps_what_it_had_and_lets_the_others_be(
    store: HistoryStore,
) -> None:
    past = PastVenue(rows=rows_of(ALL), failures=[ccxt.ExchangeNotAvailable("away")] * 3)
    source, _ = source_of(past)

    btc, eth = await download(store, source, [instrument(), instrument(ETH)], SPAN)

    assert (btc.found, btc.is_complete) == (0, False)
    assert btc.obstacle is not None
    assert "away" in btc.obstacle
    assert (eth.found, eth.is_complete) == (960, True)


async def test_candles_without_the_funding_that_the_venue_has_are_not_complete(
    store: HistoryStore,
) -> None:
    store.write(BTC, ALL)
    source, _ = source_of(PastVenue(failures=[ccxt.ExchangeNotAvailable("away")] * 3))

    (report,) = await download(store, source, [instrument()], SPAN)

    assert (report.found, report.gaps, report.is_complete) == (960, (), False)


async def test_filters_are_kept_before_anything_is_fetched(store: HistoryStore) -> None:
    past = PastVenue(failures=[ccxt.BadSymbol("gone")])
    source, _ = source_of(past)

    (report,) = await download(store, source, [instrument()], SPAN)

    assert store.listed() == {BTC: ListedPair(instrument=instrument())}
    assert "gone" in str(report.obstacle)


async def test_holes_in_stored_funding_are_fetched_from_the_first_one_on(
    store: HistoryStore,
) -> None:
    whole = funding(121)
    past = PastVenue(rows=rows_of(ALL), payments=[*whole[:20], *whole[30:50], *whole[51:]])
    source, _ = source_of(past)

    (report,) = await download(store, source, [instrument()], SPAN)

    assert [(gap.start_ms, gap.end_ms) for gap in report.funding_gaps] == [
        (whole[19]["timestamp"], whole[30]["timestamp"]),
        (whole[49]["timestamp"], whole[51]["timestamp"]),
    ]
    assert not report.is_complete
    past.payments = whole
    past.asked.clear()
    (mended,) = await download(store, source, [instrument()], SPAN)
    assert [begin for begin, _, _ in past.asked] == [whole[19]["timestamp"] + 1]
    assert len(store.funding(BTC)) == 121
    assert (mended.funding_gaps, mended.is_complete) == ((), True)


async def test_a_hole_in_funding_before_the_span_is_no_business_of_the_download(
    store: HistoryStore,
) -> None:
    before = {"timestamp": JULY_MS - 3 * DAY_MS, "fundingRate": 1e-4}
    early = Span(start_ms=JULY_MS - 3 * DAY_MS, end_ms=SPAN.end_ms, timeframes=(H1,))
    past = PastVenue(rows=rows_of(ALL), payments=[before, *funding(121)])
    source, _ = source_of(past)
    await download(store, source, [instrument()], early)
    past.asked.clear()

    later = Span(start_ms=JULY_MS + DAY_MS, end_ms=SPAN.end_ms, timeframes=(H1,))
    (report,) = await download(store, source, [instrument()], later)

    assert report.is_complete
    assert past.asked == []


def days_from_noon(first: int, last: int) -> Span:
    """A span whose ends lie between two settlements."""
    noon_ms = JULY_MS + 13 * HOUR_MS
    return Span(start_ms=noon_ms + first * DAY_MS, end_ms=noon_ms + last * DAY_MS, timeframes=(H1,))


@pytest.mark.parametrize("older_first", [True, False])
async def test_what_lies_between_two_separate_spans_is_missing_in_neither(
    store: HistoryStore, older_first: bool
) -> None:
    source, _ = source_of(PastVenue(rows=rows_of(ALL), payments=funding(121)))
    spans = [days_from_noon(0, 3), days_from_noon(20, 23)]
    for span in spans if older_first else reversed(spans):
        (report,) = await download(store, source, [instrument()], span)
        assert (report.funding_gaps, report.is_complete) == ((), True)
    assert len(store.funding(BTC)) == 18


@pytest.mark.parametrize("lost", [[61, 62], [67, 68]], ids=["at its head", "at its end"])
async def test_a_hole_in_funding_that_reaches_out_of_the_span_is_told_and_mended(
    store: HistoryStore, lost: list[int]
) -> None:
    whole = funding(121)
    past = PastVenue(rows=rows_of(ALL), payments=[whole[at] for at in range(121) if at not in lost])
    source, _ = source_of(past)
    await download(store, source, [instrument()], SPAN)
    span = days_from_noon(20, 22)

    (report,) = await download(store, source, [instrument()], span)

    assert [(gap.start_ms, gap.end_ms) for gap in report.funding_gaps] == [
        (whole[lost[0] - 1]["timestamp"], whole[lost[-1] + 1]["timestamp"])
    ]
    past.payments = whole
    (mended,) = await download(store, source, [instrument()], span)
    assert (mended.funding_gaps, mended.is_complete) == ((), True)


async def test_funding_of_a_span_that_begins_hours_before_what_is_stored_is_fetched(
    store: HistoryStore,
) -> None:
    source, _ = source_of(PastVenue(rows=rows_of(ALL), payments=funding(121)))
    span = days_from_noon(20, 23)
    await download(store, source, [instrument()], span)
    earlier = replace(span, start_ms=span.start_ms - 20 * HOUR_MS)
    await download(store, source, [instrument()], earlier)
    assert len(store.funding(BTC)) == 11


async def test_a_venue_without_settled_funding_gives_candles_alone(store: HistoryStore) -> None:
    source, _ = source_of(PastVenue(rows=rows_of(ALL), has={}))

    (report,) = await download(store, source, [instrument()], SPAN)

    assert report.is_complete
    assert store.funding(BTC) == ()
