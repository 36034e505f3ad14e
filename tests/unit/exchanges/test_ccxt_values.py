"""ccxt's dictionaries as values, sensible and not."""

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from domain.errors import InvalidDataError
from exchanges.ccxt_values import (
    funding_of,
    instrument_of,
    open_interest_of,
    perpetual_names,
    symbol_of,
    ticker_of,
)
from exchanges.venues import is_binance_crypto_perpetual, is_linear_perpetual


def market(**changes: Any) -> dict[str, Any]:
    listed = {
        "id": "BTCUSDT",
        "symbol": "BTC/USDT:USDT",
        "base": "BTC",
        "quote": "USDT",
        "settle": "USDT",
        "swap": True,
        "linear": True,
        "active": True,
        "contractSize": 1.0,
        "created": 1569398400000,
        "precision": {"price": 0.1, "amount": 0.001},
        "limits": {
            "amount": {"min": 0.001, "max": 1000.0},
            "market": {"min": 0.001, "max": 120.0},
            "cost": {"min": 100.0},
        },
        "info": {"contractType": "PERPETUAL", "underlyingType": "COIN"},
    }
    return listed | changes


def test_an_instrument_carries_the_venues_filters_exactly() -> None:
    instrument = instrument_of(market())

    assert (instrument.tick, instrument.step) == (Decimal("0.1"), Decimal("0.001"))
    assert instrument.minimum_notional == Decimal(100)
    assert instrument.minimum_quantity == Decimal("0.001")
    assert instrument.maximum_quantity == Decimal(120)
    assert instrument.listed_at == datetime(2019, 9, 25, 8, tzinfo=UTC)


def test_whole_ticks_print_without_a_fraction() -> None:
    instrument = instrument_of(market(precision={"price": 1.0, "amount": 10.0}))

    assert str(instrument.price(123.4)) == "123"
    assert str(instrument.quantity(Decimal("57.5"))) == "50"


def test_contracts_become_base_units() -> None:
    limits = {"amount": {"min": 1.0, "max": 500.0}, "cost": {"min": None}}
    listed = market(contractSize=0.01, precision={"price": 0.1, "amount": 1.0}, limits=limits)

    instrument = instrument_of(listed)

    assert instrument.step == Decimal("0.01")
    assert instrument.maximum_quantity == Decimal(5)
    assert instrument.minimum_notional == 0


@pytest.mark.parametrize(
    "changes",
    [
        {"precision": {"price": None, "amount": 0.001}},
        {"precision": {"price": 0.1, "amount": 0.0}},
        {"precision": {"price": float("inf"), "amount": 0.001}},
        {"limits": {"amount": {"min": 5.0, "max": 1.0}, "cost": {"min": 5.0}}},
    ],
)
def test_filters_that_make_no_sense_are_refused(changes: dict[str, Any]) -> None:
    with pytest.raises(InvalidDataError):
        instrument_of(market(**changes))


@pytest.mark.parametrize(
    ("changes", "symbol"),
    [({}, "BTCUSDT"), ({"id": "BTC-USDT-SWAP"}, "BTCUSDT"), ({"id": "0"}, "BTCUSDT")],
)
def test_a_symbol_is_a_plain_name(changes: dict[str, Any], symbol: str) -> None:
    assert symbol_of(market(**changes)) == symbol


@pytest.mark.parametrize(
    "changes",
    [
        {"active": False},
        {"quote": "USDC", "settle": "USDC"},
        {"swap": False},
        {"linear": False},
        {"id": "币安人生USDT"},
    ],
)
def test_only_active_linear_perpetuals_with_ascii_names_are_tradable(
    changes: dict[str, Any],
) -> None:
    assert is_linear_perpetual(market())
    assert not is_linear_perpetual(market(**changes))


@pytest.mark.parametrize(
    "info",
    [
        {"contractType": "TRADIFI_PERPETUAL", "underlyingType": "COMMODITY"},
        {"contractType": "CURRENT_QUARTER", "underlyingType": "COIN"},
        {"contractType": "PERPETUAL", "underlyingType": "EQUITY"},
    ],
)
def test_metals_equities_and_delivery_contracts_are_not_tradable(info: dict[str, str]) -> None:
    assert is_binance_crypto_perpetual(market())
    assert not is_binance_crypto_perpetual(market(info=info))


def test_names_cover_every_linear_perpetual() -> None:
    markets = {
        "BTC/USDT:USDT": market(active=False),
        "BTC/USDT": market(swap=False),
        "BTC/USD:BTC": market(id="BTCUSD_PERP", linear=False),
    }

    assert perpetual_names(markets) == {"BTCUSDT": "BTC/USDT:USDT"}


TICKER = {"last": 100.0, "quoteVolume": 5e6, "percentage": -1.5}


def test_a_ticker_takes_bid_and_ask_from_the_book() -> None:
    ticker = ticker_of("BTCUSDT", TICKER, {"bid": 99.9, "ask": 100.1})

    assert (ticker.last, ticker.bid, ticker.ask) == (100.0, 99.9, 100.1)
    assert (ticker.quote_volume_24h, ticker.change_24h_percent) == (5e6, -1.5)


@pytest.mark.parametrize(
    "book", [{"bid": None, "ask": 100.1}, {"bid": 0.0, "ask": 1.0}, {"bid": 2.0, "ask": 1.0}]
)
def test_a_ticker_without_a_sane_book_is_refused(book: dict[str, float | None]) -> None:
    with pytest.raises(InvalidDataError):
        ticker_of("BTCUSDT", TICKER, book)


def test_funding_needs_a_rate_and_a_time() -> None:
    funding = funding_of({"fundingRate": 0.0001, "fundingTimestamp": 1788278400000})

    assert funding.rate == 0.0001
    assert funding.next_at == datetime(2026, 9, 1, 16, tzinfo=UTC)
    with pytest.raises(InvalidDataError):
        funding_of({"fundingRate": 0.0001, "fundingTimestamp": None})
    with pytest.raises(InvalidDataError):
        funding_of({"fundingRate": None, "fundingTimestamp": 1788278400000})


def test_open_interest_counts_base_units() -> None:
    told = open_interest_of({"openInterestAmount": 250.0, "timestamp": 1788278400000}, 0.01)
    plain = open_interest_of({"openInterestAmount": 250.0, "timestamp": 1788278400000}, None)

    assert (told.quantity, told.exchange_ms) == (2.5, 1788278400000)
    assert plain.quantity == 250.0


@pytest.mark.parametrize(
    "row",
    [
        {"openInterestAmount": None, "timestamp": 1},
        {"openInterestAmount": -1.0, "timestamp": 1},
        {"openInterestAmount": float("nan"), "timestamp": 1},
        {"openInterestAmount": 1.0, "timestamp": None},
        {"openInterestAmount": 1.0, "timestamp": 0},
    ],
)
def test_open_interest_that_makes_no_sense_is_refused(row: dict[str, Any]) -> None:
    with pytest.raises(InvalidDataError):
        open_interest_of(row, 1.0)
