"""Odd answers about open positions, and the shapes of other venues, read by the real ccxt."""

from typing import Any

import pytest
from aiohttp import web

from domain.errors import TemporaryVenueError, VenueRefusedError
from exchanges.venues import BINANCE_USDM, venue
from tests.contract.exchanges.scripted_rest import (
    ScriptedFacts,
    binance_listing,
    bybit_list,
    bybit_listing,
    scripted_facts,
)

BTC = "BTCUSDT"
LISTED = {"symbols": [binance_listing(BTC)]}
CROWD, TOP_ACCOUNTS, TOP_POSITIONS = (
    "globalLongShortAccountRatio",
    "topLongShortAccountRatio",
    "topLongShortPositionRatio",
)
ENDED = 1_583_139_600_000
NEXT_ENDED = ENDED + 300_000


def share(long: Any, at_ms: Any = NEXT_ENDED) -> dict[str, Any]:
    return {"symbol": BTC, "longShortRatio": "1", "longAccount": long, "timestamp": at_ms}


async def test_open_interest_is_read_from_text() -> None:
    row = {"openInterest": "10659.509", "symbol": BTC, "time": 1589437530011}
    async with scripted_facts(BINANCE_USDM, exchangeInfo=LISTED, openInterest=row) as bench:
        told = await bench.derivatives.fetch_open_interest(BTC)

        assert told is not None
        assert (told.quantity, told.exchange_ms) == (10659.509, 1589437530011)
        assert told.period_ms == 0
        assert bench.venue.queries("openInterest") == [{"symbol": BTC}]


@pytest.mark.parametrize(
    "row",
    [
        {},
        {"openInterest": None, "time": 1589437530011},
        {"openInterest": "-5", "time": 1589437530011},
        {"openInterest": "lots", "time": 1589437530011},
        {"openInterest": "5", "time": None},
        {"openInterest": "5", "time": 0},
    ],
    ids=["empty", "null", "negative", "text", "no time", "no time yet"],
)
async def test_odd_open_interest_is_left_out_and_counted(row: Any) -> None:
    async with scripted_facts(BINANCE_USDM, exchangeInfo=LISTED, openInterest=row) as bench:
        assert await bench.derivatives.fetch_open_interest(BTC) is None
        assert bench.rejected.counts == {"open interest": 1}


async def positioning(
    crowd: Any, top_accounts: Any = (), top_positions: Any = ()
) -> tuple[Any, ScriptedFacts]:
    answers = {
        CROWD: crowd,
        TOP_ACCOUNTS: list(top_accounts),
        TOP_POSITIONS: list(top_positions),
    }
    async with scripted_facts(BINANCE_USDM, exchangeInfo=LISTED, **answers) as bench:
        return await bench.derivatives.fetch_positioning(BTC), bench


async def test_the_newest_rows_of_five_minutes_are_asked_for() -> None:
    older = share("0.1", ENDED)

    told, bench = await positioning(
        [older, share("0.6622")], [older, share("0.5", str(NEXT_ENDED))], [share("0.4"), older]
    )

    assert told.exchange_ms == NEXT_ENDED
    assert told.crowd_long_share == 0.6622
    assert (told.top_accounts_long_share, told.top_positions_long_share) == (0.5, 0.4)
    for path in (CROWD, TOP_ACCOUNTS, TOP_POSITIONS):
        assert bench.venue.queries(path) == [{"symbol": BTC, "period": "5m", "limit": "2"}]


async def test_shares_of_different_periods_are_not_mixed() -> None:
    told, _ = await positioning(
        [share("0.6", ENDED), share("0.7")], [share("0.5", ENDED)], [share("0.4", ENDED)]
    )

    assert (told.exchange_ms, told.crowd_long_share) == (ENDED, 0.6)


async def test_odd_rows_are_left_out_and_the_others_kept() -> None:
    odd = [share("1.5"), share("nan"), share(None), share("0.5", "soon"), "row", None, 7, {}]

    told, bench = await positioning([*odd, share("0.7")], odd)

    assert told.crowd_long_share == 0.7
    assert told.top_accounts_long_share is None
    assert bench.rejected.counts == {"long share": 2 * len(odd)}


async def test_a_pair_without_rows_has_no_positioning() -> None:
    told, bench = await positioning([])

    assert told is None
    assert not bench.rejected.counts


@pytest.mark.parametrize("rows", [{}, "rows", None, 7])
async def test_an_answer_without_rows_cannot_be_read(rows: Any) -> None:
    with pytest.raises(TemporaryVenueError, match="cannot be read"):
        await positioning(rows)


async def test_a_pair_that_the_venue_does_not_know_any_more_is_refused() -> None:
    gone = {"code": -1121, "msg": "Invalid symbol."}
    answers = {"openInterest": gone, CROWD: gone}
    async with scripted_facts(BINANCE_USDM, exchangeInfo=LISTED, **answers) as bench:
        with pytest.raises(VenueRefusedError):
            await bench.derivatives.fetch_open_interest(BTC)
        with pytest.raises(VenueRefusedError):
            await bench.derivatives.fetch_positioning(BTC)


def bybit_listings(request: web.Request) -> dict[str, Any]:
    is_linear = request.query.get("category") == "linear"
    return bybit_list(*[bybit_listing(BTC)] * is_linear)


async def test_a_venue_known_only_through_ccxt_tells_open_interest_and_the_crowd() -> None:
    answers = {
        "instruments_info": bybit_listings,
        "open_interest": bybit_list({"openInterest": "52000.5", "timestamp": str(ENDED)}),
        "account_ratio": bybit_list(
            {"symbol": BTC, "buyRatio": "0.6", "sellRatio": "0.4", "timestamp": str(NEXT_ENDED)},
            {"symbol": BTC, "buyRatio": "0.5", "sellRatio": "0.5", "timestamp": str(ENDED)},
        ),
    }
    async with scripted_facts(venue("bybit"), **answers) as bench:
        interest = await bench.derivatives.fetch_open_interest(BTC)
        told = await bench.derivatives.fetch_positioning(BTC)

        assert interest is not None
        assert (interest.quantity, interest.exchange_ms) == (52000.5, ENDED)
        assert interest.period_ms == 300_000
        assert bench.venue.queries("open-interest")[0]["intervalTime"] == "5min"
        assert bench.venue.queries("account-ratio")[0]["period"] == "5min"
        assert told is not None
        assert told.exchange_ms == NEXT_ENDED
        assert told.crowd_long_share == pytest.approx(0.6)
        assert told.top_accounts_long_share is told.top_positions_long_share is None
        assert bench.derivatives.positioning_room(1_000) == 1_000


@pytest.mark.parametrize("exchange_id", ["bitget", "kraken"])
async def test_a_venue_whose_ratios_are_not_trusted_or_missing_tells_no_positioning(
    exchange_id: str,
) -> None:
    async with scripted_facts(venue(exchange_id)) as bench:
        assert await bench.derivatives.fetch_positioning(BTC) is None
        assert not bench.venue.asked


async def test_a_venue_without_open_interest_tells_none() -> None:
    async with scripted_facts(venue("kraken")) as bench:
        assert await bench.derivatives.fetch_open_interest(BTC) is None
        assert not bench.venue.asked
