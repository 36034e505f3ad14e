"""Which coin a ticker means, and how many of it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.assets import STABLECOINS, canonical_asset, units_of

tickers = st.text("ABCKMPTUWX019.e ", max_size=12)


@pytest.mark.parametrize(
    ("ticker", "asset", "units"),
    [
        ("BTC", "BTC", 1),
        (" wbtc ", "BTC", 1),
        ("cbBTC", "BTC", 1),
        ("XBT", "BTC", 1),
        ("wstETH", "ETH", 1),
        ("WETH.e", "ETH", 1),
        ("USDC.e", "USDC", 1),
        ("USDbC", "USDC", 1),
        ("MATIC", "POL", 1),
        ("jitoSOL", "SOL", 1),
        ("1000PEPE", "PEPE", 1_000),
        ("10000LADYS", "LADYS", 10_000),
        ("1000000MOG", "MOG", 1_000_000),
        ("1MBABYDOGE", "BABYDOGE", 1_000_000),
        ("1000wbtc", "BTC", 1_000),
        ("1INCH", "1INCH", 1),
        ("100XYZ", "100XYZ", 1),
        ("1000", "1000", 1),
        ("", "", 1),
    ],
)
def test_ticker_means_a_coin_and_a_number_of_it(ticker: str, asset: str, units: int) -> None:
    assert (canonical_asset(ticker), units_of(ticker)) == (asset, units)


@pytest.mark.parametrize("ticker", ["1MBL", "1MIL"])
def test_coin_that_begins_with_one_m_and_is_short_is_no_multiple(ticker: str) -> None:
    assert (canonical_asset(ticker), units_of(ticker)) == (ticker, 1)


@given(ticker=tickers)
def test_spelling_of_a_ticker_makes_no_difference(ticker: str) -> None:
    assert canonical_asset(f" {ticker.lower()} ") == canonical_asset(ticker)
    assert units_of(f" {ticker.lower()} ") == units_of(ticker) >= 1


@given(ticker=st.from_regex(r"[A-Z]{2,8}", fullmatch=True), zeros=st.integers(3, 6))
def test_multiple_of_a_coin_is_that_coin(ticker: str, zeros: int) -> None:
    multiple = f"1{'0' * zeros}{ticker}"
    assert canonical_asset(multiple) == canonical_asset(ticker)
    assert units_of(multiple) == 10**zeros


def test_stablecoins_go_by_their_own_names() -> None:
    assert {canonical_asset(coin) for coin in STABLECOINS} == STABLECOINS
