"""Clients go where they are told and know their exchange."""

import pytest

from domain.errors import ConfigurationError
from exchanges.ccxt_client import open_client, redirected
from exchanges.rejected_rows import RejectedRows
from exchanges.venues import venue
from exchanges.weight import WeightBudget
from tests.unit.exchanges.fakes import ManualClock

BUDGET = WeightBudget(ManualClock())


def test_every_address_moves_to_the_given_hosts_and_keeps_its_path() -> None:
    addresses = {
        "fapiPublic": "https://fapi.binance.com/fapi/v1",
        "fapiData": "https://fapi.binance.com/futures/data",
        "ws": {
            "linear": "wss://fstream.binance.com/ws",
            "ws-api": {"linear": "wss://ws-fapi.binance.com/ws-fapi/v1"},
        },
    }

    assert redirected(addresses, "http://127.0.0.1:1/", "ws://127.0.0.1:2") == {
        "fapiPublic": "http://127.0.0.1:1/fapi/v1",
        "fapiData": "http://127.0.0.1:1/futures/data",
        "ws": {
            "linear": "ws://127.0.0.1:2/ws",
            "ws-api": {"linear": "ws://127.0.0.1:2/ws-fapi/v1"},
        },
    }


def test_without_urls_the_addresses_stay() -> None:
    assert redirected({"public": "https://a/b"}, None, None) == {"public": "https://a/b"}


@pytest.mark.parametrize("exchange_id", ["binanceusdm", "bybit"])
def test_no_address_of_a_redirected_client_points_to_the_venue(exchange_id: str) -> None:
    client = open_client(
        venue(exchange_id),
        BUDGET,
        RejectedRows(),
        rest_url="http://127.0.0.1:1",
        ws_url="ws://127.0.0.1:1",
        streaming=True,
    )

    def hosts(branch: object) -> set[str]:
        if isinstance(branch, dict):
            return {host for leaf in branch.values() for host in hosts(leaf)}
        return {str(branch).split("/")[2]}

    assert hosts(client.urls["api"]) == {"127.0.0.1:1"}


def test_futures_error_codes_keep_their_class_on_another_host() -> None:
    import ccxt

    client = open_client(
        venue("binanceusdm"), BUDGET, RejectedRows(), rest_url="http://127.0.0.1:1"
    )

    with pytest.raises(ccxt.OperationFailed):
        client.handle_errors(
            400,
            "Bad Request",
            "http://127.0.0.1:1/fapi/v1/klines",
            "GET",
            {},
            '{"code":-1008,"msg":"Server is currently overloaded"}',
            {"code": -1008, "msg": "Server is currently overloaded"},
            {},
            None,
        )


@pytest.mark.parametrize(
    ("api", "path", "query", "weight"),
    [
        ("fapiData", "globalLongShortAccountRatio", {"symbol": "BTCUSDT"}, 0),
        ("fapiPublic", "openInterest", {"symbol": "BTCUSDT"}, 1),
        ("fapiPublic", "premiumIndex", {"symbol": "BTCUSDT"}, 1),
        ("fapiPublic", "premiumIndex", {}, 10),
        ("fapiPublic", "ticker/24hr", {}, 40),
    ],
)
def test_a_request_is_charged_what_the_venue_documents(
    api: str, path: str, query: dict[str, str], weight: int
) -> None:
    client = open_client(venue("binanceusdm"), BUDGET, RejectedRows())

    config = {"cost": 1, "noSymbol": 40}
    assert client.calculate_rate_limiter_cost([api], "GET", path, query, config) == weight


def test_an_unknown_exchange_is_named_with_its_neighbours() -> None:
    with pytest.raises(ConfigurationError, match="binanceusdm"):
        open_client(venue("binanceusd"), BUDGET, RejectedRows())
