"""Who may do what: keys, signatures, time windows, permissions and how many orders."""

import time
from typing import Any
from urllib.parse import urlencode

import aiohttp
import ccxt
import pytest

from exchanges.simulator import Market, SimulatedAccount, SimulatorSettings
from exchanges.simulator.trading.signing import signature_of
from tests.contract.simulator.conftest import venue_of
from tests.contract.simulator.trading import BTC, Desk, ccxt_trader


async def test_a_wrong_secret_is_a_wrong_signature(newcomer: Desk) -> None:
    newcomer.client.secret = "another"
    with pytest.raises(ccxt.AuthenticationError, match="-1022"):
        await newcomer.client.fetch_balance()


@pytest.mark.parametrize(("key", "code"), [("nobody's key", -2014), ("nobodys-key", -2015)])
async def test_an_unknown_key_is_refused(newcomer: Desk, key: str, code: int) -> None:
    newcomer.client.apiKey = key
    newcomer.client.options["hasAlreadyAuthenticatedSuccessfully"] = False
    with pytest.raises(ccxt.AuthenticationError, match=str(code)):
        await newcomer.client.fetch_balance()


@pytest.mark.parametrize("off_ms", [-20_000, 3_000])
async def test_a_clock_that_is_off_is_told_so(newcomer: Desk, off_ms: int) -> None:
    difference = newcomer.client.options["timeDifference"]
    newcomer.client.options["timeDifference"] = difference - off_ms
    try:
        with pytest.raises(ccxt.InvalidNonce, match="-1021"):
            await newcomer.client.fetch_balance()
    finally:
        newcomer.client.options["timeDifference"] = difference


async def test_a_request_without_a_time_is_refused(newcomer: Desk) -> None:
    signature = signature_of("", newcomer.account.secret)
    answer = await sent(newcomer, "/fapi/v3/account", f"signature={signature}")

    assert answer == {
        "code": -1102,
        "msg": "Mandatory parameter 'timestamp' was not sent, was empty/null, or malformed.",
    }


async def test_a_signature_may_stand_in_the_query_of_a_post(newcomer: Desk) -> None:
    query = urlencode(
        {
            "symbol": "BTCUSDT",
            "marginType": "ISOLATED",
            "timestamp": newcomer.venue.clock.now_ms(),
        }
    )
    query += f"&signature={signature_of(query, newcomer.account.secret)}"

    answer = await sent(newcomer, "/fapi/v1/marginType", query, method="POST")

    assert answer == {"code": 200, "msg": "success"}


async def test_permissions_are_told(newcomer: Desk) -> None:
    told = await newcomer.client.sapiGetAccountApiRestrictions()

    assert told["enableFutures"] is True
    assert told["enableWithdrawals"] is False
    assert told["ipRestrict"] is False


async def test_a_key_without_futures_is_refused_and_says_why_when_asked(market: Market) -> None:
    reader = SimulatedAccount(
        name="reader",
        api_key="reader",
        secret="of-little-use",
        can_trade=False,
        can_withdraw=True,
        is_bound_to_address=True,
    )
    async with venue_of(market, 1.0, SimulatorSettings(accounts=(reader,))) as venue:
        client = ccxt_trader(venue, reader)
        try:
            await client.load_markets()
            with pytest.raises(ccxt.AuthenticationError, match="-2015"):
                await client.fetch_balance()
            told = await client.sapiGetAccountApiRestrictions()
        finally:
            await client.close()

    assert (told["enableFutures"], told["enableWithdrawals"]) == (False, True)
    assert told["ipRestrict"] is True


async def test_orders_are_counted_and_limited(market: Market) -> None:
    account = SimulatedAccount(name="busy", api_key="busy", secret="as-a-bee", starts_isolated=True)
    settings = SimulatorSettings(accounts=(account,), orders_per_ten_seconds=2)
    async with venue_of(market, 1.0, settings) as venue:
        venue.clock.hold()
        client = ccxt_trader(venue, account)
        try:
            await client.load_markets()
            await client.create_order(BTC, "market", "buy", 0.01)
            await client.create_order(BTC, "market", "buy", 0.01)
            headers = {name.lower(): text for name, text in client.last_response_headers.items()}
            with pytest.raises(ccxt.DDoSProtection, match=r"429 .*-1015"):
                await client.create_order(BTC, "market", "buy", 0.01)
        finally:
            await client.close()

    assert headers["x-mbx-order-count-10s"] == "2"
    assert headers["x-mbx-order-count-1m"] == "2"


async def test_a_fast_venue_counts_the_age_of_a_request_in_wall_time(market: Market) -> None:
    async with venue_of(market, 600.0) as venue, aiohttp.ClientSession() as session:
        query = f"recvWindow=5000&timestamp={venue.clock.now_ms()}"
        began = time.monotonic()
        while time.monotonic() - began < 0.05:
            async with session.get(f"{venue.rest_url}/fapi/v1/time"):
                pass
        query += f"&signature={signature_of(query, 'simulated-secret')}"
        async with session.get(
            f"{venue.rest_url}/fapi/v3/balance?{query}", headers={"X-MBX-APIKEY": "simulated-key"}
        ) as response:
            rows = await response.json()

    assert rows[0]["asset"] == "USDT"


async def sent(desk: Desk, path: str, query: str, method: str = "GET") -> Any:
    async with (
        aiohttp.ClientSession() as session,
        session.request(
            method,
            f"{desk.venue.rest_url}{path}?{query}",
            headers={"X-MBX-APIKEY": desk.account.api_key},
        ) as response,
    ):
        return await response.json()
