"""The past as a venue tells it: pages, holes, senseless rows, and times that jitter."""

import ccxt
import numpy as np
import pytest

from domain.errors import TemporaryVenueError
from domain.timeframes import Timeframe
from exchanges.history import CandleTable
from tests.unit.exchanges.history.past_venue import PastVenue, rows_of, source_of
from tests.unit.exchanges.history.recorded_candles import DAY_MS, HOUR_MS, JULY_MS, candles, same

M5 = Timeframe.M5


async def fetched(past: PastVenue, count: int) -> CandleTable:
    source, _ = source_of(past)
    return await source.candles("BTCUSDT", M5, JULY_MS, JULY_MS + count * M5.milliseconds)


async def test_pages_follow_each_other_to_the_end_of_the_span() -> None:
    past = PastVenue(rows=rows_of(candles(300)))

    assert same(await fetched(past, 250), candles(300).rows(0, 250))
    assert [limit for _, _, limit in past.asked] == [100, 100, 50]


async def test_holes_stay_holes() -> None:
    table = candles(300, without=(0, 7, *range(90, 210), 249))

    assert same(
        await fetched(PastVenue(rows=rows_of(table)), 250),
        table.within(JULY_MS, JULY_MS + 250 * M5.milliseconds),
    )
    assert len(await fetched(PastVenue(), 250)) == 0


async def test_a_senseless_candle_is_left_out_and_counted() -> None:
    rows = rows_of(candles(50))
    rows[7] = (rows[7][0], 1.0, 0.5, 2.0, 1.0, 1.0, 1.0)
    source, rejected = source_of(PastVenue(rows=rows))

    found = await source.candles("BTCUSDT", M5, JULY_MS, JULY_MS + 50 * M5.milliseconds)

    assert same(found, candles(50, without=(7,)))
    assert rejected.counts["candle"] == 1


async def test_rows_in_any_order_and_told_twice_are_put_in_order() -> None:
    rows = rows_of(candles(50))

    assert same(await fetched(PastVenue(rows=[*rows[::-1], rows[3]]), 50), candles(50))


async def test_trouble_that_passes_is_waited_for_and_trouble_that_stays_is_told() -> None:
    past = PastVenue(rows=rows_of(candles(50)))
    past.failures = [ccxt.NetworkError("gone"), ccxt.ExchangeNotAvailable("away")]
    assert len(await fetched(past, 50)) == 50

    past.failures = [ccxt.NetworkError("gone")] * 3
    with pytest.raises(TemporaryVenueError, match="fetch BTCUSDT 5m candles: NetworkError: gone"):
        await fetched(past, 50)
    assert len(past.asked) == 3 + 3


async def test_funding_is_read_page_by_page_and_put_on_whole_minutes() -> None:
    payments = [
        {"timestamp": JULY_MS + number * HOUR_MS + number % 9, "fundingRate": number / 1e6}
        for number in range(2500)
    ]
    past = PastVenue(payments=payments)
    source, rejected = source_of(past)

    found = await source.funding("BTCUSDT", JULY_MS, JULY_MS + 2499 * HOUR_MS + 10)

    assert [one.at_ms for one in found] == [JULY_MS + n * HOUR_MS for n in range(2500)]
    assert np.allclose([one.rate for one in found], np.arange(2500) / 1e6)
    assert len(past.asked) == 3
    assert not rejected.counts


async def test_a_senseless_payment_is_left_out_and_counted() -> None:
    past = PastVenue(
        payments=[
            {"timestamp": JULY_MS, "fundingRate": None},
            {"timestamp": None, "fundingRate": 0.0},
            {"timestamp": JULY_MS + HOUR_MS, "fundingRate": 7.0},
            {"timestamp": JULY_MS + 2 * HOUR_MS, "fundingRate": -0.001},
        ]
    )
    source, rejected = source_of(past)

    (found,) = await source.funding("BTCUSDT", JULY_MS, JULY_MS + 2 * HOUR_MS)

    assert found.rate == -0.001
    assert rejected.counts["settled funding"] == 3


async def test_funding_in_short_pages_is_read_to_the_end() -> None:
    payments = [
        {"timestamp": JULY_MS + number * HOUR_MS, "fundingRate": 1e-4} for number in range(250)
    ]
    past = PastVenue(payments=payments, rows_of_funding=100)
    source, _ = source_of(past)

    found = await source.funding("BTCUSDT", JULY_MS, JULY_MS + 300 * HOUR_MS)

    assert [one.at_ms for one in found] == [one["timestamp"] for one in payments]
    assert len(past.asked) == 4


async def test_a_venue_that_repeats_its_page_of_funding_is_not_asked_for_ever() -> None:
    past = PastVenue(payments=[{"timestamp": JULY_MS, "fundingRate": 1e-4}], is_stuck=True)
    source, _ = source_of(past)

    (found,) = await source.funding("BTCUSDT", JULY_MS, JULY_MS + DAY_MS)

    assert found.at_ms == JULY_MS
    assert len(past.asked) == 2


def test_a_venue_that_tells_no_settled_funding_is_not_asked() -> None:
    source, _ = source_of(PastVenue(has={}))

    assert not source.tells_funding
